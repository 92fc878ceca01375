package report

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

//go:embed html.tmpl
var htmlSource string

//go:embed html.css
var htmlStyle string

// htmlPage holds the parts of a page. Whatever is put into them is escaped by
// the template, for the place where it stands.
var htmlPage = template.Must(template.Must(template.New("page").Parse(htmlSource)).New("style").Parse(htmlStyle))

// An htmlWriter writes one page that needs nothing else: no script, no other
// file, no request.
type htmlWriter struct {
	w     io.Writer
	o     Options
	tally document.Tally
}

func newHTML(w io.Writer, o Options) Writer { return inOrder(&htmlWriter{w: w, o: o}) }

func (h *htmlWriter) Begin() error {
	return htmlPage.ExecuteTemplate(h.w, "begin", htmlWords{h.o.Language})
}

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

func (h *htmlWriter) Report(d *document.Document) error {
	h.tally.Add(d)
	view := htmlReportOf(d, h.o)
	for i := range d.Endpoints {
		view.Endpoints = append(view.Endpoints, htmlEndpointOf(h.o.Language, &d.Endpoints[i], d))
	}
	return htmlPage.ExecuteTemplate(h.w, "report", view)
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

func (h *htmlWriter) End() error {
	l := h.o.Language
	return htmlPage.ExecuteTemplate(h.w, "end", struct {
		htmlWords
		Sum       string // of several reports; empty: there is one
		Version   string
		Questions []string
	}{htmlWords{l}, h.sum(), l.Say("Written by mailprobe {version}.", "version", document.Text(h.o.Version).String()), h.questions()})
}

// sum says how many reports there are and what they come to, where it is not
// one.
func (h *htmlWriter) sum() string {
	l, n := h.o.Language, h.tally.Reports()
	switch {
	case n == 0:
		return l.Say("Nothing was verified.")
	case n == 1:
		return ""
	}
	return l.Say(sums.of(h.o.over(&h.tally).Verdict()), "n", n)
}

var sums = verdictWords{"{n} targets: everything works.", "{n} targets: something does not work.", "{n} targets: not everything could be judged."}

// questions are what a help desk asks the caller about one target that does
// not work; a suite has no caller.
func (h *htmlWriter) questions() []string {
	if h.tally.Reports() != 1 || h.o.Suite != nil || h.o.over(&h.tally).Verdict() == document.Works {
		return nil
	}
	return document.Each(callerQuestions, func(t language.Template) string { return h.o.Language.Say(t) })
}

var callerQuestions = []language.Template{
	"Which mail program is it, and in which version?",
	"What does it say, word for word?",
	"Since when does it not work, and what was changed before?",
	"Does it work in another network, such as a phone's?",
	"Does webmail work, with the same name and password?",
	"Do other people, or other devices of yours, have the same trouble?",
}
