package diagnose

import (
	"crypto/tls"
	"fmt"
	"strings"

	"mailprobe/internal/finding"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/tlscheck/rawhello"
)

// sessionFindings says what is worth knowing of a session that came about.
func sessionFindings(r *probe.Result) []finding.Finding {
	at, s := r.Endpoint.Address(), r.TLS
	var all []finding.Finding
	fact := func(code, message string) {
		all = append(all, finding.Finding{Code: code, Severity: finding.Info, Phase: securePhase(r), Message: message})
	}
	if s.Version == tls.VersionTLS12 {
		fact("tls.no_tls13", fmt.Sprintf("%s does not offer TLS 1.3. TLS 1.2 is good enough for now.", at))
	}
	if name := rawhello.SuiteName(s.CipherSuite); strings.Contains(name, "_CBC_") {
		fact("tls.cipher_cbc", fmt.Sprintf("%s chooses an older kind of cipher (%s). Mail programs still accept it.", at, name))
	}
	if f := r.FailedStep(); s.CertAsked && (f == nil || !wantsCert(r, f.Phase)) {
		fact("tls.client_cert_requested", fmt.Sprintf("%s asks for a client certificate, but goes on without one.", at))
	}
	return all
}

// Scan judges what a server accepts beside what is negotiated with it. Nothing
// of it hinders a mail program. s may be nil: then nothing was asked.
func Scan(e settings.Endpoint, s *tlscheck.Scanned) []finding.Finding {
	if s == nil {
		return nil
	}
	at := e.Address()
	phase := securePhase(&probe.Result{Endpoint: e})
	var all []finding.Finding
	warn := func(code, message, remedy string) {
		all = append(all, finding.Finding{Code: code, Severity: finding.Warning, Blame: finding.Provider, Phase: phase, Message: message, Remedy: remedy})
	}
	if old := oldVersions(s); len(old) > 0 {
		warn("tls.version_legacy_enabled", fmt.Sprintf("%s still accepts %s, which RFC 9325 forbids.", at, strings.Join(old, " and ")), "The provider should switch them off.")
	}
	if weak := suitesWith(s, weakParts...); len(weak) > 0 {
		warn("tls.cipher_weak", fmt.Sprintf("%s accepts weak methods of encryption: %s.", at, shortList(weak)), "The provider should switch them off.")
	}
	if fixed := suitesWith(s, "TLS_RSA_WITH_", "TLS_ECDH_ECDSA_", "TLS_ECDH_RSA_"); len(fixed) > 0 {
		warn("tls.cipher_no_fs", fmt.Sprintf("%s accepts methods without forward secrecy: who records the connection and gets the server's key later can read it (%s).", at, shortList(fixed)), "The provider should switch them off.")
	}
	const leastDH = 2048
	if s.DHBits > 0 && s.DHBits < leastDH {
		warn("tls.dh_weak", fmt.Sprintf("%s uses a Diffie-Hellman group of %d bits; RFC 9325 demands %d.", at, s.DHBits, leastDH), "The provider should use a larger group, or elliptic curves alone.")
	}
	if s.NoExtendedMaster {
		warn("tls.no_ems", fmt.Sprintf("%s lacks a protection of TLS 1.2 (extended master secret, RFC 7627).", at), "The provider should update the TLS library of the server.")
	}
	if s.NoRenegotiation {
		warn("tls.no_secure_renegotiation", fmt.Sprintf("%s lacks secure renegotiation (RFC 5746).", at), "The provider should update the TLS library of the server.")
	}
	if s.Compression {
		warn("tls.compression", fmt.Sprintf("%s accepts TLS compression, which betrays what is encrypted (CRIME).", at), "The provider should switch compression off.")
	}
	return all
}

// weakParts are what RFC 9325 §4.1 forbids or advises against.
var weakParts = []string{"_NULL_", "_anon_", "_EXPORT_", "_RC4_", "_RC2_", "_DES_", "_3DES_", "_IDEA_"}

func oldVersions(s *tlscheck.Scanned) []string {
	var names []string
	for _, v := range s.Versions {
		if v.Version < rawhello.TLS12 {
			names = append(names, rawhello.VersionName(v.Version))
		}
	}
	return names
}

func suitesWith(s *tlscheck.Scanned, parts ...string) []string {
	var names []string
	seen := map[uint16]bool{}
	for _, v := range s.Versions {
		for _, id := range v.Suites {
			name := rawhello.SuiteName(id)
			if !seen[id] && containsAny(name+"_", parts) {
				names = append(names, name)
			}
			seen[id] = true
		}
	}
	return names
}

func containsAny(s string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

// shortList lists the first few and counts the rest.
func shortList(names []string) string {
	const shown = 3
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}
