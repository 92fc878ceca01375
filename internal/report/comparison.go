package report

import (
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/language"
)

// compared adds, for each source of the settings, the servers that it names
// with their verdicts.
func (p *page) compared(d *document.Document) {
	if !p.o.Compare || len(d.Endpoints) == 0 {
		return
	}
	p.line()
	p.paragraph(p.strong, "", "", p.l.Say("What each source says, and whether it works"))
	list := comparedServers(d)
	rows := make([][]cell, len(list))
	before := document.Text("")
	for i, s := range list {
		rows[i] = cells("", protocol(s.Server), address(s.Server), security(p.l, s.Server), testedWord(p.l, s.Verdict))
		rows[i][4].ink = p.verdict(document.Text(s.Verdict))
		if s.Source != before {
			rows[i][0].text, before = s.Source.String(), s.Source
		}
	}
	widths := columnWidths(rows)
	for i, row := range rows {
		user := userOf(list[i], list)
		if total(widths) > p.o.width() {
			p.comparedStack(row, list[i], user)
			continue
		}
		p.line(joined(row, widths))
		if margin := strings.Repeat(" ", widths[0]+widths[1]+4); user != "" {
			p.paragraph(p.dim, margin, margin, p.l.Say("user name {name}", "name", user))
		}
	}
}

// comparedStack adds a server in lines below each other.
func (p *page) comparedStack(row []cell, s document.Compared, user string) {
	if row[0].text != "" {
		p.line(row[0].text)
	}
	p.server("  ", s.Server)
	p.line("        ", row[3].text, ", ", row[4].ink.Sprint(row[4].text))
	if user != "" {
		p.paragraph(p.dim, "        ", "        ", p.l.Say("user name {name}", "name", user))
	}
}

// testedWord is a verdict, or that there is none.
func testedWord(l *language.Language, v document.Maybe) string {
	if v == "" {
		return l.Say("not tested")
	}
	return verdictWord(l, document.Text(v))
}

// userOf is the form of the user name that a source names, where sources differ
// in it.
func userOf(s document.Compared, list []document.Compared) string {
	if s.Username == "" || !slices.ContainsFunc(list, func(x document.Compared) bool { return x.Username != "" && x.Username != s.Username }) {
		return ""
	}
	return s.Username.String()
}

// comparedServers are the servers of all sources, source by source.
func comparedServers(d *document.Document) []document.Compared {
	if d.Comparison != nil {
		return d.Comparison.Servers
	}
	var all []document.Compared
	for _, source := range sourcesOf(d.Endpoints) {
		for _, e := range d.Endpoints {
			if e.Source == source || slices.Contains(e.AlsoFrom, source) {
				all = append(all, document.Compared{Source: source, Server: e.Server, Verdict: document.Maybe(e.Verdict)})
			}
		}
	}
	return all
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

// comparison adds what each mail program would do, and who has to change what.
func (p *page) comparison(c *document.Comparison) {
	if !p.o.Compare || c == nil {
		return
	}
	p.matrix(matrixOf(c))
	for _, f := range c.Findings {
		if f.Severity == document.Text(finding.Info) && !p.o.Verbose {
			continue
		}
		p.paragraph(p.weight(f.Severity), "", "  ", p.coded(f.Severity, f.Message, f.Code))
	}
	p.changes(c.Changes)
}

// matrix adds a row for each source and a column for each program, or where
// that is too wide a line for each.
func (p *page) matrix(m matrix) {
	if len(m.heads) == 0 {
		return
	}
	p.line()
	p.paragraph(p.strong, "", "", p.l.Say("What mail programs make of it"))
	rows := [][]cell{{{}}}
	for _, h := range m.heads {
		rows[0] = append(rows[0], cell{text: h.short})
	}
	for _, r := range m.rows {
		row := []cell{{text: p.l.Told(r.source)}}
		for _, c := range r.cells {
			row = append(row, p.matrixCell(c))
		}
		rows = append(rows, row)
	}
	widths := columnWidths(rows)
	if total(widths) <= p.o.width() {
		p.line(p.dim.Sprint(joined(rows[0], widths)))
		for _, row := range rows[1:] {
			p.line(joined(row, widths))
		}
	} else {
		p.matrixStack(rows)
	}
	for _, r := range m.reasons(p.o.Verbose) {
		p.paragraph(p.verdict(r.verdict), "- ", "  ", r.say(p.l))
	}
	if m.byDocument() {
		p.paragraph(p.dim, "", "  ", p.l.Say(byDocuments))
	}
}

func (p *page) matrixCell(c matrixCell) cell {
	text := p.l.Say(c.word)
	if c.document && c.why != "" {
		text += "*"
	}
	if c.verdict == "" {
		return cell{text, p.dim}
	}
	return cell{text, p.verdict(c.verdict)}
}

// matrixStack adds a line for each program that makes anything of a source.
func (p *page) matrixStack(rows [][]cell) {
	for _, row := range rows[1:] {
		p.line(row[0].text)
		some := false
		for i, c := range row[1:] {
			if c.text == p.l.Say(noWord) {
				continue
			}
			some = true
			p.line("  ", pad(rows[0][i+1].text, 11), " ", c.ink.Sprint(c.text))
		}
		if !some {
			p.line("  ", p.dim.Sprint(p.l.Say("read by none of them")))
		}
	}
}
