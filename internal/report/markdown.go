package report

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

// A markdownWriter writes GitHub's kind of Markdown (GFM), for comments, wikis
// and summaries of jobs: for each report the answer as heading, a table of the
// settings, and what is wrong.
type markdownWriter struct {
	w    io.Writer
	l    *language.Language
	more bool
}

func newMarkdown(w io.Writer, o Options) Writer {
	return inOrder(&markdownWriter{w: w, l: o.Language})
}

func (m *markdownWriter) Begin() error { return nil }

func (m *markdownWriter) Report(d *document.Document) error {
	text := markdown(m.l, d)
	if m.more {
		text = "\n" + text
	}
	m.more = true
	_, err := io.WriteString(m.w, text)
	return err
}

func (m *markdownWriter) End() error { return nil }

// markdown returns one report.
func markdown(l *language.Language, d *document.Document) string {
	var b strings.Builder
	sentences := answer(l, d)
	if d.Case != nil {
		fmt.Fprintf(&b, "## %s\n\n", markdownText(caseAnswer(l, d.Case)))
		for _, line := range unmetLines(l, d.Case) {
			fmt.Fprintf(&b, "- %s\n", markdownText(line))
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "### %s\n\n%s\n", markdownText(sentences[0]), markdownText(strings.Join(sentences[1:], " ")))
	markdownTable(&b, l, d)
	for _, n := range d.NotOffered {
		fmt.Fprintf(&b, "\n%s: %s\n", markdownText(protocol(document.Server{Protocol: n.Protocol})), l.Say("not offered (documented)"))
	}
	markdownList(&b, signInHead(l, d)+":", signInRows(l, d))
	for _, c := range complaints(l, d) {
		markdownComplaint(&b, c)
	}
	markdownList(&b, l.Say(warningsHead), warned(l, d))
	markdownList(&b, l.Say(driftHead), drift(l, d))
	return b.String()
}

func markdownTable(b *strings.Builder, l *language.Language, d *document.Document) {
	if len(d.Endpoints) == 0 {
		return
	}
	b.WriteString("\n|")
	for _, c := range columns {
		b.WriteString(" " + l.Say(c.head) + " |")
	}
	b.WriteString("\n|" + strings.Repeat(" --- |", len(columns)) + "\n")
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		b.WriteByte('|')
		for n, c := range columns {
			text := markdownText(c.cell(l, e, d.Started))
			if n == result && e.Verdict != document.Works {
				text = "**" + text + "**"
			}
			b.WriteString(" " + text + " |")
		}
		b.WriteByte('\n')
	}
}

func markdownList(b *strings.Builder, head string, items []string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n\n", markdownText(head))
	for _, item := range items {
		fmt.Fprintf(b, "- %s\n", markdownText(item))
	}
}

func markdownComplaint(b *strings.Builder, c complaint) {
	b.WriteByte('\n')
	for i, head := range c.heads {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(b, "**%s**", markdownText(head))
	}
	b.WriteString("\n\n")
	for _, said := range c.remarks {
		for _, p := range said {
			for _, line := range p.lines {
				text := markdownText(line)
				if p.kind == link && plainURL.MatchString(line) {
					text = "<" + line + ">"
				}
				fmt.Fprintf(b, "- %s: %s\n", p.label, text)
			}
		}
	}
}

// plainURL is an address that Markdown cannot take for anything else.
var plainURL = regexp.MustCompile(`^https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+$`)

// markdownText makes a text that was made harmless already mean nothing to
// Markdown: no mark-up, no link, and no mention of a person or an issue, which
// an empty comment breaks.
func markdownText(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '@' || r == '#':
			b.WriteString(`\` + string(r) + "<!-- -->")
		case strings.ContainsRune("\\`*_{}[]()<>|~&!$^=+", r), r == ':' && strings.HasPrefix(s[i:], "://"), r == '.' && isWWW(s[:i]), r == '-' && (i == 0 || s[i-1] == '-'):
			b.WriteString(`\` + string(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isWWW(before string) bool {
	return len(before) >= 3 && strings.EqualFold(before[len(before)-3:], "www")
}
