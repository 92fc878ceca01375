package report

import (
	"slices"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

// session says what a handshake has agreed on, and who vouches for the server.
func (b block) session(s *document.TLS) {
	if s == nil {
		return
	}
	text := s.Version.String() + ", " + s.Cipher.String()
	if s.Group != "" {
		text += ", " + b.l.Say("key exchange {group}", "group", s.Group)
	}
	b.field(b.l.Say("Encryption"), text)
	b.field(b.l.Say("Authority"), trustWords(b.l, s))
	for _, c := range s.Causes {
		b.field(b.l.Say("Certificate"), clipped(b.l, c.Kind+": "+c.Detail))
	}
}

// trustWords says which authorities vouch for a chain, those that decide
// first.
func trustWords(l *language.Language, s *document.TLS) string {
	system, mozilla := phrase(l, s.SystemTrust), phrase(l, s.MozillaTrust)
	switch s.Store {
	case "given":
		return l.Say("trusted by the authorities given by hand: {given}; by Mozilla's list: {mozilla}", "given", system, "mozilla", mozilla)
	case "mozilla":
		return l.Say("trusted by Mozilla's list: {mozilla} (which decides: this computer has no list)", "mozilla", mozilla)
	}
	return l.Say("trusted by this computer: {system}; by Mozilla's list: {mozilla}", "system", system, "mozilla", mozilla)
}

// endings say how a handshake failed.
var endings = map[document.Text]language.Template{
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
	text := b.l.Say(endings[f.Failure])
	switch {
	case f.Alert != nil && f.Local:
		text = b.l.Say("this computer refused it (alert {alert})", "alert", *f.Alert)
	case f.Alert != nil:
		text = b.l.Say("the server refused it (alert {alert})", "alert", *f.Alert)
	}
	b.field(b.l.Say("Handshake"), text)
	b.field("", shown(b.l, f))
}

// shown says in words what further hellos showed; empty: none were sent, or
// they showed nothing.
func shown(l *language.Language, f *document.TLSFailure) string {
	words := reasonWords(l, f)
	switch {
	case words == "" && f.Hellos == 0:
		return ""
	case words == "":
		words = l.Say("they show nothing more")
	}
	if f.Hellos == 0 {
		return words
	}
	return l.Count(f.Hellos, "asked again with {n} hello: {what}", "asked again with {n} hellos: {what}", "what", words)
}

func reasonWords(l *language.Language, f *document.TLSFailure) string {
	switch f.Reason {
	case "legacy_version":
		return l.Say("it chooses nothing newer than {version}", "version", f.Version)
	case "no_common_cipher":
		return l.Say("it chooses only suites such as {suite}", "suite", f.Suite)
	case "no_common_group":
		return l.Say("it chooses only groups such as {group}", "group", f.Group)
	case "sha1_signatures":
		return l.Say("it signs with SHA-1 only")
	case "name_refused":
		return l.Say("it answers only without the name")
	case "cert_wanted":
		return l.Say("it demands a client certificate")
	case "large_hello":
		return l.Say("it answers a short hello, but not a usual one")
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
		b.field(b.l.Say("Certificate {n}", "n", i+1), c.Subject.Clip(300))
		b.field("", issuedBy(b.l, c))
		b.field("", goodFor(b.l, c, now))
		b.field("", namesOf(b.l, c))
		b.field("", b.l.Say("{key}, signed with {signature}", "key", c.Key, "signature", c.Signature))
		b.line(b.margin, b.dim.Sprint("SHA-256"), "  ", c.SHA256.String())
	}
}

func issuedBy(l *language.Language, c document.Certificate) string {
	return l.Say("issued by {issuer}", "issuer", c.Issuer.Clip(300))
}

func goodFor(l *language.Language, c document.Certificate, now time.Time) string {
	return l.Say("good from {begin} to {end} ({left})", "begin", day(c.NotBefore), "end", day(c.NotAfter), "left", remaining(l, c.ShortCertificate, now))
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// namesOf lists the host names and addresses that c is good for.
func namesOf(l *language.Language, c document.Certificate) string {
	names := slices.Concat(c.DNSNames, c.IPAddresses)
	if len(names) == 0 {
		return ""
	}
	more := len(names) - maxNames
	if more > 0 {
		return l.Say("for {names} and {n} more", "names", list(names[:maxNames], 1000), "n", more)
	}
	return l.Say("for {names}", "names", list(names, 1000))
}
