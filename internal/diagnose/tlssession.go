package diagnose

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/tlscheck/rawhello"
)

// sessionFindings says what is worth knowing of a session that came about.
func sessionFindings(r *probe.Result) []finding.Finding {
	s := r.TLS
	var all []finding.Finding
	fact := func(code string, message finding.Sentence, args finding.Args) {
		all = append(all, about(r, finding.Finding{Code: code, Phase: securePhase(r), Message: message, Args: args}))
	}
	if s.Version == tls.VersionTLS12 {
		fact("tls.no_tls13", "{server} does not offer TLS 1.3. TLS 1.2 is good enough for now.", nil)
	}
	if name := rawhello.SuiteName(s.CipherSuite); strings.Contains(name, "_CBC_") {
		fact("tls.cipher_cbc", "{server} chooses an older kind of cipher ({suite}). Mail programs still accept it.", finding.Args{"suite": name})
	}
	if tlscheck.StaticRSA(s.CipherSuite) {
		all = append(all, withoutSecrecy(r))
	}
	if f := r.FailedStep(); s.CertAsked && (f == nil || !wantsCert(r, f.Phase)) {
		fact("tls.client_cert_requested", "{server} asks for a client certificate, but goes on without one.", nil)
	}
	return all
}

// withoutSecrecy is for a session by RSA key exchange. What the server would
// choose for those who do not offer it is not known from that alone.
func withoutSecrecy(r *probe.Result) finding.Finding {
	o, _ := tlscheck.OfferOf(r.TLS.CipherSuite)
	return about(r, finding.Finding{
		Code: "tls.cipher_no_fs", Phase: securePhase(r),
		Message: "{server} chooses a method without forward secrecy ({suite}): who records the connection and gets the server's key later can read it. Programs with {takers} offer such methods, those with {refusers} do not and connect only if the server knows others.",
		Remedy:  "The provider should enable ECDHE cipher suites with AES-GCM, and prefer them.",
		Args:    finding.Args{"suite": rawhello.SuiteName(r.TLS.CipherSuite), "takers": allOf(o.Those(tlscheck.Takes)), "refusers": allOf(o.Those(tlscheck.Refuses))},
	})
}

// Scan judges what a server accepts beside what is negotiated with it. Nothing
// of it hinders a mail program. s may be nil: then nothing was asked.
func Scan(e settings.Endpoint, s *tlscheck.Scanned) []finding.Finding {
	if s == nil {
		return nil
	}
	r := &probe.Result{Endpoint: e}
	var all []finding.Finding
	warn := func(code string, message, remedy finding.Sentence, args finding.Args) {
		all = append(all, about(r, finding.Finding{Code: code, Phase: securePhase(r), Message: message, Remedy: remedy, Args: args}))
	}
	if old := oldVersions(s); len(old) > 0 {
		warn("tls.version_legacy_enabled", "{server} still accepts {versions}, which RFC 9325 forbids.", switchOff, finding.Args{"versions": strings.Join(old, " and ")})
	}
	if weak := suitesWith(s, weakParts...); len(weak) > 0 {
		warn("tls.cipher_weak", "{server} accepts weak methods of encryption: {suites}.", switchOff, finding.Args{"suites": shortList(weak)})
	}
	if fixed := suitesWith(s, "TLS_RSA_WITH_", "TLS_ECDH_ECDSA_", "TLS_ECDH_RSA_"); len(fixed) > 0 {
		warn("tls.cipher_no_fs", "{server} accepts methods without forward secrecy: who records the connection and gets the server's key later can read it ({suites}).",
			switchOff, finding.Args{"suites": shortList(fixed)})
	}
	const leastDH = 2048
	if s.DHBits > 0 && s.DHBits < leastDH {
		warn("tls.dh_weak", "{server} uses a Diffie-Hellman group of {bits} bits; RFC 9325 demands {least}.", "The provider should use a larger group, or elliptic curves alone.",
			finding.Args{"bits": fmt.Sprint(s.DHBits), "least": fmt.Sprint(leastDH)})
	}
	if s.NoExtendedMaster {
		warn("tls.no_ems", "{server} lacks a protection of TLS 1.2 (extended master secret, RFC 7627).", "The provider should update the TLS library of the server.", nil)
	}
	if s.NoRenegotiation {
		warn("tls.no_secure_renegotiation", "{server} lacks secure renegotiation (RFC 5746).", "The provider should update the TLS library of the server.", nil)
	}
	if s.Compression {
		warn("tls.compression", "{server} accepts TLS compression, which betrays what is encrypted (CRIME).", "The provider should switch compression off.", nil)
	}
	return all
}

const switchOff = "The provider should switch them off."

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
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(s, p) })
}

// shortList lists the first few and counts the rest.
func shortList(names []string) string {
	const shown = 3
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
}
