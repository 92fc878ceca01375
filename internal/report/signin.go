package report

import (
	"cmp"
	"strings"

	"github.com/fatih/color"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// signIns says for each endpoint what became of signing in, if it was asked
// for.
func (p *page) signIns(d *document.Document) {
	if !d.SignInAsked || len(d.Endpoints) == 0 {
		return
	}
	p.line()
	p.paragraph(p.plain, "", "  ", signInHead(p.l, d)+":")
	var rows [][]cell
	for _, e := range d.Endpoints {
		rows = append(rows, cells(protocol(e.Server), address(e.Server)))
	}
	widths := columnWidths(rows)
	if widths[1] > p.o.width()-30 {
		widths[1] = 0
	}
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		p.signIn(e, append(rows[i], cell{outcome(p.l, e.Auth), p.outcomeColor(e.Auth)}), append(widths, 0))
	}
}

// signIn adds the outcome in a row behind the address, and what does not fit
// there below it.
func (p *page) signIn(e *document.Endpoint, row []cell, widths []int) {
	detail, first := outcomeDetail(p.l, e.Auth), "  "+joined(row, widths)
	room := p.o.width() - safe.Width("  "+joined(cells(row[0].text, row[1].text, row[2].text), widths))
	switch {
	case room < 0:
		p.server("  ", e.Server)
		p.paragraph(row[2].ink, "        ", "        ", row[2].text)
	case detail != "" && safe.Width(": "+detail) <= room:
		p.line(first, ": ", detail)
		return
	default:
		p.line(first)
	}
	if detail != "" {
		p.paragraph(p.plain, "        ", "        ", detail)
	}
}

func (p *page) outcomeColor(a document.SignIn) *color.Color {
	switch a.Status {
	case document.Accepted:
		return p.good
	case document.Rejected:
		return p.bad
	default:
		return p.warn
	}
}

// outcome says what became of a sign-in and how it was tried.
func outcome(l *language.Language, a document.SignIn) string {
	word := signInWord(l, a)
	if a.Mechanism != "" && (a.Status == document.Accepted || a.Status == document.Rejected) {
		word += " (" + a.Mechanism.Clip(40) + ")"
	}
	return word
}

// outcomeDetail says why not, or what the server said; empty: nothing more.
func outcomeDetail(l *language.Language, a document.SignIn) string {
	switch {
	case a.Reason != "":
		return clipped(l, a.Reason)
	case a.Status == document.NotTested:
		return l.Say("the test did not get that far")
	case a.Reply != "" && a.Status != document.Accepted:
		return l.Say("the server says: {reply}", "reply", a.Reply.Clip(maxEvidence))
	}
	return ""
}

// signInHead names the user, as the first endpoint with a user name has it.
func signInHead(l *language.Language, d *document.Document) string {
	for _, e := range d.Endpoints {
		if e.Auth.Username != "" {
			return l.Say("Signing in as {user}", "user", e.Auth.Username.Clip(120))
		}
	}
	return l.Say("Signing in")
}

// testMessage says what became of the test message, if one was asked for:
// first who sent it, then who saw it.
func (p *page) testMessage(d *document.Document) {
	first := true
	for _, sending := range []bool{true, false} {
		for _, e := range d.Endpoints {
			if e.Message == nil || (settings.Protocol(e.Protocol) == settings.SMTP) != sending {
				continue
			}
			if first {
				p.line()
				p.line(p.l.Say("Test message"), ":")
				first = false
			}
			p.paragraph(p.plain, "  ", "        ", protocol(e.Server)+" "+address(e.Server)+": "+messageWords(p.l, e.Message))
		}
	}
}

// messageWords says what one endpoint saw of the test message; empty: it had
// nothing to do with it.
func messageWords(l *language.Language, m *document.Message) string {
	if m == nil {
		return ""
	}
	var words []string
	switch {
	case m.Sent:
		words = append(words, l.Say("taken in {time}", "time", seconds(l, m.Took)))
	case m.Seen:
		words = append(words, l.Say("arrived after {time}", "time", seconds(l, m.Took)))
	}
	if m.Deleted {
		words = append(words, l.Say("deleted again"))
	}
	if m.Reason != "" {
		words = append(words, l.Told(string(m.Reason)))
	}
	return safe.Clip(strings.Join(words, ", "), maxEvidence)
}

// mechanismWords lists the ways to sign in, as the server writes them among its
// capabilities; native is a command outside SASL.
func mechanismWords(l *language.Language, mechanisms, caps []document.Text, native document.Maybe) string {
	written := map[string]document.Text{}
	for _, word := range strings.FieldsFunc(blanks(caps), func(r rune) bool { return r == ' ' || r == '=' }) {
		written[strings.ToUpper(word)] = document.Text(word)
	}
	words := document.Each(mechanisms, func(m document.Text) document.Text { return cmp.Or(written[string(m)], m) })
	if native != "" {
		words = append(words, document.Text("("+native+" command)"))
	}
	if len(words) == 0 {
		return l.Say("none")
	}
	return list(words, 1000)
}
