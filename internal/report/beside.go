package report

import (
	"strings"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/probe"
	"mailprobe/internal/safe"
	"mailprobe/internal/verify"
)

// addresses adds a row for each address of a host, if all were asked: first
// the one that the run used.
func (p *page) addresses(e *verify.Endpoint, r *verify.Report) {
	if len(e.Addresses) == 0 || e.Result == nil {
		return
	}
	p.line()
	p.paragraph(p.strong, "", "  ", "Each address of "+e.Protocol.Name()+" "+address(e.Endpoint)+", the first as used above, the others without signing in:")
	rows := [][]string{{"Address", "Got to", "Version", "Cert. ends"}}
	for _, a := range append([]*probe.Result{e.Result}, e.Addresses...) {
		one := &verify.Endpoint{Result: a}
		rows = append(rows, []string{safe.Display(addressOf(a)), gotTo(a), versionCell(one, r.Started), certificateCell(one, r.Started)})
	}
	widths := columnWidths(rows)
	for i, row := range rows {
		switch {
		case i == 0:
			p.line("  ", p.dim.Sprint(joinCells(row, widths)))
		case 2+total(widths) > p.o.width():
			p.line("  ", row[0])
			p.line("      ", joinCells(row[1:], widths[1:]))
		default:
			p.line("  ", joinCells(row, widths))
		}
	}
}

// gotTo says how far a dialogue came.
func gotTo(r *probe.Result) string {
	if s := r.FailedStep(); s != nil {
		return "failed: " + phaseWords(s.Phase)
	}
	return "the end"
}

func columnWidths(rows [][]string) []int {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], safe.Width(cell))
		}
	}
	return widths
}

func joinCells(cells []string, widths []int) string {
	padded := make([]string, len(cells))
	for i, cell := range cells {
		padded[i] = pad(cell, widths[i])
	}
	return strings.TrimRight(strings.Join(padded, "  "), " ")
}

// controls adds a line for each connection that was made for comparison.
func (p *page) controls(list []diagnose.Control) {
	if len(list) == 0 {
		return
	}
	p.line()
	p.line(p.strong.Sprint("Connected to for comparison, without a word said:"))
	for _, c := range list {
		where := "the same provider"
		if c.Elsewhere {
			where = "another provider"
		}
		result := "answers"
		if c.Err != nil {
			result = "no connection: " + safe.Clip(c.Err.Error(), maxEvidence)
		}
		p.paragraph(p.plain, "  ", "      ", c.Endpoint.Protocol.Name()+" "+address(c.Endpoint)+" ("+where+"): "+result+" ("+seconds(c.Took)+")")
	}
}
