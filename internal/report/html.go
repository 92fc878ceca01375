package report

import (
	_ "embed"
	"html/template"
	"io"

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

func (h *htmlWriter) Report(d *document.Document) error {
	h.tally.Add(d)
	view := htmlReportOf(d, h.o)
	for i := range d.Endpoints {
		view.Endpoints = append(view.Endpoints, htmlEndpointOf(h.o.Language, &d.Endpoints[i], d))
	}
	return htmlPage.ExecuteTemplate(h.w, "report", view)
}

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
