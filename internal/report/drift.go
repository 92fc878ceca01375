package report

import (
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

// drift lists what changed since a baseline, first what concerns the run.
func drift(l *language.Language, d *document.Document) []string {
	all := drifted(l, d.Findings)
	for i := range d.Endpoints {
		all = append(all, drifted(l, d.Endpoints[i].Findings)...)
	}
	return all
}

func drifted(l *language.Language, list []document.Finding) []string {
	var all []string
	for _, f := range list {
		if strings.HasPrefix(string(f.Code), "drift.") {
			all = append(all, short(l, f))
		}
	}
	return all
}

const driftHead language.Template = "Changed since the baseline:"

// drift adds what changed since a baseline.
func (p *page) drift(d *document.Document) {
	lines := drift(p.l, d)
	if len(lines) == 0 {
		return
	}
	p.line()
	p.paragraph(p.strong, "", "  ", p.l.Say(driftHead))
	for _, line := range lines {
		p.paragraph(p.plain, "  - ", "    ", line)
	}
}
