package replies

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Compact reads tables/*.yaml of a file system as strictly as they can be, and
// returns them in the form that is part of the program.
func Compact(files fs.FS) (string, error) {
	t, err := loadTable(files)
	if err != nil {
		return "", err
	}
	return t.compact()
}

// compact writes a record for each thing that the table holds, in the order of
// the files. What follows a provider is its rows.
func (t *table) compact() (string, error) {
	var w recordWriter
	for _, f := range append([]*replyFile{t.any}, t.providers...) {
		w.write("provider", f.literals, f)
		for _, r := range f.Rows {
			w.write("row", r.literals, r)
		}
	}
	lists := t.standard.lists()
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		for i := range *lists[name] {
			w.write(name, nil, &(*lists[name])[i])
		}
	}
	t.compactWords(&w)
	return w.out.String(), w.err
}

func (t *table) compactWords(w *recordWriter) {
	w.write("words", nil, &t.notions)
	for _, name := range slices.Sorted(maps.Keys(t.notions.Notions)) {
		w.line("notion", name, t.notions.Notions[name])
	}
	for _, name := range slices.Sorted(maps.Keys(t.notions.Denied)) {
		w.line("denied", name, t.notions.Denied[name])
	}
	for _, s := range t.notions.Meanings {
		w.write("meaning", nil, s)
	}
}

// readCompact reads what compact wrote. It checks no more than it must to read.
func readCompact(text string) (*table, error) {
	t := newTable()
	lists := t.standard.lists()
	n := notions{Notions: map[string]string{}, Denied: map[string]string{}}
	var f *replyFile
	for line := range strings.Lines(text) {
		r := recordReader{strings.TrimSuffix(line, "\n")}
		switch kind := r.next(); {
		case kind == "provider":
			f = t.readProvider(&r)
		case kind == "row" && f != nil:
			f.readRow(&r)
		case lists[kind] != nil:
			var m meaning
			r.read(&m)
			*lists[kind] = append(*lists[kind], m)
		case !n.readRecord(kind, &r):
			return nil, fmt.Errorf("unknown record %q", kind)
		}
	}
	_, err := t.learn(n)
	return t, err
}

func (t *table) readProvider(r *recordReader) *replyFile {
	f := &replyFile{}
	f.literals = r.read(f)
	if f.Provider == "any" {
		return t.any
	}
	f.settle()
	t.providers = append(t.providers, f)
	for _, id := range append(f.Serves, f.Provider) {
		t.byID[id] = f
	}
	return f
}

func (f *replyFile) readRow(from *recordReader) {
	r := &row{}
	r.literals = from.read(r)
	r.settle(f.Provider)
	f.Rows = append(f.Rows, r)
}

// readRecord reports whether the record is one of words, and reads it.
func (n *notions) readRecord(kind string, r *recordReader) bool {
	switch kind {
	case "words":
		r.read(n)
	case "notion":
		name := r.next()
		n.Notions[name] = r.next()
	case "denied":
		name := r.next()
		n.Denied[name] = r.next()
	case "meaning":
		s := &sense{}
		r.read(s)
		n.Meanings = append(n.Meanings, s)
	default:
		return false
	}
	return true
}
