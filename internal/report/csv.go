package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/safe"
)

// A csvWriter writes a row for each endpoint, and one for a run that has none
// or in which something is wrong as a whole (RFC 4180, lines end with LF).
type csvWriter struct{ w *csv.Writer }

func newCSV(w io.Writer, _ Options) Writer { return csvWriter{csv.NewWriter(w)} }

func (c csvWriter) Begin() error {
	heads := make([]string, len(csvColumns))
	for i, col := range csvColumns {
		heads[i] = col.head
	}
	return c.row(heads)
}

func (c csvWriter) Report(d *document.Document) error {
	if len(d.Endpoints) == 0 || len(d.Decisive()) > 0 {
		run := document.Endpoint{Verdict: d.Verdict, Findings: d.Findings, Took: d.Took}
		if err := c.endpoint(d, &run); err != nil {
			return err
		}
	}
	for i := range d.Endpoints {
		if err := c.endpoint(d, &d.Endpoints[i]); err != nil {
			return err
		}
	}
	return nil
}

func (c csvWriter) End() error { return nil }

func (c csvWriter) endpoint(d *document.Document, e *document.Endpoint) error {
	cells := make([]string, len(csvColumns))
	for i, col := range csvColumns {
		if cells[i] = col.cell(d, e); !col.number {
			cells[i] = csvText(cells[i])
		}
	}
	return c.row(cells)
}

func (c csvWriter) row(cells []string) error {
	if err := c.w.Write(cells); err != nil {
		return err
	}
	c.w.Flush()
	return c.w.Error()
}

// csvText makes a text harmless in a cell. A spreadsheet takes for a formula
// what begins with one of these characters, also behind blanks; an apostrophe
// before them makes it a text.
func csvText(s string) string {
	s = safe.Display(s)
	if first := strings.TrimLeft(s, " "); first != "" && strings.ContainsRune("=+-@|%＝＋－＠", []rune(first)[0]) {
		return "'" + s
	}
	return s
}

var csvColumns = []struct {
	head   string
	number bool // it is made here, of digits
	cell   func(*document.Document, *document.Endpoint) string
}{
	{"target", false, func(d *document.Document, _ *document.Endpoint) string { return string(d.Target) }},
	{"provider", false, func(d *document.Document, _ *document.Endpoint) string { return providerID(d) }},
	{"started", false, func(d *document.Document, _ *document.Endpoint) string { return d.Started.Format(time.RFC3339) }},
	{"protocol", false, func(_ *document.Document, e *document.Endpoint) string { return string(e.Protocol) }},
	{"host", false, func(_ *document.Document, e *document.Endpoint) string { return string(e.Host) }},
	{"port", true, func(_ *document.Document, e *document.Endpoint) string { return unlessZero(int(e.Port)) }},
	{"security", false, func(_ *document.Document, e *document.Endpoint) string { return string(e.Security) }},
	{"verdict", false, func(_ *document.Document, e *document.Endpoint) string { return string(e.Verdict) }},
	{"failed_phase", false, func(_ *document.Document, e *document.Endpoint) string { return string(e.FailedPhase) }},
	{"sign_in", false, func(_ *document.Document, e *document.Endpoint) string { return string(e.Auth.Status) }},
	{"mechanism", false, func(_ *document.Document, e *document.Endpoint) string { return string(e.Auth.Mechanism) }},
	{"address", false, func(_ *document.Document, e *document.Endpoint) string { return string(e.Address) }},
	{"tls_version", false, func(_ *document.Document, e *document.Endpoint) string { return string(e.Used().TLSVersion) }},
	{"certificate_not_after", false, func(_ *document.Document, e *document.Endpoint) string { return leaf(e, notAfter) }},
	{"days_left", true, func(_ *document.Document, e *document.Endpoint) string { return leaf(e, daysLeft) }},
	{"took_ms", true, func(_ *document.Document, e *document.Endpoint) string {
		return strconv.FormatFloat(float64(e.Took), 'f', 1, 64)
	}},
	{"code", false, func(_ *document.Document, e *document.Endpoint) string { return string(first(e.Decisive()).Code) }},
	{"blame", false, func(_ *document.Document, e *document.Endpoint) string { return string(first(e.Decisive()).Blame) }},
	{"message", false, func(_ *document.Document, e *document.Endpoint) string { return string(first(e.Decisive()).Message) }},
	{"remedy", false, func(_ *document.Document, e *document.Endpoint) string { return string(first(e.Decisive()).Remedy) }},
	{"other_codes", false, func(_ *document.Document, e *document.Endpoint) string { return codes(rest1(e.Decisive())) }},
	{"case", false, func(d *document.Document, _ *document.Endpoint) string {
		return ofCase(d, func(c *document.Case) string { return string(c.Case) })
	}},
	{"outcome", false, func(d *document.Document, _ *document.Endpoint) string {
		return ofCase(d, func(c *document.Case) string { return string(c.Outcome) })
	}},
	{"warnings", false, func(_ *document.Document, e *document.Endpoint) string {
		return codes(only(e.Findings, finding.Warning))
	}},
	{"input_line", true, func(d *document.Document, _ *document.Endpoint) string {
		return ofList(d, func(l *document.Listed) string { return strconv.Itoa(l.InputLine) })
	}},
	{"input_resolve", false, func(d *document.Document, _ *document.Endpoint) string {
		return ofList(d, func(l *document.Listed) string { return blanks(l.InputResolve) })
	}},
	{"input_results", true, func(d *document.Document, e *document.Endpoint) string {
		if e.Protocol == "" && len(d.Endpoints) > 0 { // about the target as a whole
			return ""
		}
		return ofList(d, func(l *document.Listed) string { return strconv.Itoa(l.InputResults) })
	}},
}

// ofList says where in a list a target stands; empty: it was no list that was
// run.
func ofList(d *document.Document, say func(*document.Listed) string) string {
	if d.Listed == nil {
		return ""
	}
	return say(d.Listed)
}

// ofCase says something of a case; empty: it was no suite that was run.
func ofCase(d *document.Document, say func(*document.Case) string) string {
	if d.Case == nil {
		return ""
	}
	return say(d.Case)
}

func providerID(d *document.Document) string {
	if d.Provider == nil {
		return ""
	}
	return string(d.Provider.ID)
}

func unlessZero(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// leaf says something of a server's own certificate; empty: none was seen.
func leaf(e *document.Endpoint, say func(document.ShortCertificate) string) string {
	if c := e.Used().Certificate; c != nil {
		return say(*c)
	}
	return ""
}

func notAfter(c document.ShortCertificate) string { return c.NotAfter.Format(time.RFC3339) }

func daysLeft(c document.ShortCertificate) string { return strconv.Itoa(c.DaysLeft) }

// first returns the first finding; the zero one: there is none.
func first(list []document.Finding) document.Finding {
	if len(list) == 0 {
		return document.Finding{}
	}
	return list[0]
}

func rest1(list []document.Finding) []document.Finding { return list[min(1, len(list)):] }

// codes lists codes, as received.
func codes(list []document.Finding) string {
	return blanks(document.Each(list, func(f document.Finding) document.Text { return f.Code }))
}
