package diagnose

import (
	"mailprobe/internal/finding"
	"mailprobe/internal/tlscheck"
)

// A certRule is what a cause means. One for which a verifying client refuses
// is an error, whatever stands here.
type certRule struct {
	code  string
	mild  finding.Severity // where no client refuses for it; empty: as the code's page says
	words words
	say   func(certCase, *words) // words it anew where that depends on the case; nil: it never does
}

// always is for causes that need one sentence.
func always(message, remedy finding.Sentence) words { return words{message: message, remedy: remedy} }

var certRules = map[tlscheck.Kind]certRule{
	// The name and the time.
	tlscheck.NameMismatch: {"cert.name_mismatch", "", always(
		"The certificate of {server} is for {names}, not for {host}. Every mail program warns or refuses.",
		"Check the host name against the provider's settings page. If it is right, the provider must add {host} to the certificate."), sayNameMismatch},
	tlscheck.NoSAN: {"cert.no_san", "", always(
		"The certificate of {server} names a host only in the Common Name ({detail}), a place where current mail programs do not look.",
		"The provider must have the certificate issued anew, with {host} among its subject alternative names."), nil},
	tlscheck.WildcardTooBroad: {"cert.wildcard_too_broad", "", always(
		"The certificate of {server} is good for {host} only by {detail}, a name that stands for the hosts of strangers, too.",
		"The provider must have the certificate issued for {host} itself, or for a star below the provider's own domain."), nil},
	tlscheck.Expired: {"cert.expired", "", always(
		"The certificate of {server} expired {days} ago, on {day}. Every mail program warns or refuses.",
		"Check the date of this computer. If it is right, the provider must renew the certificate."), nil},
	tlscheck.NotYetValid: {"cert.not_yet_valid", "", always(
		"By the clock of this computer the certificate of {server} becomes valid only in {days}, on {day}. Mostly the clock is wrong.",
		"Set date, time and time zone of this computer. If they are right, the provider must install a certificate that is valid already."), nil},
	tlscheck.ExpiresSoon: {"cert.expires_soon", "", always(
		"The certificate of {server} expires in {days}, on {day}. From then on every mail program warns or refuses.",
		"The provider should renew it now; by its lifetime the renewal is overdue."), nil},
	tlscheck.ChainCertExpired: {"cert.chain_cert_expired", finding.Warning, always("",
		"The provider must install the current intermediate certificate."), sayChainCertExpired},

	// The authority.
	tlscheck.SelfSigned: {"cert.self_signed", "", always(
		"The certificate of {server} is self-signed: no authority vouches for it. Every mail program warns or refuses.",
		"The provider must install a certificate from a public authority. Do not switch verification off."), nil},
	tlscheck.UnknownCA: {"cert.unknown_ca", "", always(
		"The certificate of {server} was issued by {detail}, an authority that is not publicly trusted. Every mail program warns or refuses.",
		"The provider must install a certificate from a public authority, or tell its users how to install its own."), sayUnknownCA},
	tlscheck.MissingIntermediate: {"cert.missing_intermediate", "", always(
		"{server} does not send the intermediate certificate {detail}. Mail programs that do not fetch it themselves refuse: most of those on phones, Thunderbird and Java.",
		"The provider must install the whole chain (often a file called fullchain)."), sayMissingIntermediate},
	tlscheck.Intercepted: {"cert.intercepted", finding.Warning, always(
		"{product} on this computer replaces the certificate of {server} and so can read the mail.",
		"In {product} exempt the mail server, or switch off the inspection of encrypted mail."), sayIntercepted},
	tlscheck.PrivateCALocally: {"cert.private_ca_trusted_locally", "", always(
		"The certificate of {server} leads to {detail}, which this computer trusts and the public does not. Elsewhere mail programs refuse it.", ""), nil},
	tlscheck.StoreOutdated: {"env.roots_outdated", "", always(
		"This computer does not know the authority of {server} ({detail}), although Mozilla's programs trust it. Its list of authorities is old or incomplete.",
		"Update this computer, or its package of root certificates (often called ca-certificates). The server is in order."), nil},
	tlscheck.NoSystemRoots: {"env.no_system_roots", "", always(
		"This computer has no list of trusted authorities, as is usual in bare containers; {server} was checked against Mozilla's list instead.",
		"Install the package of root certificates (often called ca-certificates)."), sayNoSystemRoots},
	tlscheck.DistrustedByMozilla: {"cert.distrusted_by_mozilla", "", always(
		"Mozilla no longer trusts new certificates of {detail}, which issued that of {server}. Thunderbird refuses it; other programs follow.",
		"The provider should change to another authority."), nil},
	tlscheck.Invalid: {"cert.invalid", "", always(
		"The certificate of {server} cannot be verified: {detail}.", "Show this report to the provider."), nil},

	// What it may be used for.
	tlscheck.EKU: {"cert.eku", "", always(
		"The certificate of {server} is not meant for servers, but for {detail}.",
		"The provider must install a certificate that allows server authentication."), sayEKU},
	tlscheck.NoEKU: {"cert.no_eku", "", always(
		"The certificate of {server} does not say that it is meant for servers (it has no extended key usage).",
		"The provider should have the certificate issued anew, for server authentication."), nil},
	tlscheck.KeyUsage: {"cert.key_usage", "", always(
		"The key in the certificate of {server} is not meant for servers: its key usage allows {key}.",
		"The provider must have the certificate issued anew, with the key usage digitalSignature (and keyEncipherment for an RSA key)."), nil},
	tlscheck.KeyUsageExchange: {"cert.key_usage_exchange", "", always(
		"The key in the certificate of {server} is not meant for what the server uses it for: its key usage allows {key}, and the key exchange of this connection needs {needed}.",
		"The provider must have the certificate issued anew, with {needed} in the key usage."), nil},
	tlscheck.CALeaf: {"cert.ca_leaf", "", always(
		"The certificate of {server} is that of an authority: whoever holds its key can issue certificates for other hosts.",
		"The provider should install a certificate for the server alone (without CA:TRUE in its basic constraints)."), nil},
	tlscheck.IssuerMismatch: {"cert.issuer_mismatch", "", always(
		"A certificate in the chain of {server} names another issuer than {detail}, whose key has signed it (authority key identifier).",
		"The provider must install the chain that belongs to the certificate. If it does already, the authority must issue the certificate anew."), sayIssuerMismatch},
	tlscheck.NameConstraint: {"cert.name_constraint", "", always(
		"The authority that issued the certificate of {server} may not issue for this name. Every mail program refuses it.",
		"The provider must have the certificate issued by an authority that may."), sayNameConstraint},
	tlscheck.PathLen: {"cert.path_len", "", always(
		"The certificate chain of {server} is longer than {detail} in it allows. Every mail program refuses it.",
		"The provider must install the chain that belongs to the certificate."), nil},
	tlscheck.NotACA: {"cert.not_a_ca", "", always(
		"The certificate chain of {server} leads through {detail}, which may not issue certificates. Every mail program refuses it.",
		"The provider must install the chain that belongs to the certificate."), nil},
	tlscheck.Policy: {"cert.policy", "", always(
		"The policies in the certificate chain of {server} contradict each other. Current mail programs refuse it.",
		"The provider must install another certificate."), nil},
	tlscheck.UnhandledCritical: {"cert.unhandled_critical", "", always(
		"The certificate chain of {server} holds a demand (extension {detail}) that programs do not know and must not ignore.",
		"The provider must install a certificate without it."), nil},

	// Strength and form.
	tlscheck.KeyWeak: {"cert.key_weak", "", always(
		"A certificate of {server} has a weak key ({key}; at least {limit} bits are needed).",
		"The provider should install a certificate with an RSA key of 2048 bits or a P-256 key."), nil},
	tlscheck.KeyUnsupported: {"cert.key_unsupported", "", always(
		"The certificate of {server} has a kind of key ({key}) that many mail programs do not know.",
		"The provider must install a certificate with an RSA key of 2048 bits or a P-256 key."), nil},
	tlscheck.KeyRare: {"cert.key_rare", "", always(
		"A certificate of {server} has a kind of key ({key}) that not every mail program knows. The server may have another one for those.",
		"The provider should make sure that the server has a certificate with an RSA key of 2048 bits or a P-256 key, too."), nil},
	tlscheck.SigWeak: {"cert.sig_weak", "", always(
		"The certificate chain of {server} is signed by a broken method, {detail}. Current mail programs refuse it.",
		"The provider must install a certificate signed with SHA-256."), nil},
	tlscheck.LifetimeTooLong: {"cert.lifetime_too_long", "", always(
		"The certificate of {server} is valid for {lifetime} days; public authorities may issue for {limit}.",
		"The provider should have the certificate issued anew for a shorter time."), sayLifetime},
	tlscheck.MustStapleMissing: {"cert.must_staple_missing", "", always(
		"The certificate of {server} demands that the server attach a proof that it is not revoked (an OCSP staple); a usable one is not attached.",
		"The provider must switch on OCSP stapling, or install a certificate without the demand."), sayMustStaple},
	tlscheck.OCSPRevoked: {"cert.ocsp_revoked", "", always(
		"The authority has revoked the certificate of {server} on {day}, and the server itself attaches the proof. Mail programs that look refuse it.",
		"Do not sign in here. The provider must install a new certificate at once."), nil},
	tlscheck.OCSPStale: {"cert.ocsp_stale", "", always(
		"{server} attaches a proof of validity (an OCSP staple) that ended on {day}. Strict programs such as Thunderbird refuse it.",
		"The provider must repair OCSP stapling."), nil},
	tlscheck.ChainOrder: {"cert.chain_order", "", always(
		"{server} sends its certificates in the wrong order. Mail programs cope; some devices do not.",
		"The provider may put them in order: the server's own first, then each one's issuer."), nil},
	tlscheck.ChainExtra: {"cert.chain_extra", "", always(
		"{server} sends certificates that do not belong to its chain; they only cost bytes.", ""), nil},
	tlscheck.ChainDuplicate: {"cert.chain_duplicate", "", always(
		"{server} sends a certificate twice; it only costs bytes.", ""), nil},
	tlscheck.RootSent: {"cert.root_sent", "", always(
		"{server} sends the root certificate {detail} along; clients have their own copy, so it only costs bytes.", ""), nil},
}
