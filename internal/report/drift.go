package report

import (
	"strings"

	"mailprobe/internal/document"
)

// drift lists what changed since a baseline, first what concerns the run.
func drift(d *document.Document) []string {
	all := drifted(d.Findings)
	for i := range d.Endpoints {
		all = append(all, drifted(d.Endpoints[i].Findings)...)
	}
	return all
}

func drifted(list []document.Finding) []string {
	var all []string
	for _, f := range list {
		if strings.HasPrefix(string(f.Code), "drift.") {
			all = append(all, short(f))
		}
	}
	return all
}

const driftHead = "Changed since the baseline:"

// drift adds what changed since a baseline.
func (p *page) drift(d *document.Document) {
	lines := drift(d)
	if len(lines) == 0 {
		return
	}
	p.line()
	p.paragraph(p.strong, "", "  ", driftHead)
	for _, line := range lines {
		p.paragraph(p.plain, "  - ", "    ", line)
	}
}
