package report

import (
	"fmt"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/settings"
)

// spoken adds what a report says behind its answer, in whole sentences and in
// the order in which somebody listens: no columns, no frames, and nothing that
// a screen reader spells out.
func (p *page) spoken(d *document.Document) {
	for _, c := range complaints(d) {
		p.line()
		p.say("About " + spokenHeads(c.heads) + ".")
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
		p.say(spokenEndpoint(d, &d.Endpoints[i]))
	}
	for _, n := range d.NotOffered {
		p.say(protocol(document.Server{Protocol: n.Protocol}) + " is not offered, says the provider.")
	}
	for i, line := range warned(d) {
		if i == 0 {
			p.line()
		}
		p.say("Warning: " + line)
	}
	for _, line := range drift(d) {
		p.say("Changed: " + line)
	}
}

// say adds a paragraph.
func (p *page) say(text string) { p.paragraph(p.plain, "", "", text) }

func (p *page) spokenRemark(r remark) {
	switch {
	case r.kind == steps && len(r.lines) > 1:
		for i, step := range r.lines {
			p.say(fmt.Sprintf("Step %d: %s", i+1, strings.TrimPrefix(step, fmt.Sprintf("%d. ", i+1))))
		}
	case r.kind == link:
		p.line(r.label, ": ", r.lines[0]) // whole, to be copied
	default:
		p.say(r.label + ": " + strings.Join(r.lines, " "))
	}
}

func spokenHeads(heads []string) string {
	if len(heads) == 1 {
		return heads[0]
	}
	return strings.Join(heads[:len(heads)-1], ", ") + " and " + heads[len(heads)-1]
}

// spokenEndpoint is one setting and what became of it, in a sentence or two.
func spokenEndpoint(d *document.Document, e *document.Endpoint) string {
	how := "with " + security(e.Server)
	if settings.Security(e.Security) == settings.Plain {
		how = "without encryption"
	}
	text := fmt.Sprintf("%s, server %s, port %d, %s: %s.", protocol(e.Server), e.Host, e.Port, how, e.Verdict)
	if c := e.Used().Certificate; c != nil {
		text += " The certificate: " + remaining(*c, d.Started) + "."
	}
	if d.SignInAsked {
		text += " Signing in: " + strings.TrimSuffix(signInDetail(e.Auth), ".") + "."
	}
	return text
}
