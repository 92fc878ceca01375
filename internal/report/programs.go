package report

import (
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

// programs adds what each mail program would set up: where it takes its account
// from, and which servers. Verbose shows every source that it reads.
func (p *page) programs(d document.Discovery) {
	if len(d.Readings) == 0 {
		return
	}
	p.line()
	p.line(p.strong.Sprint(p.l.Say("What mail programs would set up")))
	byDocument := false
	for _, c := range d.Clients {
		shown := 0
		name := c.Name.String()
		for _, r := range d.Readings {
			if r.Client != c.ID || r.Later || !r.Taken && !p.o.Verbose {
				continue
			}
			mark := ""
			if r.KnownBy.Basis == "document" {
				mark, byDocument = " *", true
			}
			p.paragraph(p.plain, pad(name, 24)+" ", strings.Repeat(" ", 25),
				protocol(r.Server)+" "+address(r.Server)+" "+security(p.l, r.Server)+" ("+r.Source.String()+": "+phrase(p.l, r.Why)+")"+mark)
			name = ""
			shown++
		}
		if shown == 0 {
			p.paragraph(p.dim, pad(name, 24)+" ", strings.Repeat(" ", 25), whyNothing(p.l, d, c.ID))
		}
	}
	if byDocument {
		p.paragraph(p.dim, "", "  ", p.l.Say(byDocuments))
	}
}

// whyNothing says why a program sets nothing up by itself.
func whyNothing(l *language.Language, d document.Discovery, client document.Text) string {
	var parts []string
	for _, u := range d.Unread {
		if u.Client == client && (u.State == "drops" || u.State == "own" || u.State == "open") {
			parts = append(parts, u.Source.String()+": "+phrase(l, u.Why))
		}
	}
	for _, r := range d.Readings {
		if r.Client == client {
			parts = append(parts, r.Source.String()+": "+l.Say("would be read after that"))
			break
		}
	}
	if len(parts) == 0 {
		return l.Say("nothing by itself: it reads none of these sources")
	}
	return strings.Join(parts, "; ")
}
