package report

import (
	"crypto/tls"
	"fmt"

	"mailprobe/internal/safe"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/tlscheck/rawhello"
)

// session says what a handshake has agreed on, and who vouches for the server.
func (b block) session(s *tlscheck.State) {
	if s == nil {
		return
	}
	text := tls.VersionName(s.Version) + ", " + tls.CipherSuiteName(s.CipherSuite)
	if g := groupName(s.Group); g != "" {
		text += ", key exchange " + g
	}
	b.field("Encryption", text)
	b.field("Authority", "trusted "+trustWords(s))
	for _, c := range s.Causes {
		b.field("Certificate", safe.Clip(string(c.Kind)+": "+c.Detail, maxEvidence))
	}
}

// trustWords says which authorities vouch for a chain, those that decide
// first.
func trustWords(s *tlscheck.State) string {
	mozilla := fmt.Sprintf("by Mozilla's list: %s", s.MozillaTrust)
	switch storeOf(s) {
	case tlscheck.StoreGiven:
		return fmt.Sprintf("by the authorities given by hand: %s; %s", s.SystemTrust, mozilla)
	case tlscheck.StoreMozilla:
		return mozilla + " (which decides: this computer has no list)"
	}
	return fmt.Sprintf("by this computer: %s; %s", s.SystemTrust, mozilla)
}

// endings say how a handshake failed.
var endings = map[tlscheck.Failure]string{
	tlscheck.Plaintext: "what came is not TLS",
	tlscheck.Closed:    "the server hung up",
	tlscheck.Reset:     "the connection was cut",
	tlscheck.Timeout:   "the server did not answer in time",
	tlscheck.Canceled:  "given up when the run ended",
	tlscheck.Other:     "what came makes no sense",
}

// handshake says how a handshake failed, and what further hellos showed.
func (b block) handshake(e *tlscheck.HandshakeError) {
	if e == nil {
		return
	}
	text := endings[e.Failure]
	if e.Failure == tlscheck.Alert {
		who := "the server"
		if e.Local {
			who = "this computer"
		}
		text = fmt.Sprintf("%s refused it (alert %d)", who, e.Alert)
	}
	b.field("Handshake", text)
	if x := e.Explained; x != nil {
		b.field("", shown(x))
	}
}

// shown says in words what further hellos showed; empty: none were sent, or
// they showed nothing.
func shown(x *tlscheck.Explanation) string {
	words := map[tlscheck.Reason]string{
		tlscheck.LegacyVersion:  "it chooses nothing newer than " + rawhello.VersionName(x.Version),
		tlscheck.NoCommonCipher: "it chooses only suites such as " + rawhello.SuiteName(x.Suite),
		tlscheck.NoCommonGroup:  "it chooses only groups such as " + rawhello.GroupName(x.Group),
		tlscheck.SHA1Signatures: "it signs with SHA-1 only",
		tlscheck.NameRefused:    "it answers only without the name",
		tlscheck.CertWanted:     "it demands a client certificate",
		tlscheck.LargeHello:     "it answers a short hello, but not a usual one",
	}[x.Reason]
	switch {
	case words == "" && x.Hellos == 0:
		return ""
	case words == "":
		words = "they show nothing more"
	}
	if x.Hellos == 0 {
		return words
	}
	return "asked again with " + count(x.Hellos, "hello") + ": " + words
}

// groupName returns the name of a key exchange group; empty: there was none.
func groupName(id tls.CurveID) string {
	switch id {
	case 0:
		return ""
	case tls.CurveP256:
		return "P-256"
	case tls.CurveP384:
		return "P-384"
	case tls.CurveP521:
		return "P-521"
	default:
		return id.String()
	}
}
