package report

import (
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

// changes adds what each person has to change, with the line to write.
func (p *page) changes(list []document.Change) {
	if len(list) == 0 {
		return
	}
	p.line()
	p.paragraph(p.strong, "", "", p.l.Say("Who has to change what"))
	for _, group := range changeGroups(list) {
		p.paragraph(p.strong, "", "  ", whoChanges(p.l, group[0]))
		for _, x := range group {
			p.paragraph(p.plain, "- ", "  ", changeWords(p.l, x))
			p.given(p.l.Say("now:"), x.Now)
			p.given(p.l.Say("write:"), x.Write)
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
func whoChanges(l *language.Language, x document.Change) string {
	at := phrase(l, x.At)
	switch x.Who {
	case "provider":
		return strings.ToUpper(at[:1]) + at[1:] + ":"
	case "file":
		return l.Say("Whoever keeps {what}:", "what", at)
	}
	return l.Say("Whoever runs {what}:", "what", at)
}

// changeWords says what to change and where.
func changeWords(l *language.Language, x document.Change) string {
	where := x.Where.String()
	switch {
	case where == "" || x.Who == "file" && x.Line == 0 || strings.Contains(x.Why.String(), where):
		where = ""
	case x.Who == "file":
		where = l.Say("Line {line}: ", "line", x.Line)
	case x.Line > 0:
		where += l.Say(", line {line}: ", "line", x.Line)
	default:
		where += ": "
	}
	return where + phrase(l, x.Why)
}

// spokenComparison says in sentences what mail programs would do, and who has to
// change what.
func (p *page) spokenComparison(c *document.Comparison) {
	if !p.o.Compare || c == nil {
		return
	}
	p.line()
	for _, s := range c.Servers {
		p.say(p.l.Say("By {source}, {protocol}, server {host}, port {port}, {security}: {verdict}.", "source", s.Source, "protocol", protocol(s.Server), "host", s.Host, "port", s.Port, "security", security(p.l, s.Server), "verdict", testedWord(p.l, s.Verdict)))
	}
	p.line()
	for _, r := range matrixOf(c).reasons(true) {
		p.say(r.say(p.l))
	}
	for _, f := range c.Findings {
		p.say(severityWord(p.l, f.Severity) + ": " + phrase(p.l, f.Message))
	}
	for _, group := range changeGroups(c.Changes) {
		p.line()
		p.say(whoChanges(p.l, group[0]))
		for _, x := range group {
			p.say(changeWords(p.l, x))
			p.given(p.l.Say("Now:"), x.Now)
			p.given(p.l.Say("Write:"), x.Write)
		}
	}
}
