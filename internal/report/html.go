package report

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"strings"

	"mailprobe/internal/document"
)

//go:embed html.tmpl
var htmlSource string

// htmlPage holds the parts of a page. Whatever is put into them is escaped by
// the template, for the place where it stands.
var htmlPage = template.Must(template.New("page").Parse(htmlSource))

// An htmlWriter writes one page that needs nothing else: no script, no other
// file, no request.
type htmlWriter struct {
	w     io.Writer
	o     Options
	tally document.Tally
}

func newHTML(w io.Writer, o Options) Writer { return inOrder(&htmlWriter{w: w, o: o}) }

func (h *htmlWriter) Begin() error { return htmlPage.ExecuteTemplate(h.w, "begin", nil) }

// An htmlReport is one report as the page lays it out.
type htmlReport struct {
	Case       string   // what a suite makes of it; empty: there is none
	Counts     string   // what it counts as: works, fails or unknown
	Unmet      []string // what is not as expected
	Verdict    string   // works, fails or unknown
	Answer     string
	More       string
	Target     string
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
	sentences := answer(d)
	view := htmlReport{
		Verdict: verdictWord(d.Verdict), Answer: sentences[0], More: strings.Join(sentences[1:], " "),
		Target: d.Target.String(), Started: d.Started.UTC().Format("2 January 2006, 15:04:05 UTC"), StartedISO: d.Started.UTC().Format("2006-01-02T15:04:05Z"),
		SignIn: "Signing in" + asWhom(d), SignIns: signInRows(d), Warnings: warned(d), Drift: drift(d),
	}
	if d.Case != nil {
		view.Case, view.Counts, view.Unmet = caseAnswer(d.Case), verdictWord(d.Counts), unmetLines(d.Case)
	}
	for _, n := range d.NotOffered {
		view.NotOffered = append(view.NotOffered, protocol(document.Server{Protocol: n.Protocol}))
	}
	view.table(d)
	for _, c := range complaints(d) {
		view.Complaints = append(view.Complaints, htmlComplaintOf(c))
	}
	view.Steps, view.Settings, view.Facts = ticketSteps(d), ticketSettings(d), ticketFacts(d, h.o.From)
	view.Users = slices.ContainsFunc(view.Settings, func(s ticketSetting) bool { return s.User != "" })
	for i := range d.Endpoints {
		view.Endpoints = append(view.Endpoints, htmlEndpointOf(&d.Endpoints[i], d))
	}
	return htmlPage.ExecuteTemplate(h.w, "report", view)
}

func (v *htmlReport) table(d *document.Document) {
	for _, c := range columns {
		v.Heads = append(v.Heads, c.head)
	}
	v.Heads[0] = "Protocol"
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		var row []htmlCell
		for n, c := range columns {
			cell := htmlCell{Text: c.cell(e, d.Started), Head: n == 1}
			if n == result {
				cell.Verdict = verdictWord(e.Verdict)
			}
			row = append(row, cell)
		}
		v.Rows = append(v.Rows, row)
	}
}

func htmlComplaintOf(c complaint) htmlComplaint {
	view := htmlComplaint{Heads: c.heads, Verdict: verdictWord(c.verdict)}
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

// verdictWord returns a verdict, or that there is none that is known.
func verdictWord(v document.Text) string {
	if v == document.Works || v == document.Fails {
		return v.String()
	}
	return document.Unknown.String()
}

func (h *htmlWriter) End() error {
	return htmlPage.ExecuteTemplate(h.w, "end", struct {
		Reports   int
		Verdict   string
		Version   string
		Questions []string
	}{h.tally.Reports(), verdictWord(h.o.over(&h.tally).Verdict()), document.Text(h.o.Version).String(), h.questions()})
}

// questions are what a help desk asks the caller about one target that does
// not work; a suite has no caller.
func (h *htmlWriter) questions() []string {
	if h.tally.Reports() != 1 || h.o.Suite != nil || h.o.over(&h.tally).Verdict() == document.Works {
		return nil
	}
	return callerQuestions
}

var callerQuestions = []string{
	"Which mail program is it, and in which version?",
	"What does it say, word for word?",
	"Since when does it not work, and what was changed before?",
	"Does it work in another network, such as a phone's?",
	"Does webmail work, with the same name and password?",
	"Do other people, or other devices of yours, have the same trouble?",
}
