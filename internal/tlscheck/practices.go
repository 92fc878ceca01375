package tlscheck

// The cases of kinds that have several.
const (
	CaseLabel     = "one label"
	CaseSuffix    = "public suffix"
	CaseOtherUse  = "other use"
	CaseAnyUse    = "any use"
	CaseNetscape  = "Netscape's type"
	CaseForeign   = "another trade"
	CaseUnfit     = "unfit"
	CaseEmpty     = "empty"
	CaseSigned    = "signed exchange"
	CaseEncrypted = "RSA key exchange"
	CaseEd25519   = "Ed25519"
	CaseP224      = "P-224 above"
	CaseKeyID     = "key"
	CaseSerial    = "serial"
	CaseSubject   = "subject"
	CaseStrange   = "strange limits"
	CaseSized     = "minimum or maximum"
	CaseOwnName   = "its own name"
	CaseAbove     = "demanded above"
	CaseUnknown   = "unknown"
	CasePolicies  = "policies"
	CasePublic    = "public"
	CasePrivate   = "private"
	CaseNegative  = "negative serial number"
	CaseRawName   = "raw name"
)

// Where the habits stand.
const (
	mozCheck    = "mozilla::pkix, pkixcheck.cpp"
	mozNames    = "mozilla::pkix, pkixnames.cpp"
	mozVerifier = "Mozilla, CertVerifier.cpp"
	appleTLS    = "Apple, support article 103769"
	appleYear   = "Apple, support article 102028"
	appleNames  = "Apple Security, SecPolicyLeafCallbacks.c"
	windowsSSL  = "Microsoft, CERT_CHAIN_POLICY_STATUS"
	mozSerial   = "mozilla::pkix, pkixder.h"
	mozStaple   = "Mozilla, security.ssl.enable_ocsp_must_staple"
)

