package report

import (
	"fmt"
	"slices"
	"time"

	"mailprobe/internal/document"
)

// session says what a handshake has agreed on, and who vouches for the server.
func (b block) session(s *document.TLS) {
	if s == nil {
		return
	}
	text := s.Version.String() + ", " + s.Cipher.String()
	if s.Group != "" {
		text += ", key exchange " + s.Group.String()
	}
	b.field("Encryption", text)
	b.field("Authority", "trusted "+trustWords(s))
	for _, c := range s.Causes {
		b.field("Certificate", (c.Kind + ": " + c.Detail).Clip(maxEvidence))
	}
}

// trustWords says which authorities vouch for a chain, those that decide
// first.
func trustWords(s *document.TLS) string {
	mozilla := fmt.Sprintf("by Mozilla's list: %s", s.MozillaTrust)
	switch s.Store {
	case "given":
		return fmt.Sprintf("by the authorities given by hand: %s; %s", s.SystemTrust, mozilla)
	case "mozilla":
		return mozilla + " (which decides: this computer has no list)"
	}
	return fmt.Sprintf("by this computer: %s; %s", s.SystemTrust, mozilla)
}

// endings say how a handshake failed.
var endings = map[document.Text]string{
	"alert":     "it was refused",
	"plaintext": "what came is not TLS",
	"closed":    "the server hung up",
	"reset":     "the connection was cut",
	"timeout":   "the server did not answer in time",
	"canceled":  "given up when the run ended",
	"other":     "what came makes no sense",
}

// handshake says how a handshake failed, and what further hellos showed.
func (b block) handshake(f *document.TLSFailure) {
	if f == nil {
		return
	}
	text := endings[f.Failure]
	if f.Alert != nil {
		who := "the server"
		if f.Local {
			who = "this computer"
		}
		text = fmt.Sprintf("%s refused it (alert %d)", who, *f.Alert)
	}
	b.field("Handshake", text)
	b.field("", shown(f))
}

// shown says in words what further hellos showed; empty: none were sent, or
// they showed nothing.
func shown(f *document.TLSFailure) string {
	words := reasonWords(f)
	switch {
	case words == "" && f.Hellos == 0:
		return ""
	case words == "":
		words = "they show nothing more"
	}
	if f.Hellos == 0 {
		return words
	}
	return "asked again with " + count(f.Hellos, "hello") + ": " + words
}

func reasonWords(f *document.TLSFailure) string {
	switch f.Reason {
	case "legacy_version":
		return "it chooses nothing newer than " + f.Version.String()
	case "no_common_cipher":
		return "it chooses only suites such as " + f.Suite.String()
	case "no_common_group":
		return "it chooses only groups such as " + f.Group.String()
	case "sha1_signatures":
		return "it signs with SHA-1 only"
	case "name_refused":
		return "it answers only without the name"
	case "cert_wanted":
		return "it demands a client certificate"
	case "large_hello":
		return "it answers a short hello, but not a usual one"
	}
	return ""
}

// Names of a certificate that the text shows; the JSON has them all.
const maxNames = 8

// chain adds the certificates as the server sent them.
func (b block) chain(s *document.TLS, now time.Time) {
	if s == nil {
		return
	}
	for i, c := range s.Chain {
		b.field(fmt.Sprintf("Certificate %d", i+1), c.Subject.Clip(300))
		b.field("", "issued by "+c.Issuer.Clip(300))
		b.field("", fmt.Sprintf("good from %s to %s (%s)", day(c.NotBefore), day(c.NotAfter), remaining(c.ShortCertificate, now)))
		b.field("", namesOf(c))
		b.field("", fmt.Sprintf("%s, signed with %s", c.Key, c.Signature))
		b.line(b.margin, b.dim.Sprint("SHA-256"), "  ", c.SHA256.String())
	}
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// namesOf lists the host names and addresses that c is good for.
func namesOf(c document.Certificate) string {
	names := slices.Concat(c.DNSNames, c.IPAddresses)
	if len(names) == 0 {
		return ""
	}
	more := ""
	if n := len(names) - maxNames; n > 0 {
		names, more = names[:maxNames], fmt.Sprintf(" and %d more", n)
	}
	return "for " + list(names, 1000) + more
}
