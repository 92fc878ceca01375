package report

import (
	"cmp"
	"slices"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

// A matrix says what each mail program makes of each source.
type matrix struct {
	heads []matrixHead
	rows  []matrixRow
}

type matrixHead struct{ name, short string }

// A matrixRow is one source; the last row is what comes of all.
type matrixRow struct {
	source string
	cells  []matrixCell
}

// A matrixCell is a verdict with its reason.
type matrixCell struct {
	word     language.Template
	verdict  document.Text // empty: it is none
	why      string        // a sentence; empty: the word says all
	document bool          // by documents about the program alone
	taken    bool          // from here the program takes its account
}

// inTheEnd is the row of what comes of all sources.
const inTheEnd = "in the end"

func matrixOf(c *document.Comparison) matrix {
	var m matrix
	var ids, sources []document.Text
	for _, x := range c.Programs {
		if !slices.Contains(ids, x.Client) {
			ids = append(ids, x.Client)
			m.heads = append(m.heads, matrixHead{x.Name.String(), cmp.Or(x.Short, x.Name).String()})
		}
		if !slices.Contains(sources, x.Source) {
			sources = append(sources, x.Source)
		}
	}
	last := matrixRow{source: inTheEnd, cells: make([]matrixCell, len(ids))}
	for i := range last.cells {
		last.cells[i].word = "nothing"
	}
	for _, source := range sources {
		row := matrixRow{source: source.String()}
		for i, id := range ids {
			cell := matrixCellOf(c.Programs, id, source)
			row.cells = append(row.cells, cell)
			if last.cells[i].outdone(cell) {
				last.cells[i] = cell
			}
		}
		if source == "guess" || slices.ContainsFunc(c.Servers, func(s document.Compared) bool { return s.Source == source }) || row.says() {
			m.rows = append(m.rows, row)
		}
	}
	m.rows = append(m.rows, last)
	return m
}

// outdone reports whether another cell says more of what comes of a program in
// the end.
func (c matrixCell) outdone(by matrixCell) bool {
	return by.taken || !c.taken && c.word == "nothing" && (by.word == ownWord || by.word == openWord)
}

// says reports whether any program makes anything of the source.
func (r matrixRow) says() bool {
	return slices.ContainsFunc(r.cells, func(c matrixCell) bool { return c.word != noWord })
}

// The words of cells that are no verdict.
const (
	noWord   language.Template = "-"
	ownWord  language.Template = "own data"
	openWord language.Template = "unknown"
	dropWord language.Template = "drops it"
)

func matrixCellOf(all []document.Program, client, source document.Text) matrixCell {
	i := slices.IndexFunc(all, func(p document.Program) bool { return p.Client == client && p.Source == source })
	if i < 0 {
		return matrixCell{word: noWord}
	}
	p := all[i]
	cell := matrixCell{word: noWord, why: p.Says.String(), taken: p.Taken, document: p.KnownBy.Basis == "document"}
	switch p.State {
	case "reads":
		cell.verdict = cmp.Or(document.Text(p.Verdict), document.Unknown)
		cell.word = verdictWords{"works", "fails", "unknown"}.of(cell.verdict)
	case "drops":
		cell.word, cell.verdict = dropWord, document.Fails
	case "open":
		cell.word, cell.verdict = openWord, document.Unknown
	case "own":
		cell.word = ownWord
	default:
		cell.why = ""
	}
	return cell
}

// A reason is why a cell says what it says.
type reason struct {
	why, source string
	document    bool // by documents about the program alone
	verdict     document.Text
}

// say is the reason and the source that it is about, in a sentence.
func (r reason) say(l *language.Language) string {
	text := l.Told(r.why) + " (" + l.Told(r.source) + ")"
	if r.document {
		text += "*"
	}
	return text
}

// reasons are those of what programs take, and of what does not work; verbose
// has all of them.
func (m matrix) reasons(verbose bool) []reason {
	var all []reason
	for _, row := range m.rows[:len(m.rows)-1] {
		for _, c := range row.cells {
			if c.why == "" || !verbose && !c.taken && c.verdict == document.Works {
				continue
			}
			all = append(all, reason{c.why, row.source, c.document, c.verdict})
		}
	}
	return all
}

// byDocument reports whether anything is known by documents alone.
func (m matrix) byDocument() bool {
	return slices.ContainsFunc(m.rows, func(r matrixRow) bool {
		return slices.ContainsFunc(r.cells, func(c matrixCell) bool { return c.document && c.why != "" })
	})
}

// byDocuments explains the mark.
const byDocuments language.Template = "* by documents about the program, whose source is not open"
