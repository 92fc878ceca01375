package report

import (
	"slices"

	"mailprobe/internal/document"
)

// compared adds, for each source of the settings, the servers that it names
// with their verdicts.
func (p *page) compared(d *document.Document) {
	if !p.o.Compare || len(d.Endpoints) == 0 {
		return
	}
	p.line()
	p.line(p.strong.Sprint("What each source says, and whether it works"))
	for _, source := range sourcesOf(d.Endpoints) {
		name := source.String()
		for _, e := range d.Endpoints {
			if e.Source == source || slices.Contains(e.AlsoFrom, source) {
				p.line(pad(name, 21), " ", pad(protocol(e.Server), 5), pad(address(e.Server)+" "+security(e.Server), 45), " ", p.verdict(e.Verdict).Sprint(e.Verdict.String()))
				name = ""
			}
		}
	}
}

// sourcesOf lists all sources of the settings, in their order.
func sourcesOf(list []document.Endpoint) []document.Text {
	var all []document.Text
	for _, e := range list {
		for _, s := range append([]document.Text{e.Source}, e.AlsoFrom...) {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}