// Practices is the table of verifiers: what each does about one fault. The
// columns are Families. Where it says Run, a test holds it against the program
// itself, OpenSSL at its security level 2.
var Practices = []Practice{
	// The name and the time.
	{NameMismatch, "", "for another host", [6]Cell{ranRefuses, ranRefuses, refuses(mozNames), refuses(windowsSSL), refuses(appleNames), ranRefuses}, false},
	{NoSAN, "", "names the host only in its Common Name", [6]Cell{ranTakes, ranTakes, refuses(mozNames), unknown, refuses(appleTLS), ranRefuses}, false},
	{WildcardTooBroad, CaseLabel, "a star with one label behind it, `*.example`", [6]Cell{ranRefuses, ranRefuses, refuses(mozNames), unknown, refuses(appleNames), ranTakes}, true},
	{WildcardTooBroad, CaseSuffix, "a star before a public suffix, `*.co.uk`", [6]Cell{ranTakes, ranTakes, takes(mozNames), unknown, refuses(appleNames), ranTakes}, true},
	{Expired, "", "has expired", [6]Cell{ranRefuses, ranRefuses, refuses(mozCheck), refuses(windowsSSL), unknown, ranRefuses}, false},
	{NotYetValid, "", "is not valid yet", [6]Cell{ranRefuses, ranRefuses, refuses(mozCheck), refuses(windowsSSL), unknown, ranRefuses}, false},
	{ChainCertExpired, "", "issued by an authority that has expired", [6]Cell{ranRefuses, ranRefuses, refuses(mozCheck), refuses(windowsSSL), unknown, ranRefuses}, false},

	// The authority.
	{SelfSigned, "", "signed by itself", [6]Cell{ranRefuses, ranRefuses, unknown, refuses(windowsSSL), unknown, ranRefuses}, false},
	{UnknownCA, "", "by an authority that is not trusted", [6]Cell{ranRefuses, ranRefuses, unknown, refuses(windowsSSL), unknown, ranRefuses}, false},
	{MissingIntermediate, "", "sent without the intermediate certificate", [6]Cell{ranRefuses, ranRefuses, unknown, unknown, unknown, ranRefuses}, false},
	{IssuerMismatch, CaseKeyID, "its authority key identifier is not the issuer's", [6]Cell{ranRefuses, ranRefuses, unknown, unknown, unknown, ranTakes}, false},
	{IssuerMismatch, CaseSerial, "its authority key identifier names another serial number or issuer, or is broken", [6]Cell{ranRefuses, ranTakes, unknown, unknown, unknown, ranTakes}, false},
	{IssuerMismatch, CaseOwnName, "names itself as its issuer, and is signed by another", [6]Cell{ranRefuses, ranTakes, unknown, unknown, unknown, ranTakes}, false},

	// What it may be used for.
	{EKU, CaseOtherUse, "extended key usage without server authentication", [6]Cell{ranRefuses, ranRefuses, refuses(mozCheck), refuses(windowsSSL), refuses(appleTLS), ranRefuses}, false},
	{EKU, CaseAnyUse, "extended key usage that allows any use and does not name server authentication", [6]Cell{ranRefuses, ranTakes, refuses(mozCheck), unknown, refuses(appleTLS), ranTakes}, false},
	{EKU, CaseNetscape, "Netscape's certificate type without SSL server", [6]Cell{ranRefuses, ranTakes, unknown, unknown, unknown, ranTakes}, false},
	{EKU, CaseForeign, "marked as a proxy (RFC 3820) or for IP addresses (RFC 3779)", [6]Cell{ranRefuses, ranTakes, unknown, unknown, unknown, ranTakes}, false},
	{NoEKU, "", "no extended key usage, issued since July 2019", [6]Cell{ranTakes, ranTakes, takes(mozCheck), unknown, refuses(appleTLS), ranTakes}, false},
	{KeyUsage, CaseUnfit, "key usage without digitalSignature, keyEncipherment and keyAgreement", [6]Cell{ranRefuses, ranRefuses, refuses(mozCheck), unknown, unknown, ranTakes}, false},
	{KeyUsage, CaseEmpty, "key usage that allows nothing", [6]Cell{ranRefuses, ranTakes, refuses(mozCheck), unknown, unknown, ranTakes}, false},
	{KeyUsageExchange, CaseSigned, "key usage without digitalSignature, in TLS 1.3 or with (EC)DHE", [6]Cell{ranTakes, ranRefuses, unknown, unknown, unknown, ranTakes}, false},
	{KeyUsageExchange, CaseEncrypted, "key usage without keyEncipherment, with RSA key exchange", [6]Cell{ranTakes, ranRefuses, unknown, unknown, unknown, ranTakes}, false},
	{CALeaf, "", "an authority's certificate as the server's own", [6]Cell{ranTakes, ranTakes, refuses(mozCheck), unknown, unknown, ranTakes}, false},
	{NameConstraint, "", "a name outside of its authority's limits", [6]Cell{ranRefuses, ranRefuses, refuses(mozNames), refuses(windowsSSL), unknown, ranRefuses}, false},
	{NameConstraint, CaseSubject, "a subject outside of its authority's limits", [6]Cell{ranRefuses, ranTakes, refuses(mozNames), unknown, unknown, ranTakes}, false},
	{NameConstraint, CaseStrange, "an authority above excludes subjects, or limits kinds of names that no host has", [6]Cell{ranTakes, ranRefuses, unknown, unknown, unknown, ranTakes}, false},
	{NameConstraint, CaseSized, "an authority above has limits on names with a minimum or maximum", [6]Cell{ranRefuses, ranTakes, unknown, unknown, unknown, ranTakes}, false},
	{PathLen, "", "more authorities than one above allows", [6]Cell{ranRefuses, ranRefuses, refuses(mozCheck), refuses(windowsSSL), unknown, ranRefuses}, false},
	{NotACA, "", "issued by a certificate that is no authority's", [6]Cell{ranRefuses, ranRefuses, refuses(mozCheck), refuses(windowsSSL), unknown, ranRefuses}, false},
	{NotACA, CaseEmpty, "issued by an authority whose key usage allows nothing", [6]Cell{ranRefuses, ranRefuses, refuses(mozCheck), unknown, unknown, ranTakes}, false},
	{UnhandledCritical, CaseUnknown, "an unknown critical extension", [6]Cell{ranRefuses, ranRefuses, unknown, unknown, unknown, ranRefuses}, false},
	{UnhandledCritical, CasePolicies, "critical policy mappings or policy constraints", [6]Cell{ranTakes, ranRefuses, unknown, unknown, unknown, ranTakes}, false},

	// Strength and form.
	{KeyWeak, "", "an RSA key of less than 2048 bits, in it or above it", [6]Cell{ranRefuses, ranTakes, takes(mozVerifier), unknown, refuses(appleTLS), ranTakes}, false},
	{KeyUnsupported, "", "a P-224 key", [6]Cell{ranRefuses, ranTakes, refuses(mozCheck), unknown, unknown, ranTakes}, false},
	{KeyRare, CaseP224, "a P-224 key above it", [6]Cell{ranTakes, ranTakes, refuses(mozCheck), unknown, unknown, ranTakes}, false},
	{KeyRare, CaseEd25519, "an Ed25519 key, in it or above it", [6]Cell{ranTakes, ranTakes, refuses(mozCheck), unknown, unknown, ranTakes}, false},
	{SigWeak, "", "signed with SHA-1 or MD5", [6]Cell{ranRefuses, ranRefuses, refuses(mozCheck), unknown, refuses(appleTLS), ranRefuses}, false},
	{LifetimeTooLong, CasePublic, "by a public authority for more than 398 days", [6]Cell{ranTakes, ranTakes, unknown, unknown, refuses(appleYear), ranTakes}, false},
	{LifetimeTooLong, CasePrivate, "by a private authority for more than 825 days, issued since July 2019", [6]Cell{ranTakes, ranTakes, unknown, unknown, refuses(appleTLS), ranTakes}, false},
	{MustStapleMissing, "", "demands a stapled OCSP answer that does not come", [6]Cell{ranTakes, ranRefuses, refuses(mozStaple), unknown, unknown, ranTakes}, false},
	{MustStapleMissing, CaseAbove, "an authority above demands a feature of TLS that it does not demand itself", [6]Cell{ranTakes, ranRefuses, unknown, unknown, unknown, ranTakes}, false},
}

