package diagnose

import (
	"fmt"
	"strings"

	"mailprobe/internal/finding"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// certFindings judges the certificate that the server showed, each cause by
// itself.
func certFindings(r *probe.Result, _ Context) []finding.Finding {
	if r.TLS == nil {
		return nil
	}
	var all []finding.Finding
	for _, c := range r.TLS.Causes {
		all = append(all, certFinding(certCase{r, r.TLS, c}))
	}
	return all
}

// A certCase is one cause with what stands around it.
type certCase struct {
	result *probe.Result
	state  *tlscheck.State
	cause  tlscheck.Cause
}

func (c certCase) at() string { return c.result.Endpoint.Address() }

// A certRule says what a cause weighs, who must act, and in which words. A
// cause for which a verifying client refuses is an error, whatever stands
// here.
type certRule struct {
	code     string
	severity finding.Severity
	blame    finding.Blame
	say      func(certCase) words
}

// words is what a finding says. blame is set where it depends on the case.
type words struct {
	message, remedy string
	blame           finding.Blame
}

// always is for causes that need one sentence with host and port in it.
func always(message, remedy string) func(certCase) words {
	return func(c certCase) words { return words{message: fmt.Sprintf(message, c.at()), remedy: remedy} }
}

// detailed is for causes whose sentence ends with their detail.
func detailed(message, remedy string) func(certCase) words {
	return func(c certCase) words {
		return words{message: fmt.Sprintf(message, c.at(), quoted(c.cause.Detail)), remedy: remedy}
	}
}

var certRules = map[tlscheck.Kind]certRule{
	tlscheck.NameMismatch:     {"cert.name_mismatch", finding.Error, finding.Provider, sayNameMismatch},
	tlscheck.NoSAN:            {"cert.no_san", finding.Error, finding.Provider, sayNoSAN},
	tlscheck.Expired:          {"cert.expired", finding.Error, finding.Provider, sayExpired},
	tlscheck.NotYetValid:      {"cert.not_yet_valid", finding.Error, finding.LocalMachine, sayNotYetValid},
	tlscheck.ExpiresSoon:      {"cert.expires_soon", finding.Warning, finding.Provider, sayExpiresSoon},
	tlscheck.ChainCertExpired: {"cert.chain_cert_expired", finding.Warning, finding.Provider, sayChainCertExpired},

	tlscheck.SelfSigned:          {"cert.self_signed", finding.Error, finding.Provider, saySelfSigned},
	tlscheck.UnknownCA:           {"cert.unknown_ca", finding.Error, finding.Provider, sayUnknownCA},
	tlscheck.MissingIntermediate: {"cert.missing_intermediate", finding.Error, finding.Provider, sayMissingIntermediate},
	tlscheck.Intercepted:         {"cert.intercepted", finding.Warning, finding.LocalMachine, sayIntercepted},
	tlscheck.PrivateCALocally:    {"cert.private_ca_trusted_locally", finding.Info, "", sayPrivateCA},
	tlscheck.StoreOutdated:       {"env.roots_outdated", finding.Error, finding.LocalMachine, sayStoreOutdated},
	tlscheck.NoSystemRoots:       {"env.no_system_roots", finding.Warning, finding.LocalMachine, sayNoSystemRoots},
	tlscheck.DistrustedByMozilla: {"cert.distrusted_by_mozilla", finding.Warning, finding.Provider, sayDistrusted},
	tlscheck.Invalid:             {"cert.invalid", finding.Error, finding.Provider, sayInvalid},

	tlscheck.EKU: {"cert.eku", finding.Error, finding.Provider, detailed("The certificate of %s is not meant for servers, but for %s. Every mail program refuses it.",
		"The provider must install a certificate that allows server authentication.")},
	tlscheck.NameConstraint: {"cert.name_constraint", finding.Error, finding.Provider, always("The authority that issued the certificate of %s may not issue for this name. Every mail program refuses it.",
		"The provider must have the certificate issued by an authority that may.")},
	tlscheck.PathLen: {"cert.path_len", finding.Error, finding.Provider, detailed("The certificate chain of %s is longer than %s in it allows. Every mail program refuses it.",
		"The provider must install the chain that belongs to the certificate.")},
	tlscheck.NotACA: {"cert.not_a_ca", finding.Error, finding.Provider, detailed("The certificate chain of %s leads through %s, which may not issue certificates. Every mail program refuses it.",
		"The provider must install the chain that belongs to the certificate.")},
	tlscheck.Policy: {"cert.policy", finding.Error, finding.Provider, always("The policies in the certificate chain of %s contradict each other. Current mail programs refuse it.",
		"The provider must install another certificate.")},
	tlscheck.UnhandledCritical: {"cert.unhandled_critical", finding.Error, finding.Provider, detailed("The certificate chain of %s holds a demand (extension %s) that programs do not know and must not ignore.",
		"The provider must install a certificate without it.")},

	tlscheck.KeyWeak: {"cert.key_weak", finding.Warning, finding.Provider, sayKeyWeak},
	tlscheck.SigWeak: {"cert.sig_weak", finding.Error, finding.Provider, detailed("The certificate chain of %s is signed by a broken method, %s. Current mail programs refuse it.",
		"The provider must install a certificate signed with SHA-256.")},
	tlscheck.LifetimeTooLong: {"cert.lifetime_too_long", finding.Warning, finding.Provider, sayLifetime},
	tlscheck.MustStapleMissing: {"cert.must_staple_missing", finding.Error, finding.Provider, always("The certificate of %s demands that the server attach a proof that it is not revoked (an OCSP staple); a usable one is not attached. Thunderbird and other strict programs refuse it.",
		"The provider must switch on OCSP stapling, or install a certificate without the demand.")},
	tlscheck.OCSPRevoked: {"cert.ocsp_revoked", finding.Error, finding.Provider, sayRevoked},
	tlscheck.OCSPStale:   {"cert.ocsp_stale", finding.Warning, finding.Provider, sayStale},
	tlscheck.ChainOrder: {"cert.chain_order", finding.Info, "", always("%s sends its certificates in the wrong order. Mail programs cope; some devices do not.",
		"The provider may put them in order: the server's own first, then each one's issuer.")},
	tlscheck.ChainExtra:     {"cert.chain_extra", finding.Info, "", always("%s sends certificates that do not belong to its chain; they only cost bytes.", "")},
	tlscheck.ChainDuplicate: {"cert.chain_duplicate", finding.Info, "", always("%s sends a certificate twice; it only costs bytes.", "")},
	tlscheck.RootSent:       {"cert.root_sent", finding.Info, "", detailed("%s sends the root certificate %s along; clients have their own copy, so it only costs bytes.", "")},
}

func certFinding(c certCase) finding.Finding {
	rule, ok := certRules[c.cause.Kind]
	if !ok {
		rule = certRules[tlscheck.Invalid]
		rule.code = "cert." + string(c.cause.Kind)
	}
	w := rule.say(c)
	f := finding.Finding{
		Code: rule.code, Severity: rule.severity, Blame: rule.blame, Phase: securePhase(c.result),
		Message: w.message, Remedy: w.remedy, Evidence: finding.Saw(certEvidence(c.cause)),
	}
	if c.cause.Fatal {
		f.Severity = finding.Error
	}
	if w.blame != "" {
		f.Blame = w.blame
	}
	return f
}

// securePhase is the phase to which a fault of the encrypted connection
// belongs.
func securePhase(r *probe.Result) string {
	if r.Endpoint.Security == settings.StartTLS {
		return probe.StartTLS
	}
	return probe.TLS
}

// certEvidence names the certificate concerned.
func certEvidence(c tlscheck.Cause) string {
	if c.Cert == nil {
		return c.Detail
	}
	return fmt.Sprintf("subject %s, issuer %s, valid from %s to %s", c.Cert.Subject, c.Cert.Issuer,
		c.Cert.NotBefore.UTC().Format("2006-01-02 15:04"), c.Cert.NotAfter.UTC().Format("2006-01-02 15:04 MST"))
}

// quoted marks what stems from the peer. Unprintable characters become
// escapes.
func quoted(s string) string { return fmt.Sprintf("%q", s) }

// some lists the first names, each quoted, and counts the rest.
func some(names []string) string {
	const shown = 3
	var list []string
	for _, n := range names[:min(len(names), shown)] {
		list = append(list, quoted(n))
	}
	if rest := len(names) - shown; rest > 0 {
		list = append(list, fmt.Sprintf("%d more", rest))
	}
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}
