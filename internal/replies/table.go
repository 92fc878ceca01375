package replies

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"mailprobe/internal/lazyregexp"
)

// compact is what tables/*.yaml say in the form that a process reads in a
// millisecond, and learned what texts of known causes have in common. People
// edit the YAML and the texts; a test holds both against them.
//
//go:generate go run ./compile
var (
	//go:embed tables.tsv
	compact string
	//go:embed likeness.tsv
	learned string
)

// A replyFile is the rows of one provider.
type replyFile struct {
	Provider string   `yaml:"provider"` // "any" or the name in matches
	Like     string   `yaml:"like"`     // another provider, itself like nobody, whose rows follow this one's
	Serves   []string `yaml:"serves"`   // further settings ids
	Marks    string   `yaml:"marks"`    // RE2, case-insensitive: words by which its replies are known
	Rows     []*row   `yaml:"rows"`

	marks    *lazyregexp.Regexp
	literals []string // of marks, as in a row
}

// A table is everything the files hold. It is not changed once read.
type table struct {
	providers []*replyFile
	byID      map[string]*replyFile
	any       *replyFile // the rows for any provider
	standard  *standard
	notions   notions  // as they are written
	words     *lexicon // of notions; nil: none
	meanings  []*sense

	topics, faults, plain marks     // of words
	alike                 *likeness // what texts of known causes have in common; nil: none were read
}

// embeddedTable reads the compact form when it is first asked for. It is part of
// the program, so a fault in it is a defect of the build.
var embeddedTable = sync.OnceValue(func() *table {
	t, err := readCompact(compact)
	if err != nil {
		panic("replies: embedded tables: " + err.Error())
	}
	t.alike = readLikeness(learned)
	return t
})

func newTable() *table {
	return &table{byID: map[string]*replyFile{}, any: &replyFile{Provider: "any"}, standard: &standard{}, words: &lexicon{}}
}

// settle makes a file that was read ready.
func (f *replyFile) settle() {
	if f.Marks != "" {
		f.marks = lazyregexp.Folding(f.Marks)
	}
}

// add takes the rows of a file into the table.
func (t *table) add(f *replyFile) error {
	if f.Provider == "any" {
		t.any.Rows = append(t.any.Rows, f.Rows...)
		return nil
	}
	t.providers = append(t.providers, f)
	for _, id := range append([]string{f.Provider}, f.Serves...) {
		if other := t.byID[id]; other != nil || id != strings.ToLower(id) || id == "" {
			return fmt.Errorf("serves %q, which is another's or no name in lower case", id)
		}
		t.byID[id] = f
	}
	return nil
}

// learn makes the lexicon of the notions. Of an error it says at which meaning
// it is; -1: at none.
func (t *table) learn(n notions) (at int, err error) {
	t.notions, t.meanings = n, n.Meanings
	if t.words, err = newLexicon(n); err != nil {
		return -1, err
	}
	for _, set := range []struct {
		of    *marks
		names []string
	}{{&t.topics, n.Topics}, {&t.faults, n.Faults}, {&t.plain, n.Plain}} {
		if *set.of, err = t.words.set(set.names); err != nil {
			return -1, err
		}
	}
	for i, s := range n.Meanings {
		if err := s.prepare(t.words, n.Context); err != nil {
			return i, err
		}
	}
	return -1, nil
}
