package tlscheck

import (
	"crypto/x509"
	"time"
)

// A Kind names a cause. It is the part of a finding code behind "cert.".
type Kind string

// The name and the time.
const (
	NameMismatch     Kind = "name_mismatch"      // Names, Nearest
	NoSAN            Kind = "no_san"             // only a Common Name (RFC 9525 §6.3); Names
	WildcardTooBroad Kind = "wildcard_too_broad" // Detail: the name with the star
	Expired          Kind = "expired"            // At, Days since
	NotYetValid      Kind = "not_yet_valid"      // At, Days until
	ExpiresSoon      Kind = "expires_soon"       // At, Days until
	ChainCertExpired Kind = "chain_cert_expired"
)

// The authority.
const (
	SelfSigned          Kind = "self_signed"
	UnknownCA           Kind = "unknown_ca"                 // Detail: the last issuer
	MissingIntermediate Kind = "missing_intermediate"       // Detail: the certificate that is not sent
	PrivateCALocally    Kind = "private_ca_trusted_locally" // Detail: the root that this machine trusts
	Intercepted         Kind = "intercepted"                // Detail: the issuer; Product
	StoreOutdated       Kind = "store_outdated"             // Mozilla knows the authority, this machine does not
	NoSystemRoots       Kind = "no_system_roots"            // this machine has no store
	DistrustedByMozilla Kind = "distrusted_by_mozilla"      // Detail: the root
	Invalid             Kind = "invalid"                    // refused for a reason without a name here; Detail
)

// What a certificate may be used for.
const (
	EKU               Kind = "eku"                // Detail: for what else
	NoEKU             Kind = "no_eku"             // no extended key usage at all
	KeyUsage          Kind = "key_usage"          // no server may use the key; Detail: what it is for
	KeyUsageExchange  Kind = "key_usage_exchange" // the key is not for the exchange that was used; Detail: what it is for; Needed
	CALeaf            Kind = "ca_leaf"            // the server's own certificate is an authority's
	IssuerMismatch    Kind = "issuer_mismatch"    // it names another key or certificate as its issuer's; Detail: the issuer that signed
	NameConstraint    Kind = "name_constraint"
	PathLen           Kind = "path_len"
	NotACA            Kind = "not_a_ca"
	UnhandledCritical Kind = "unhandled_critical"
	Policy            Kind = "policy" // the policies of the chain contradict each other
)

// Strength and form.
const (
	KeyWeak           Kind = "key_weak"        // Detail: algorithm and size
	KeyUnsupported    Kind = "key_unsupported" // Detail: the curve
	KeyRare           Kind = "key_rare"        // Detail: algorithm
	SigWeak           Kind = "sig_weak"        // Detail: algorithm
	LifetimeTooLong   Kind = "lifetime_too_long"
	MustStapleMissing Kind = "must_staple_missing"
	OCSPRevoked       Kind = "ocsp_revoked" // At
	OCSPStale         Kind = "ocsp_stale"   // At: when the stapled answer ended
	ChainOrder        Kind = "chain_order"
	ChainExtra        Kind = "chain_extra"
	RootSent          Kind = "root_sent"
	ChainDuplicate    Kind = "chain_duplicate"
)

// A Cause is one fact about a certificate that a user should know. Its texts
// are the peer's: escape them before output.
type Cause struct {
	Kind   Kind
	Case   string            // which of the kind's cases, as in Practices; empty: it has one
	Fatal  bool              // no credential may be sent; see Practice.Refused
	Cert   *x509.Certificate // the certificate concerned; nil: the chain as a whole
	Detail string            // the number, name or date that matters, in plain words

	Names   []string  // the names that the certificate is good for, at most 200
	Nearest string    // a name in the host's own domain that the certificate is good for; empty: none
	At      time.Time // the moment that matters
	Days    int       // whole days between At and now, or the lifetime in days
	Limit   int       // with LifetimeTooLong: the days allowed; with KeyWeak: the bits needed
	Needed  string    // with KeyUsageExchange: the usage that is missing
	Product string    // with Intercepted: what intercepts
}
