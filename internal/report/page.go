package report

import (
	"strings"

	"github.com/fatih/color"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

// A page is text that grows line by line.
type page struct {
	strings.Builder
	ink
	o    Options
	l    *language.Language
	told told // of the reports above
}

func newPage(o Options) *page { return &page{ink: newInk(o.Color), o: o, l: o.Language, told: told{}} }

// line adds a line. Blanks at its end are dropped.
func (p *page) line(parts ...string) {
	p.WriteString(strings.TrimRight(strings.Join(parts, ""), " "))
	p.WriteByte('\n')
}

// paragraph adds wrapped text, coloured as a whole, with its continuation
// lines indented.
func (p *page) paragraph(c *color.Color, first, next, text string) {
	margin := first
	for _, l := range wrap(text, p.o.width()-max(len(first), len(next))) {
		p.line(margin, c.Sprint(l))
		margin = next
	}
}

// A block is a run of lines with a label and text behind a common margin.
type block struct {
	*page
	margin string // as printed before each line
	indent int    // columns of margin
	label  int    // columns of the labels
}

// field adds a labelled text; the label stands on its first line only. An
// empty text adds nothing.
func (b block) field(label, text string) {
	if text == "" {
		return
	}
	b = b.narrowed(label)
	if b.label == 0 {
		label = ""
	}
	for _, l := range wrap(text, b.room()) {
		b.raw(label, l)
		label = ""
	}
}

// narrowed puts the label on a line of its own where the text would have too
// little room beside it.
func (b block) narrowed(label string) block {
	if b.label == 0 || b.room() >= minRoom {
		return b
	}
	if label != "" {
		b.line(b.margin, b.dim.Sprint(label))
	}
	b.label = 0
	return b
}

// Columns that a text needs beside its label.
const minRoom = 24

// raw adds a labelled line as it is, even if it is too long: an address that
// is to be copied must not be broken.
func (b block) raw(label, line string) {
	if b = b.narrowed(label); b.label == 0 {
		b.line(b.margin, "  ", line)
		return
	}
	b.line(b.margin, b.dim.Sprint(pad(label, b.label)), "  ", line)
}

// lines adds a text of several lines under one label.
func (b block) lines(label string, lines []string) {
	for _, l := range lines {
		if l == "" {
			b.raw(label, "")
		}
		b.field(label, l)
		label = ""
	}
}

// room returns the columns for text; longer lines are hard to read.
func (b block) room() int { return min(b.o.width()-b.indent-b.label-2, 110) }

// An ink is the set of colours of one writer. Text is padded before it is
// coloured, so that columns stay straight.
type ink struct{ plain, good, bad, warn, dim, strong *color.Color }

func newInk(on bool) ink {
	i := ink{
		plain:  color.New(),
		good:   color.New(color.FgGreen),
		bad:    color.New(color.FgRed, color.Bold),
		warn:   color.New(color.FgMagenta), // yellow cannot be read on white
		dim:    color.New(color.Faint),
		strong: color.New(color.Bold),
	}
	i.plain.DisableColor()
	for _, c := range []*color.Color{i.good, i.bad, i.warn, i.dim, i.strong} {
		if on {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
	}
	return i
}

func (i ink) verdict(v document.Text) *color.Color {
	switch v {
	case document.Works:
		return i.good
	case document.Fails:
		return i.bad
	default:
		return i.warn
	}
}
