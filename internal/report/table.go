package report

import (
	"strings"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

// A column is one fact about each endpoint.
type column struct {
	head language.Template
	rank int // 0: always shown; of the others the highest goes first where the line is too short
	cell func(l *language.Language, e *document.Endpoint, now time.Time) string
}

// result is the index of the column of the verdict.
const result = 3

var columns = []column{
	{"", 0, func(_ *language.Language, e *document.Endpoint, _ time.Time) string { return protocol(e.Server) }},
	{"Server", 0, func(_ *language.Language, e *document.Endpoint, _ time.Time) string { return address(e.Server) }},
	{"Security", 0, func(l *language.Language, e *document.Endpoint, _ time.Time) string { return security(l, e.Server) }},
	{"Result", 0, func(l *language.Language, e *document.Endpoint, _ time.Time) string { return verdictWord(l, e.Verdict) }},
	{"Version", 2, func(_ *language.Language, e *document.Endpoint, _ time.Time) string { return versionCell(e.Used()) }},
	{"Cert. ends", 1, func(l *language.Language, e *document.Endpoint, now time.Time) string {
		return certificateCell(l, e.Used(), now)
	}},
	{"Time", 3, func(l *language.Language, e *document.Endpoint, _ time.Time) string { return timeCell(l, e) }},
}

func versionCell(a document.Address) string {
	if a.TLSVersion == "" {
		return "-"
	}
	return a.TLSVersion.String()
}

func certificateCell(l *language.Language, a document.Address, now time.Time) string {
	if a.Certificate == nil {
		return "-"
	}
	return validity(l, *a.Certificate, now)
}

func timeCell(l *language.Language, e *document.Endpoint) string {
	if !e.Ran() {
		return "-"
	}
	return seconds(l, e.Took)
}

// table adds a row for each endpoint, with the columns that there is room for.
func (p *page) table(d *document.Document) {
	if len(d.Endpoints) == 0 {
		return
	}
	p.line()
	for shown := columns; ; shown = withoutOne(shown) {
		rows := p.rows(d, shown)
		widths := columnWidths(rows)
		switch fits := total(widths) <= p.o.width(); {
		case fits:
			p.line(p.dim.Sprint(joined(rows[0], widths)))
			for _, row := range rows[1:] {
				p.line(joined(row, widths))
			}
			return
		case len(shown) == result+1:
			p.stack(d)
			return
		}
	}
}

// withoutOne leaves out the column of the highest rank.
func withoutOne(list []column) []column {
	last := 0
	for i, c := range list {
		if c.rank > list[last].rank {
			last = i
		}
	}
	return append(append([]column{}, list[:last]...), list[last+1:]...)
}

func (p *page) rows(d *document.Document, shown []column) [][]cell {
	rows := make([][]cell, 1, 1+len(d.Endpoints))
	for _, c := range shown {
		rows[0] = append(rows[0], cell{text: p.l.Say(c.head)})
	}
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		var row []cell
		for _, c := range shown {
			row = append(row, cell{text: c.cell(p.l, e, d.Started)})
		}
		row[result].ink = p.verdict(e.Verdict)
		rows = append(rows, row)
	}
	return rows
}

// stacked is how many columns the second line of an endpoint takes in a stack.
const stacked = 55

// stack adds two lines for each endpoint, for server names that leave no room
// beside them.
func (p *page) stack(d *document.Document) {
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		p.server("", e.Server)
		if p.o.width() < stacked {
			p.paragraph(p.verdict(e.Verdict), "      ", "      ", verdictWord(p.l, e.Verdict)+", "+security(p.l, e.Server)+", "+timeCell(p.l, e))
			continue
		}
		row := cells(security(p.l, e.Server), verdictWord(p.l, e.Verdict), versionCell(e.Used()), certificateCell(p.l, e.Used(), d.Started), timeCell(p.l, e))
		row[1].ink = p.verdict(e.Verdict)
		p.line("      ", joined(row, []int{8, 7, 7, 10, 0}))
	}
}

// server adds the protocol and address of an endpoint, the address broken
// where a line ends.
func (p *page) server(margin string, s document.Server) {
	head := margin + pad(protocol(s), 6)
	for _, l := range breakLast([]string{address(s)}, p.o.width()-len(head)) {
		p.line(head, l)
		head = strings.Repeat(" ", len(head))
	}
}

// addresses adds a row for each address of a host, if all were asked: first
// the one that the run used.
func (p *page) addresses(e *document.Endpoint, now time.Time) {
	if len(e.Addresses) == 0 {
		return
	}
	p.line()
	p.paragraph(p.strong, "", "  ", p.l.Say("Each address of {server}, the first as used above, the others without signing in:", "server", protocol(e.Server)+" "+address(e.Server)))
	rows := [][]cell{cells(p.l.Say("Address"), p.l.Say("Got to"), p.l.Say("Version"), p.l.Say("Cert. ends"))}
	for _, a := range append([]document.Address{e.Used()}, e.Addresses...) {
		rows = append(rows, cells(a.Address.String(), gotTo(p.l, a), versionCell(a), certificateCell(p.l, a, now)))
	}
	widths := columnWidths(rows)
	for i, row := range rows {
		switch {
		case i == 0 && 2+total(widths) > p.o.width(): // the rows have no columns either
		case i == 0:
			p.line("  ", p.dim.Sprint(joined(row, widths)))
		case 2+total(widths) > p.o.width():
			p.line("  ", row[0].text)
			p.paragraph(p.plain, "      ", "      ", row[1].text+", "+row[2].text+", "+row[3].text)
		default:
			p.line("  ", joined(row, widths))
		}
	}
}

// gotTo says how far a dialogue came.
func gotTo(l *language.Language, a document.Address) string {
	if a.FailedPhase != "" {
		return l.Say("failed: {phase}", "phase", phaseWords(l, a.FailedPhase.String()))
	}
	return l.Say("the end")
}
