package report

import (
	"fmt"
	"strings"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/language"
	"mailprobe/internal/safe"
)

// details adds all that was observed.
func (p *page) details(d *document.Document) {
	for _, f := range only(d.Findings, finding.Info) {
		p.line()
		p.paragraph(p.plain, "", "  ", p.l.Say("Note")+": "+short(p.l, f))
	}
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		p.line()
		p.paragraph(p.strong, "", "  ", title(p.l, e.Server)+roleWord(p.l, e.Role))
		b := block{p, "  ", 2, 14}
		b.source(e.DocumentedIn)
		b.field(b.l.Say("Provider says"), clipped(b.l, e.Note))
		if e.Ran() {
			b.observed(e, d.Started)
		}
		for _, f := range only(e.Findings, finding.Info) {
			b.field(b.l.Say("Note"), short(b.l, f))
		}
	}
}

func (b block) source(s *document.Source) {
	if s == nil {
		return
	}
	text := s.Title.String()
	if s.Read != "" {
		text += " " + b.l.Say("(read {day})", "day", s.Read)
	}
	b.field(b.l.Say("Documented in"), strings.TrimSpace(text))
	if s.URL != "" {
		b.raw("", s.URL.String())
	}
}

func (b block) observed(e *document.Endpoint, now time.Time) {
	b.connection(e)
	b.steps(e)
	b.lines(b.l.Say("Greeting"), peerLines(b.l, string(e.Greeting)))
	b.offers(e)
	b.checks(e.MechanismChecks)
	b.field(b.l.Say("Sign-in error"), e.Auth.Challenge.Clip(maxEvidence))
	b.lines(b.l.Say("Account says"), peerLines(b.l, string(e.AccessReply)))
	b.field(b.l.Say("Test message"), messageWords(b.l, e.Message))
	b.credential(e)
	b.handshake(e.TLSFailure)
	b.session(e.TLS)
	b.chain(e.TLS, now)
}

func (b block) connection(e *document.Endpoint) {
	switch {
	case e.Address == "":
		b.field(b.l.Say("Connected to"), b.l.Say("nothing"))
	case e.Overridden:
		b.field(b.l.Say("Connected to"), b.l.Say("{address} (given by hand)", "address", e.Address))
	default:
		b.field(b.l.Say("Connected to"), e.Address.String())
	}
	b.dns(e.DNS)
	for _, a := range e.Tried {
		if a.Error != "" {
			b.field(b.l.Say("Tried"), fmt.Sprintf("%s: %s (%s)", a.Address, a.Error.Clip(200), seconds(b.l, a.Took)))
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
	b.field(b.l.Say("DNS says"), list(parts, maxEvidence))
	b.field("", b.l.Say("(asked {server})", "server", l.Server.Clip(200)))
}

// checks says of each announced mechanism that was tried whether it is real.
func (b block) checks(list []document.Check) {
	label := b.l.Say("of these")
	for _, c := range list {
		word := language.Template("{mechanism} works up to the password")
		if !c.Real {
			word = "{mechanism} is announced but does not exist"
		}
		b.field(label, b.l.Say(word, "mechanism", c.Mechanism.Clip(40)))
		label = ""
	}
}

// steps adds a line for each phase, and below it a note that is too long.
func (b block) steps(e *document.Endpoint) {
	label := b.l.Say("Steps")
	for _, s := range e.Phases {
		text := pad(phaseWords(b.l, s.Name.String()), 21) + "  " + pad(statusWord(b.l, s.Status), 7)
		if s.Status != document.Skipped {
			text += fmt.Sprintf(" %8s ms", decimal(b.l, float64(s.Took), 1))
		}
		note := clipped(b.l, s.Why())
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
