package report

import (
	"fmt"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
	"mailprobe/internal/settings"
)

// spoken adds what a report says behind its answer, in whole sentences and in
// the order in which somebody listens: no columns, no frames, and nothing that
// a screen reader spells out.
func (p *page) spoken(d *document.Document) {
	for _, c := range complaints(p.l, d) {
		p.line()
		p.say(p.l.Say("About {what}.", "what", p.l.And(c.heads)))
		for _, said := range c.remarks {
			for _, r := range said {
				p.spokenRemark(r)
			}
		}
	}
	if len(d.Endpoints) > 0 {
		p.line()
	}
	for i := range d.Endpoints {
		p.say(spokenEndpoint(p.l, d, &d.Endpoints[i]))
	}
	for _, n := range d.NotOffered {
		p.say(p.l.Say("{protocol} is not offered, says the provider.", "protocol", protocol(document.Server{Protocol: n.Protocol})))
	}
	p.spokenComparison(d.Comparison)
	if p.o.Card && d.Comparison != nil {
		p.pins(d.Comparison.TLSA)
	}
	for i, line := range warned(p.l, d) {
		if i == 0 {
			p.line()
		}
		p.say(p.l.Say("Warning: ") + line)
	}
	for _, line := range drift(p.l, d) {
		p.say(p.l.Say("Changed: {what}", "what", line))
	}
}

// say adds a paragraph.
func (p *page) say(text string) { p.paragraph(p.plain, "", "", text) }

func (p *page) spokenRemark(r remark) {
	switch {
	case r.kind == steps && len(r.lines) > 1:
		for i, step := range r.lines {
			p.say(p.l.Say("Step {n}: {step}", "n", i+1, "step", strings.TrimPrefix(step, fmt.Sprintf("%d. ", i+1))))
		}
	case r.kind == link:
		p.line(r.label, ": ", r.lines[0]) // whole, to be copied
	default:
		p.say(r.label + ": " + strings.Join(r.lines, " "))
	}
}

// spokenEndpoint is one setting and what became of it, in a sentence or two.
func spokenEndpoint(l *language.Language, d *document.Document, e *document.Endpoint) string {
	how := l.Say("with {security}", "security", security(l, e.Server))
	if settings.Security(e.Security) == settings.Plain {
		how = l.Say("without encryption")
	}
	text := l.Say("{protocol}, server {host}, port {port}, {how}: {verdict}.", "protocol", protocol(e.Server), "host", e.Host, "port", e.Port, "how", how, "verdict", verdictWord(l, e.Verdict))
	if c := e.Used().Certificate; c != nil {
		text += " " + l.Say("The certificate: {left}.", "left", remaining(l, *c, d.Started))
	}
	if d.SignInAsked {
		text += " " + l.Say("Signing in: {outcomes}.", "outcomes", strings.TrimSuffix(signInDetail(l, e.Auth), "."))
	}
	return text
}
