package report

import (
	"crypto/tls"
	"strings"
	"time"

	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// A column is one fact about each endpoint.
type column struct {
	head string
	cell func(e *verify.Endpoint, now time.Time) string
	rank int // 0: always shown; of the others the highest goes first where the line is too short
}

const verdictHead = "Result"

var columns = []column{
	{"", func(e *verify.Endpoint, _ time.Time) string { return e.Protocol.Name() }, 0},
	{"Server", func(e *verify.Endpoint, _ time.Time) string { return address(e.Endpoint) }, 0},
	{"Security", func(e *verify.Endpoint, _ time.Time) string { return e.Security.Name() }, 0},
	{verdictHead, func(e *verify.Endpoint, _ time.Time) string { return string(e.Verdict) }, 0},
	{"Version", versionCell, 2},
	{"Cert. ends", certificateCell, 1},
	{"Time", timeCell, 3},
}

func versionCell(e *verify.Endpoint, _ time.Time) string {
	if e.Result == nil || e.Result.TLS == nil {
		return "-"
	}
	return tls.VersionName(e.Result.TLS.Version)
}

func certificateCell(e *verify.Endpoint, now time.Time) string {
	if e.Result == nil || e.Result.TLS == nil || len(e.Result.TLS.Chain) == 0 {
		return "-"
	}
	return validity(e.Result.TLS.Chain[0], now)
}

func timeCell(e *verify.Endpoint, _ time.Time) string {
	if e.Result == nil {
		return "-"
	}
	return seconds(e.Result.Took)
}

// table adds a row for each endpoint.
func (p *page) table(r *verify.Report) {
	if len(r.Endpoints) == 0 {
		return
	}
	p.line()
	shown, widths := fit(r, p.o.width())
	if total(widths) > p.o.width() {
		p.stack(r)
		return
	}
	heads := make([]string, len(shown))
	for i, c := range shown {
		heads[i] = pad(c.head, widths[i])
	}
	p.line(p.dim.Sprint(strings.TrimRight(strings.Join(heads, "  "), " ")))
	for i := range r.Endpoints {
		p.line(p.row(&r.Endpoints[i], shown, widths, r.Started))
	}
}

func (p *page) row(e *verify.Endpoint, shown []column, widths []int, now time.Time) string {
	cells := make([]string, len(shown))
	for i, c := range shown {
		cells[i] = pad(c.cell(e, now), widths[i])
		if c.head == verdictHead {
			cells[i] = p.verdict(e.Verdict).Sprint(cells[i])
		}
	}
	return strings.Join(cells, "  ")
}

// stack adds two lines for each endpoint, for server names that leave no room
// beside them.
func (p *page) stack(r *verify.Report) {
	for i := range r.Endpoints {
		e := &r.Endpoints[i]
		p.server("", e.Endpoint)
		p.line("      ", pad(e.Security.Name(), 8), "  ", p.verdict(e.Verdict).Sprint(pad(string(e.Verdict), 7)), "  ",
			pad(versionCell(e, r.Started), 7), "  ", pad(certificateCell(e, r.Started), 10), "  ", timeCell(e, r.Started))
	}
}

// server adds the protocol and address of an endpoint, the address broken
// where a line ends.
func (p *page) server(margin string, e settings.Endpoint) {
	head := margin + pad(e.Protocol.Name(), 6)
	for _, l := range breakLast([]string{address(e)}, p.o.width()-len(head)) {
		p.line(head, l)
		head = strings.Repeat(" ", len(head))
	}
}

// fit returns the columns that there is room for, and their widths.
func fit(r *verify.Report, width int) ([]column, []int) {
	shown := columns
	for {
		widths := measure(r, shown)
		last := -1
		for i, c := range shown {
			if c.rank > 0 && (last < 0 || c.rank > shown[last].rank) {
				last = i
			}
		}
		if total(widths) <= width || last < 0 {
			return shown, widths
		}
		shown = append(append([]column{}, shown[:last]...), shown[last+1:]...)
	}
}

func measure(r *verify.Report, shown []column) []int {
	widths := make([]int, len(shown))
	for i, c := range shown {
		widths[i] = safe.Width(c.head)
		for j := range r.Endpoints {
			widths[i] = max(widths[i], safe.Width(c.cell(&r.Endpoints[j], r.Started)))
		}
	}
	return widths
}

// total returns the columns of a row with two blanks between its cells.
func total(widths []int) int {
	sum := 2 * (len(widths) - 1)
	for _, w := range widths {
		sum += w
	}
	return sum
}
