package tlscheck

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
