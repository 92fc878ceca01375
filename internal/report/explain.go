package report

import (
	"fmt"
	"io"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/replies"
	"mailprobe/internal/safe"
)

// An explanation is the JSON of "mailprobe explain", an interface like that of
// a report.
type explanation struct {
	Schema  int         `json:"schema"`
	Matches []matchView `json:"matches"`
}

// A matchView is one explanation, best first.
type matchView struct {
	Code     document.Text `json:"code"`
	Severity document.Text `json:"severity"`
	Blame    document.Text `json:"blame"`    // "": nobody need act
	Layer    document.Text `json:"layer"`    // "": a finding code
	Provider document.Text `json:"provider"` // "": any
	Cause    document.Text `json:"cause"`
	Remedy   document.Text `json:"remedy"`
	HelpURL  document.Text `json:"help_url"`
	Evidence document.Text `json:"evidence"`
}

// ExplainJSON writes matches as an indented JSON document; without matches its
// list is empty.
func ExplainJSON(w io.Writer, matches []replies.Match) error {
	return encode(w, "", explanation{document.Schema, document.Each(matches, func(m replies.Match) matchView {
		return matchView{
			document.Text(m.Code), document.Text(m.Severity), document.Text(m.Blame), document.Text(m.Layer), document.Text(m.Provider),
			document.Text(m.Cause), document.Text(m.Remedy), document.Text(m.HelpURL), document.Text(m.Evidence),
		}
	})})
}

// ExplainText writes matches for people to read: what happened, who must act,
// what to do, and the line it was read from.
func ExplainText(w io.Writer, matches []replies.Match) error {
	p := newPage(Options{Width: 78})
	if len(matches) == 0 {
		p.line("Not recognised. Paste the server's whole answer, with its code (such as 535 or NO), or a finding code.")
	}
	for i, m := range matches {
		if i > 0 {
			p.line()
		}
		p.line(heading(i, m))
		b := block{p, "  ", 2, 13}
		b.field("what happened", safe.Display(m.Cause))
		b.field("who must act", whoActs[m.Blame])
		b.field("what to do", safe.Display(m.Remedy))
		if m.HelpURL != "" {
			b.raw("help", safe.Display(m.HelpURL))
		}
		b.field("standards", safe.Display(strings.Join(m.References, ", ")))
		b.field("evidence", safe.Display(m.Evidence))
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// ExplainSuccess says of a reply without a fault that it has none.
func ExplainSuccess(w io.Writer) error {
	_, err := io.WriteString(w, "Nothing is wrong here: the server agreed to what was asked.\n")
	return err
}

func heading(i int, m replies.Match) string {
	title := m.Title
	if title == "" {
		title = m.Code
	}
	if i > 0 && m.Layer != "" {
		title = "Or: " + title
	}
	where := ""
	if m.Provider != "" {
		where = ", " + m.Provider
	}
	return fmt.Sprintf("%s (%s%s)", safe.Display(title), safe.Display(m.Code), safe.Display(where))
}
