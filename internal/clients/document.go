package clients

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/published"
)

// A draft is a document while a client reads it.
type draft struct {
	*reader
	document *published.Document
	address  string
	servers  []Server
	apart    []published.Section // that the client knows and this program does not
	left     []string            // why servers were left out
	dropped  string              // why the document is; empty: it is not
}

// document reads a document as the client does.
func (rd *reader) document(r *Reading, target string, d *published.Document) {
	r.Rule, r.Note = rd.rule, rd.Note
	switch {
	case !d.Read && rd.Lenient:
		r.State, r.Why = Open, "reads less strictly; what it makes of the fault is not known"
		return
	case !d.Read:
		r.State, r.Why = Drops, "it cannot be read"
		return
	case string(d.Format) != rd.Format:
		r.State, r.Why = Drops, "it is another kind of document"
		return
	}
	if slices.ContainsFunc(d.Sections, func(s published.Section) bool { return s.Entities }) {
		r.State, r.Why = Open, "may resolve the entities of the document, which are not resolved here"
		return
	}
	w := &draft{reader: rd, document: d, address: target}
	w.whole()
	for i, s := range d.Sections {
		w.section(i, s)
	}
	w.choose(r)
}

func (w *draft) drop(why string) { w.dropped = cmp.Or(w.dropped, why) }

// or leaves a server or drops the document.
func (w *draft) or(what, why string) {
	if what == "document" {
		w.drop(why)
		return
	}
	w.left = append(w.left, why)
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// reason says by which words a row holds.
func reason(row securityRow, s published.Section, fields []string) string {
	var parts []string
	for name, word := range row.When {
		parts = append(parts, name+"="+word)
	}
	slices.Sort(parts)
	if len(row.Ports) > 0 {
		parts = append(parts, "port "+s.Port)
	}
	if row.Why != "" {
		parts = append(parts, row.Why)
	}
	if len(row.When) == 0 {
		parts = append([]string{cmp.Or(written(s, fields), "nothing says how")}, parts...)
	}
	return strings.Join(parts, ", ")
}

// written says what a section writes under some names.
func written(s published.Section, names []string) string {
	var parts []string
	for _, name := range names {
		for _, v := range s.Values(name) {
			parts = append(parts, name+"="+v)
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

// place names a section.
func place(s published.Section) string {
	if s.Line == 0 {
		return s.Kind
	}
	return fmt.Sprintf("<%s> in line %d", s.Kind, s.Line)
}
