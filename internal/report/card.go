package report

import (
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

// card adds what a report card of a domain says behind its answer: what is
// published, whether it works, what mail programs make of it, and what to publish.
func (p *page) card(d *document.Document) {
	p.sources(d.Comparison.Sources)
	p.faults(d)
	p.compared(d)
	p.comparison(d.Comparison)
	p.signIns(d)
	p.warnings(d)
	p.pins(d.Comparison.TLSA)
	if p.o.Verbose {
		p.controls(d.Controls)
		p.details(d)
	}
}

// sources adds a part for each source that says something, and one line for the
// others.
func (p *page) sources(list []document.FromSource) {
	p.line()
	p.paragraph(p.strong, "", "", p.l.Say("What is published"))
	var silent []string
	for _, s := range list {
		if s.Status == "none" && len(s.Findings) == 0 && len(s.Absent) == 0 && !p.o.Verbose {
			silent = append(silent, s.Source.String())
			continue
		}
		s.Offers = nil // they stand below, with their verdicts
		if s.Source == "guess" {
			p.paragraph(p.plain, "", "  ", p.l.Say("guess: servers with usual names; nobody publishes them"))
			continue
		}
		p.source(s)
	}
	if len(silent) > 0 {
		p.paragraph(p.dim, "", "  ", p.l.Say("Nothing is published by: {sources}", "sources", strings.Join(silent, ", ")))
	}
}

const aboutPins language.Template = "Authenticated by DNSSEC, and no mail program goes by it (TLSA)"

// pins adds what DNS says of the servers' certificates.
func (p *page) pins(list []document.Pin) {
	if len(list) == 0 {
		return
	}
	p.line()
	p.paragraph(p.strong, "", "  ", p.l.Say(aboutPins))
	for _, x := range list {
		p.paragraph(p.plain, "", "  ", pinWords(p.l, x))
	}
}

func pinWords(l *language.Language, x document.Pin) string {
	words := language.Template("not compared")
	switch x.Matches {
	case "yes":
		words = "matches the certificate"
	case "no":
		words = "does not match the certificate"
	}
	return protocol(x.Server) + " " + address(x.Server) + ": " + l.Say(words) + " (" + x.Record.Clip(maxEvidence) + ")"
}
