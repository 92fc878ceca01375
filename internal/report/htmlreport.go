package report

import (
	_ "embed"
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

// An htmlReport is one report as the page lays it out.
type htmlReport struct {
	htmlWords
	Case       string   // what a suite makes of it; empty: there is none
	Counts     string   // what it looks like: works, fails or unknown
	Unmet      []string // what is not as expected
	Verdict    string   // works, fails or unknown, not to be read
	Answer     string
	More       string
	Target     string
	ResultsOf  string
	Started    string
	StartedISO string
	Heads      []string
	Rows       [][]htmlCell
	NotOffered []string
	SignIn     string
	SignIns    []string
	Complaints []htmlComplaint
	Warnings   []string
	Drift      []string
	Compared   *htmlComparison // nil: nothing was compared
	Steps      []ticketPart
	Settings   []ticketSetting
	Users      bool // the user names are known
	Facts      []htmlPart
	Endpoints  []htmlEndpoint
}

type htmlCell struct {
	Text    string
	Verdict string // works, fails or unknown; empty: it is none
	Head    bool   // it names its row
}

type htmlComplaint struct {
	Heads   []string
	Verdict string
	Parts   []htmlPart
}

type htmlPart struct {
	Label  string
	Lines  []string
	Quoted bool
	Link   bool
}

// htmlReportOf is what is said of one report, without what was observed at each
// server.
func htmlReportOf(d *document.Document, o Options) htmlReport {
	l := o.Language
	sentences := answer(l, d)
	view := htmlReport{
		htmlWords: htmlWords{l}, Verdict: verdictClass(d.Verdict), Answer: sentences[0], More: strings.Join(sentences[1:], " "),
		Target: d.Target.String(), ResultsOf: l.Say("Results of {target}", "target", d.Target), Started: instant(l, d.Started), StartedISO: d.Started.UTC().Format("2006-01-02T15:04:05Z"),
		SignIn: signInHead(l, d), SignIns: signInRows(l, d), Warnings: warned(l, d), Drift: drift(l, d),
	}
	if d.Case != nil {
		view.Case, view.Counts, view.Unmet = caseAnswer(l, d.Case), verdictClass(lookOf(d.Case)), unmetLines(l, d.Case)
	}
	for _, n := range d.NotOffered {
		view.NotOffered = append(view.NotOffered, protocol(document.Server{Protocol: n.Protocol}))
	}
	view.table(l, d)
	for _, c := range complaints(l, d) {
		view.Complaints = append(view.Complaints, htmlComplaintOf(c))
	}
	view.Steps, view.Settings, view.Facts = ticketSteps(l, d), ticketSettings(l, d), ticketFacts(l, d, o.From)
	view.Users = slices.ContainsFunc(view.Settings, func(s ticketSetting) bool { return s.User != "" })
	view.Compared = htmlComparisonOf(l, d, o.Card)
	return view
}

func (v *htmlReport) table(l *language.Language, d *document.Document) {
	for _, c := range columns {
		v.Heads = append(v.Heads, l.Say(c.head))
	}
	v.Heads[0] = l.Say("Protocol")
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		var row []htmlCell
		for n, c := range columns {
			cell := htmlCell{Text: c.cell(l, e, d.Started), Head: n == 1}
			if n == result {
				cell.Verdict = verdictClass(e.Verdict)
			}
			row = append(row, cell)
		}
		v.Rows = append(v.Rows, row)
	}
}

func htmlComplaintOf(c complaint) htmlComplaint {
	view := htmlComplaint{Heads: c.heads, Verdict: verdictClass(c.verdict)}
	for _, said := range c.remarks {
		for _, p := range said {
			if p.kind == steps {
				continue // they stand at the top of the page
			}
			view.Parts = append(view.Parts, htmlPart{p.label, p.lines, p.kind == quoted, p.kind == link && plainURL.MatchString(p.lines[0])})
		}
	}
	return view
}

// verdictClass returns a verdict, or that there is none that is known.
func verdictClass(v document.Text) string {
	if v == document.Works || v == document.Fails {
		return v.String()
	}
	return document.Unknown.String()
}

// htmlWords say the fixed words of a page.
type htmlWords struct{ l *language.Language }

// Lang is the tag of the page's language.
func (w htmlWords) Lang() string { return w.l.Tag() }

// Say says a fixed text that has no arguments.
func (w htmlWords) Say(t language.Template) string { return w.l.Say(t) }
