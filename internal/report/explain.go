package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/language"
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
	Code     document.Text   `json:"code"`
	Severity document.Text   `json:"severity"`
	Blame    document.Text   `json:"blame"`    // "": nobody need act
	Layer    document.Text   `json:"layer"`    // "": a finding code
	Provider document.Text   `json:"provider"` // "": any
	Summary  document.Text   `json:"summary"`  // one line, to be read aloud
	Cause    document.Text   `json:"cause"`
	Remedy   document.Text   `json:"remedy"` // the whole advice
	Steps    []document.Text `json:"steps"`  // its first steps, three at most
	HelpURL  document.Text   `json:"help_url"`
	Evidence document.Text   `json:"evidence"`
}

// ExplainJSON writes matches as an indented JSON document; without matches its
// list is empty.
func ExplainJSON(w io.Writer, matches []replies.Match) error {
	return encode(w, "", explanation{document.Schema, document.Each(matches, func(m replies.Match) matchView {
		return matchView{
			document.Text(m.Code), document.Text(m.Severity), document.Text(m.Blame), document.Text(m.Layer), document.Text(m.Provider),
			document.Text(summary(nil, m)), document.Text(m.Cause), document.Text(m.Remedy), document.Texts(finding.Steps(m.Remedy)),
			document.Text(m.HelpURL), document.Text(m.Evidence),
		}
	})})
}

// ExplainText writes matches for people to read, at most as wide as the options
// say: what it is and who must act on one line, then what happened and the
// steps to take. What further readings mean, the whole advice and the standards
// stand there only if the options ask for details.
func ExplainText(w io.Writer, matches []replies.Match, o Options) error {
	p := newPage(o)
	if len(matches) == 0 {
		p.paragraph(p.plain, "", "", p.l.Say("Not recognised. Paste the server's whole answer, with its code (such as 535 or NO), or a code of mailprobe, such as cert.expired. Without a message verify the account itself: mailprobe me@example.com."))
	}
	for i, m := range matches {
		if i > 0 {
			p.line()
		}
		head := safe.Display(summary(p.l, m)) + " (" + safe.Display(named(m)) + ")"
		if i > 0 && m.Layer != "" {
			head = p.l.Say("Or: {reading}", "reading", head)
		}
		p.paragraph(p.plain, "", "  ", head)
		b := block{p, "  ", 2, 13}
		b.explain(m, i == 0 || m.Layer == "" || o.Verbose)
		if lastOf(matches, i) {
			b.field(p.l.Say("read from"), asPasted(m.Evidence))
		}
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// explain adds what one match says.
func (b block) explain(m replies.Match, whole bool) {
	if whole {
		b.field(b.l.Say("what happened"), safe.Display(b.l.Told(m.Cause)))
	}
	if b.o.Verbose {
		b.field(b.l.Say("who must act"), b.l.Say(whoActs[m.Blame]))
	}
	b.numbered(b.l.Say("what to do"), finding.Steps(m.Remedy))
	if m.HelpURL != "" {
		b.raw(b.l.Say("help"), safe.Display(m.HelpURL))
	}
	if b.o.Verbose {
		if strings.Join(finding.Steps(m.Remedy), " ") != m.Remedy {
			b.field(b.l.Say("all advice"), safe.Display(b.l.Told(m.Remedy)))
		}
		b.field(b.l.Say("standards"), safe.Display(strings.Join(m.References, ", ")))
	}
}

// numbered adds steps to take under one label.
func (b block) numbered(label string, steps []string) {
	for _, line := range stepLines(b.l, steps) {
		b.field(label, line)
		label = ""
	}
}

// stepLines are steps for display, with numbers where there are several. Those
// of an administrator are marked.
func stepLines(l *language.Language, steps []string) []string {
	var lines []string
	for i, step := range steps {
		text := safe.Display(l.Told(step))
		if finding.ForAdministrator(step) {
			text = l.Say("(administrator) {step}", "step", text)
		}
		if len(steps) > 1 {
			text = fmt.Sprintf("%d. %s", i+1, text)
		}
		lines = append(lines, text)
	}
	return lines
}

// asPasted is a pasted line for display. Its own backslashes are what programs
// print for the end of a line, and are shown as they came.
func asPasted(line string) string {
	return strings.ReplaceAll(safe.Display(line), `\\`, `\`)
}

// lastOf says that no later match rests on the same line.
func lastOf(matches []replies.Match, i int) bool {
	return !slices.ContainsFunc(matches[i+1:], func(m replies.Match) bool { return m.Evidence == matches[i].Evidence })
}

// ExplainedSuccess says of a reply without a fault that it has none.
const ExplainedSuccess language.Template = "Nothing is wrong here: the server agreed to what was asked."

// summary says what a match is and who must act, on one line.
func summary(l *language.Language, m replies.Match) string {
	title := l.Told(m.Title)
	if title == "" {
		title = m.Code
	}
	return title + ": " + whoIn(l, m) + "."
}

// whoIn says in a few words who must act. Where the first step is an
// administrator's, a user cannot.
func whoIn(l *language.Language, m replies.Match) string {
	steps := finding.Steps(m.Remedy)
	if m.Blame == finding.Account && len(steps) > 0 && finding.ForAdministrator(steps[0]) {
		return l.Say("your administrator must act")
	}
	return l.Say(whoInShort[m.Blame])
}

var whoInShort = map[finding.Blame]language.Template{
	"":                   "nobody need act",
	finding.Provider:     "the provider must act",
	finding.Catalogue:    "whoever publishes these settings must act",
	finding.Account:      "you must act",
	finding.LocalNetwork: "whoever runs this network must act",
	finding.LocalMachine: "it is to be mended on this computer",
	finding.Unknown:      "whose fault it is does not show",
	finding.Tool:         "it is about mailprobe itself",
}

// named is the code of a match and the provider whose words it is about.
func named(m replies.Match) string {
	if m.Provider == "" {
		return m.Code
	}
	return m.Code + ", " + m.Provider
}
