package report

import (
	_ "embed"
	"html/template"
	"io"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/replies"
	"mailprobe/internal/safe"
)

// What others put into pages of their own: parts of HTML, with headings from
// the second level on, and without any style of their own but Stylesheet.

// Stylesheet returns the style of the ticket, which is that of all pages.
func Stylesheet() string { return htmlStyle }

// HTMLResult writes what the ticket says of one report, as a section. What was
// observed at each server stands in the ticket alone.
func HTMLResult(w io.Writer, d *document.Document, o Options) error {
	return htmlPage.ExecuteTemplate(w, "report", htmlReportOf(d, o))
}

//go:embed explain.tmpl
var explainSource string

var explainPage = template.Must(template.New("explained").Parse(explainSource))

// An htmlMatch is one explanation as a page lays it out.
type htmlMatch struct {
	Summary  string
	Named    string
	Cause    string
	Steps    []string
	HelpURL  string // empty: none that can be followed
	Evidence string // empty: a further reading rests on the same line
}

// ExplainHTML writes what ExplainText says, as a section for each match. Without
// matches it says that nothing was recognised.
func ExplainHTML(w io.Writer, matches []replies.Match, o Options) error {
	l := o.Language
	var views []htmlMatch
	for i, m := range matches {
		v := htmlMatch{Summary: safe.Display(summary(l, m)), Named: safe.Display(named(m)), Cause: safe.Display(l.Told(m.Cause))}
		if i > 0 && m.Layer != "" {
			v.Summary = l.Say("Or: {reading}", "reading", v.Summary)
		}
		for _, step := range finding.Steps(m.Remedy) {
			v.Steps = append(v.Steps, stepLines(l, []string{step})...)
		}
		if plainURL.MatchString(m.HelpURL) {
			v.HelpURL = m.HelpURL
		}
		if lastOf(matches, i) {
			v.Evidence = asPasted(m.Evidence)
		}
		views = append(views, v)
	}
	return explainPage.Execute(w, struct {
		htmlWords
		Matches []htmlMatch
	}{htmlWords{l}, views})
}
