package report

import (
	"fmt"
	"io"
	"strings"

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
	Code     text `json:"code"`
	Severity text `json:"severity"`
	Blame    text `json:"blame"`    // "": nobody need act
	Layer    text `json:"layer"`    // "": a finding code
	Provider text `json:"provider"` // "": any
	Cause    text `json:"cause"`
	Remedy   text `json:"remedy"`
	HelpURL  text `json:"help_url"`
	Evidence text `json:"evidence"`
}

// ExplainJSON writes matches as an indented JSON document; without matches its
// list is empty.
func ExplainJSON(w io.Writer, matches []replies.Match) error {
	doc := explanation{Schema: schema, Matches: make([]matchView, 0, len(matches))}
	for _, m := range matches {
		doc.Matches = append(doc.Matches, matchView{Code: text(m.Code), Severity: text(m.Severity), Blame: text(m.Blame),
			Layer: text(m.Layer), Provider: text(m.Provider), Cause: text(m.Cause), Remedy: text(m.Remedy),
			HelpURL: text(m.HelpURL), Evidence: text(m.Evidence)})
	}
	return encode(w, doc)
}

// ExplainText writes matches for people to read: what happened, who must act,
// what to do, and the line it was read from.
func ExplainText(w io.Writer, matches []replies.Match) error {
	var b strings.Builder
	if len(matches) == 0 {
		b.WriteString("Not recognised. Paste the server's whole answer, with its code (such as 535 or NO), or a finding code.\n")
	}
	for i, m := range matches {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(heading(i, m))
		field(&b, "what happened", m.Cause)
		field(&b, "who must act", whoActs[m.Blame])
		field(&b, "what to do", m.Remedy)
		if m.HelpURL != "" {
			line(&b, "help", safe.Display(m.HelpURL))
		}
		field(&b, "standards", strings.Join(m.References, ", "))
		field(&b, "evidence", m.Evidence)
	}
	_, err := io.WriteString(w, b.String())
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
	return fmt.Sprintf("%s (%s%s)\n", safe.Display(title), safe.Display(m.Code), safe.Display(where))
}

// explainWidth is the width of a terminal that nobody has widened.
const explainWidth = 78

const indent = 17

// field writes one labelled paragraph, wrapped between words.
func field(b *strings.Builder, label, text string) {
	if text == "" {
		return
	}
	for i, part := range wrap(safe.Display(text), explainWidth-indent) {
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(b, "  %-*s%s\n", indent-2, label, part)
	}
}

// line writes what must stay in one piece, such as an address to open.
func line(b *strings.Builder, label, text string) {
	fmt.Fprintf(b, "  %-*s%s\n", indent-2, label, text)
}
