package report

import (
	"github.com/fatih/color"

	"mailprobe/internal/probe"
	"mailprobe/internal/safe"
	"mailprobe/internal/verify"
)

// signIns says for each endpoint what became of signing in, if it was asked
// for.
func (p *page) signIns(r *verify.Report) {
	if !r.SignInAsked || len(r.Endpoints) == 0 {
		return
	}
	p.line()
	p.paragraph(p.plain, "", "  ", "Signing in"+asWhom(r)+":")
	width := 0
	for _, e := range r.Endpoints {
		width = max(width, safe.Width(address(e.Endpoint)))
	}
	if width > p.o.width()-30 {
		width = 0
	}
	for i := range r.Endpoints {
		e := &r.Endpoints[i]
		p.signIn(e, width)
	}
}

// signIn adds the outcome behind the address in width columns, and what does
// not fit there below it.
func (p *page) signIn(e *verify.Endpoint, width int) {
	a := authOf(e)
	word, detail := outcome(a), outcomeDetail(a)
	name := pad(e.Protocol.Name(), 4) + "  " + pad(address(e.Endpoint), width)
	room := p.o.width() - safe.Width("  "+name+"  "+word)
	c := p.outcomeColor(a.Status)
	switch {
	case room < 0:
		p.server("  ", e.Endpoint)
		p.paragraph(c, "        ", "        ", word)
	case detail == "":
		p.line("  ", name, "  ", c.Sprint(word))
	case safe.Width(": "+detail) <= room:
		p.line("  ", name, "  ", c.Sprint(word), ": ", detail)
		return
	default:
		p.line("  ", name, "  ", c.Sprint(word))
	}
	if detail != "" {
		p.paragraph(p.plain, "        ", "        ", detail)
	}
}

func (p *page) outcomeColor(s probe.AuthStatus) *color.Color {
	switch s {
	case probe.AuthAccepted:
		return p.good
	case probe.AuthRejected:
		return p.bad
	default:
		return p.warn
	}
}

// outcome says what became of a sign-in and how it was tried.
func outcome(a probe.Auth) string {
	word := signInWord(a.Status)
	if a.Mechanism != "" && (a.Status == probe.AuthAccepted || a.Status == probe.AuthRejected) {
		word += " (" + safe.Clip(a.Mechanism, 40) + ")"
	}
	return word
}

// outcomeDetail says why not, or what the server said; empty: nothing more.
func outcomeDetail(a probe.Auth) string {
	switch {
	case a.Reason != "":
		return safe.Clip(a.Reason, maxEvidence)
	case a.Status == probe.AuthNotTested:
		return "the test did not get that far"
	case a.Reply != nil && a.Status != probe.AuthAccepted:
		return "the server says: " + safe.Clip(a.Reply.Text, maxEvidence)
	}
	return ""
}

// asWhom names the user, as the first endpoint with a user name has it.
func asWhom(r *verify.Report) string {
	for i := range r.Endpoints {
		if name := authOf(&r.Endpoints[i]).Username; name != "" {
			return " as " + safe.Clip(name, 120)
		}
	}
	return ""
}
