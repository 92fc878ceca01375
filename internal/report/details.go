package report

import (
	"fmt"
	"strings"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// details adds all that was observed.
func (p *page) details(d *document.Document) {
	for _, f := range only(d.Findings, finding.Info) {
		p.line()
		p.paragraph(p.plain, "", "  ", "Note: "+short(f))
	}
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		p.line()
		p.paragraph(p.strong, "", "  ", title(e.Server)+roleWord(e.Role))
		b := block{p, "  ", 2, 14}
		b.source(e.DocumentedIn)
		b.field("Provider says", e.Note.Clip(maxEvidence))
		if e.Ran() {
			b.observed(e, d.Started)
		}
		for _, f := range only(e.Findings, finding.Info) {
			b.field("Note", short(f))
		}
	}
}

func roleWord(r document.Maybe) string {
	if r == "" || settings.Role(r) == settings.Documented {
		return ""
	}
	return " (" + r.String() + ")"
}

func (b block) source(s *document.Source) {
	if s == nil {
		return
	}
	text := s.Title.String()
	if s.Read != "" {
		text += " (read " + s.Read.String() + ")"
	}
	b.field("Documented in", strings.TrimSpace(text))
	if s.URL != "" {
		b.raw("", s.URL.String())
	}
}

func (b block) observed(e *document.Endpoint, now time.Time) {
	b.connection(e)
	b.steps(e)
	b.lines("Greeting", peerLines(string(e.Greeting)))
	b.offers(e)
	b.checks(e.MechanismChecks)
	b.field("Sign-in error", e.Auth.Challenge.Clip(maxEvidence))
	b.lines("Account says", peerLines(string(e.AccessReply)))
	b.field("Test message", messageWords(e.Message))
	b.credential(e)
	b.handshake(e.TLSFailure)
	b.session(e.TLS)
	b.chain(e.TLS, now)
}

// credential says whether anything of the secret may have left, where signing
// in was asked for, and what an access token says of itself.
func (b block) credential(e *document.Endpoint) {
	switch {
	case e.CredentialSent:
		b.field("Credential", "sent to this server")
	case e.Auth.Status != document.NotTested && e.Auth.Status != "":
		b.field("Credential", "not sent to this server")
	}
	if e.Token != nil {
		b.field("Access token", tokenWords(e.Token))
	}
}

func tokenWords(t *document.Token) string {
	var words []string
	if t.Form != "access_token" {
		words = append(words, "none, but "+strings.ReplaceAll(string(t.Form), "_", " "))
	}
	if len(t.Audience) > 0 {
		words = append(words, "for "+blanks(t.Audience))
	}
	if t.Username != "" {
		words = append(words, "of "+string(t.Username))
	}
	if t.Expires != nil {
		words = append(words, "good until "+t.Expires.UTC().Format(time.RFC3339))
	}
	if len(t.Scopes) > 0 {
		words = append(words, "allows "+blanks(t.Scopes))
	}
	return safe.Clip(strings.Join(words, ", "), maxEvidence)
}

// offers lists what the server announced; what was not asked is left out.
func (b block) offers(e *document.Endpoint) {
	if len(e.CapsPlain) > 0 {
		b.field("Unencrypted", "offers "+orNone(e.CapsPlain))
		b.field("", "sign-in ways: "+mechanismWords(e.MechanismsPlain, e.CapsPlain, ""))
	}
	if e.Phase("capabilities").Status == document.OK {
		b.field("Offers", orNone(e.Capabilities))
		b.field("Sign-in ways", mechanismWords(e.Mechanisms, e.Capabilities, e.NativeLogin))
	}
}

func (b block) connection(e *document.Endpoint) {
	switch {
	case e.Address == "":
		b.field("Connected to", "nothing")
	case e.Overridden:
		b.field("Connected to", e.Address.String()+" (given by hand)")
	default:
		b.field("Connected to", e.Address.String())
	}
	b.dns(e.DNS)
	for _, a := range e.Tried {
		if a.Error != "" {
			b.field("Tried", fmt.Sprintf("%s: %s (%s)", a.Address, a.Error.Clip(200), seconds(a.Took)))
		}
	}
}

func (b block) dns(l *document.DNS) {
	if l == nil {
		return
	}
	parts := append([]document.Text{document.Text(l.Rcode), document.Text(l.EDE)}, l.CNAME...)
	if l.Error != "" {
		parts = append(parts, document.Text(l.Error))
	}
	b.field("DNS says", list(parts, maxEvidence))
	b.field("", "(asked "+l.Server.Clip(200)+")")
}

// checks says of each announced mechanism that was tried whether it is real.
func (b block) checks(list []document.Check) {
	label := "of these"
	for _, c := range list {
		word := "works up to the password"
		if !c.Real {
			word = "is announced but does not exist"
		}
		b.field(label, c.Mechanism.Clip(40)+" "+word)
		label = ""
	}
}

// steps adds a line for each phase, and below it a note that is too long.
func (b block) steps(e *document.Endpoint) {
	label := "Steps"
	for _, s := range e.Phases {
		text := pad(phaseWords(s.Name.String()), 21) + "  " + pad(s.Status.String(), 7)
		if s.Status != document.Skipped {
			text += fmt.Sprintf(" %8.1f ms", s.Took)
		}
		note := s.Why().Clip(maxEvidence)
		if safe.Width(text) > b.room() {
			b.field(label, strings.Join(strings.Fields(text), " ")+" "+note)
			label = ""
			continue
		}
		if safe.Width(text+"  "+note) <= b.room() {
			b.raw(label, text+"  "+note)
		} else {
			b.raw(label, text)
			for _, l := range wrap(note, b.room()-4) {
				b.raw("", "    "+l)
			}
		}
		label = ""
	}
}

func orNone(words []document.Text) string {
	if len(words) == 0 {
		return "nothing"
	}
	return list(words, 2000)
}
