package report

import (
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/document"
)

// changes adds what each person has to change, with the line to write.
func (p *page) changes(list []document.Change) {
	if len(list) == 0 {
		return
	}
	p.line()
	p.paragraph(p.strong, "", "", "Who has to change what")
	for _, group := range changeGroups(list) {
		p.paragraph(p.strong, "", "  ", whoChanges(group[0]))
		for _, x := range group {
			p.paragraph(p.plain, "- ", "  ", changeWords(x))
			p.given("now:", x.Now)
			p.given("write:", x.Write)
		}
	}
}

// given adds what stands in a document, whole, so that it can be copied.
func (p *page) given(label string, text document.Text) {
	if text != "" {
		p.line("  ", p.dim.Sprint(pad(label, 6)), " ", text.String())
	}
}

// changeGroups puts the changes of one person together.
func changeGroups(list []document.Change) [][]document.Change {
	var groups [][]document.Change
	for _, x := range list {
		at := slices.IndexFunc(groups, func(g []document.Change) bool { return g[0].Who == x.Who && g[0].At == x.At })
		if at < 0 {
			groups = append(groups, []document.Change{x})
			continue
		}
		groups[at] = append(groups[at], x)
	}
	return groups
}

// whoChanges names whoever has to change something.
func whoChanges(x document.Change) string {
	at := x.At.String()
	switch x.Who {
	case "provider":
		return strings.ToUpper(at[:1]) + at[1:] + ":"
	case "file":
		return "Whoever keeps " + at + ":"
	}
	return "Whoever runs " + at + ":"
}

// changeWords says what to change and where.
func changeWords(x document.Change) string {
	where := x.Where.String()
	switch {
	case where == "" || x.Who == "file" && x.Line == 0 || strings.Contains(x.Why.String(), where):
		where = ""
	case x.Who == "file":
		where = "Line " + fmt.Sprint(x.Line) + ": "
	case x.Line > 0:
		where += ", line " + fmt.Sprint(x.Line) + ": "
	default:
		where += ": "
	}
	return where + x.Why.String()
}

// spokenComparison says in sentences what mail programs would do, and who has to
// change what.
func (p *page) spokenComparison(c *document.Comparison) {
	if !p.o.Compare || c == nil {
		return
	}
	p.line()
	for _, s := range c.Servers {
		p.say(fmt.Sprintf("By %s, %s, server %s, port %d, %s: %s.", s.Source, protocol(s.Server), s.Host, s.Port, security(nil, s.Server), testedWord(s.Verdict)))
	}
	p.line()
	for _, r := range matrixOf(c).reasons(true) {
		p.say(r.text)
	}
	for _, f := range c.Findings {
		p.say(f.Severity.String() + ": " + f.Message.String())
	}
	for _, group := range changeGroups(c.Changes) {
		p.line()
		p.say(whoChanges(group[0]))
		for _, x := range group {
			p.say(changeWords(x))
			p.given("Now:", x.Now)
			p.given("Write:", x.Write)
		}
	}
}