// A Source is where a habit of a family is written down.
type Source struct {
	Name string // as in a Cell
	At   string // where it stands: an address, or a file of a repository
	Read string // the day on which it was looked at, for what the table says of it; empty: never, the cells are from memory
}

// Sources are all that the tables name, but for Run.
var Sources = []Source{
	{mozCheck, "mozilla-central, security/nss/lib/mozpkix/lib/pkixcheck.cpp", "29 November 2026"},
	{mozNames, "mozilla-central, security/nss/lib/mozpkix/lib/pkixnames.cpp", "29 November 2026"},
	{mozSerial, "mozilla-central, security/nss/lib/mozpkix/lib/pkixder.h", "29 November 2026"},
	{mozVerifier, "mozilla-central, security/certverifier/CertVerifier.cpp", "29 November 2026"},
	{mozSchemes, "mozilla-central, security/manager/ssl/nsNSSIOLayer.cpp, sEnabledSignatureSchemes", "29 November 2026"},
	{mozStaple, "mozilla-central, modules/libpref/init/StaticPrefList.yaml", ""},
	{mozSuites, "mozilla-central, security/manager/ssl/nsNSSComponent.cpp, modules/libpref/init/StaticPrefList.yaml", ""},
	{windowsSSL, "https://learn.microsoft.com/windows/win32/api/wincrypt/ns-wincrypt-cert_chain_policy_status", "29 November 2026"},
	{windowsSuites, "https://learn.microsoft.com/windows/win32/secauthn/tls-cipher-suites-in-windows-11", ""},
	{appleTLS, "https://support.apple.com/103769", "29 November 2026"},
	{appleYear, "https://support.apple.com/102028", "29 November 2026"},
	{appleNames, "https://github.com/apple-oss-distributions/Security, OSX/sec/Security/SecPolicyLeafCallbacks.c", "29 November 2026"},
	{appleSuites, "https://github.com/apple-oss-distributions/Security, SecProtocolHelper.m", ""},
}

// verified reports whether a source was looked at.
func verified(name string) bool {
	for _, s := range Sources {
		if s.Name == name {
			return s.Read != ""
		}
	}
	return name == Run
}
