package report

import (
	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

// An htmlComparison is what sources say beside what was verified, as the page
// lays it out.
type htmlComparison struct {
	htmlWords
	Users    bool // some sources differ in the user name
	Servers  []htmlCompared
	Heads    []string
	Rows     []htmlMatrixRow
	Mark     string // what the star means; empty: there is none
	Findings []string
	People   []htmlPerson
	Sources  []htmlPublished // of a report card
	Pins     []string        // of a report card
}

type htmlPublished struct {
	Name, Status string
	Says         []string
}

// card adds what each source says, and what DNS says of certificates.
func (v *htmlComparison) card(l *language.Language, c *document.Comparison) {
	for _, s := range c.Sources {
		source := htmlPublished{Name: s.Source.String(), Status: l.Say(sourceStates[s.Status])}
		if s.Reason != "" && len(s.Findings) == 0 {
			source.Says = append(source.Says, phrase(l, s.Reason))
		}
		for _, f := range s.Findings {
			source.Says = append(source.Says, severityWord(l, f.Severity)+": "+phrase(l, f.Message)+" "+phrase(l, f.Remedy))
		}
		v.Sources = append(v.Sources, source)
	}
	for _, x := range c.TLSA {
		v.Pins = append(v.Pins, pinWords(l, x))
	}
}

type htmlCompared struct{ Source, For, Server, Security, User, Result, Verdict string }

type htmlMatrixRow struct {
	Source string
	Cells  []htmlMatrixCell
}

type htmlMatrixCell struct{ Head, Word, Verdict, Why string }

type htmlPerson struct {
	Who     string
	Changes []htmlChange
}

type htmlChange struct{ Says, Now, Write string }

// htmlComparisonOf returns nil where nothing was compared.
func htmlComparisonOf(l *language.Language, d *document.Document, card bool) *htmlComparison {
	if d.Comparison == nil {
		return nil
	}
	v := &htmlComparison{htmlWords: htmlWords{l}}
	if card {
		v.card(l, d.Comparison)
	}
	for _, s := range d.Comparison.Servers {
		user := userOf(s, d.Comparison.Servers)
		v.Users = v.Users || user != ""
		v.Servers = append(v.Servers, htmlCompared{s.Source.String(), protocol(s.Server), address(s.Server), security(l, s.Server), user, testedWord(l, s.Verdict), string(s.Verdict)})
	}
	v.matrix(l, matrixOf(d.Comparison))
	for _, f := range d.Comparison.Findings {
		v.Findings = append(v.Findings, severityWord(l, f.Severity)+": "+phrase(l, f.Message))
	}
	for _, group := range changeGroups(d.Comparison.Changes) {
		person := htmlPerson{Who: whoChanges(l, group[0])}
		for _, x := range group {
			person.Changes = append(person.Changes, htmlChange{changeWords(l, x), x.Now.String(), x.Write.String()})
		}
		v.People = append(v.People, person)
	}
	return v
}

// matrix lays out a row for each source; each cell says why.
func (v *htmlComparison) matrix(l *language.Language, m matrix) {
	for _, h := range m.heads {
		v.Heads = append(v.Heads, h.name)
	}
	if len(m.heads) == 0 {
		return
	}
	for _, r := range m.rows {
		row := htmlMatrixRow{Source: l.Told(r.source)}
		for i, c := range r.cells {
			word := l.Say(c.word)
			if c.document && c.why != "" {
				word += "*"
			}
			row.Cells = append(row.Cells, htmlMatrixCell{m.heads[i].name, word, string(c.verdict), l.Told(c.why)})
		}
		v.Rows = append(v.Rows, row)
	}
	if m.byDocument() {
		v.Mark = l.Say(byDocuments)
	}
}
