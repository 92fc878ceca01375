package replies

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"

	"mailprobe/internal/lazyregexp"
	"mailprobe/internal/yamlfile"
)

//go:embed tables/*.yaml
var embedded embed.FS

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

// A table is everything the embedded files hold. It is not changed once read.
type table struct {
	providers []*replyFile
	byID      map[string]*replyFile
	any       *replyFile // the rows for any provider
	standard  *standard
	words     *lexicon // nil: none
	meanings  []*sense

	topics, faults, plain marks // of words
}

// embeddedTable reads the embedded files when they are first asked for. They
// are part of the program, so a fault in them is a defect of the build.
var embeddedTable = sync.OnceValue(func() *table {
	t, err := loadTable(embedded)
	if err != nil {
		panic("replies: embedded tables: " + err.Error())
	}
	return t
})

// loadTable reads tables/*.yaml of any file system.
func loadTable(files fs.FS) (*table, error) {
	t := &table{byID: map[string]*replyFile{}, any: &replyFile{Provider: "any"}, words: &lexicon{}}
	names, err := fs.Glob(files, "tables/*.yaml")
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(names, func(a, b string) int { return forAny(a) - forAny(b) })
	for _, name := range names {
		if err := t.load(files, name); err != nil {
			return nil, err
		}
	}
	if len(t.any.Rows) == 0 || t.standard == nil {
		return nil, errors.New("tables: any.yaml or standard.yaml is missing")
	}
	for _, f := range t.providers {
		if other := t.byID[f.Like]; f.Like != "" && (other == nil || other.Like != "") {
			return nil, fmt.Errorf("tables/%s.yaml: like: no provider %q with rows of its own", f.Provider, f.Like)
		}
	}
	return t, nil
}

func (t *table) load(files fs.FS, name string) error {
	if path.Base(name) == "standard.yaml" {
		s, err := loadStandard(files, name)
		t.standard = s
		return err
	}
	if path.Base(name) == "words.yaml" {
		return t.loadWords(files, name)
	}
	f, err := loadReplies(files, name)
	if err != nil {
		return err
	}
	if f.Provider == "any" && f.Like+f.Marks+strings.Join(f.Serves, "") != "" {
		return fmt.Errorf("%s: like, serves and marks are a provider's", name)
	}
	if f.Provider == "any" {
		t.any.Rows = append(t.any.Rows, f.Rows...)
		return nil
	}
	t.providers = append(t.providers, f)
	for _, id := range append([]string{f.Provider}, f.Serves...) {
		if other := t.byID[id]; other != nil || id != strings.ToLower(id) || id == "" {
			return fmt.Errorf("%s: serves %q, which is another's or no name in lower case", name, id)
		}
		t.byID[id] = f
	}
	return nil
}

func (t *table) loadWords(files fs.FS, name string) error {
	var n notions
	data, err := yamlfile.Read(files, name, &n)
	if err != nil {
		return err
	}
	if t.words, err = newLexicon(n); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var bad error
	t.topics, err = t.words.set(n.Topics)
	t.faults, bad = t.words.set(n.Faults)
	plain, odd := t.words.set(n.Plain)
	t.plain = plain
	if err := errors.Join(err, bad, odd); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i, s := range n.Meanings {
		if err := s.prepare(t.words, n.Context); err != nil {
			return yamlfile.Locate(name, data, yamlfile.Problem{Path: []any{"meanings", i}, Text: err.Error()})
		}
	}
	t.meanings = n.Meanings
	return nil
}

func loadReplies(files fs.FS, name string) (*replyFile, error) {
	f := &replyFile{}
	data, err := yamlfile.Read(files, name, f)
	if err != nil {
		return nil, err
	}
	if common := forAny(name) > 0; common != (f.Provider == "any") || !common && f.Provider+".yaml" != path.Base(name) {
		return nil, fmt.Errorf("%s: provider is %q", name, f.Provider)
	}
	for i, r := range f.Rows {
		if err := r.prepare(f.Provider); err != nil {
			return nil, yamlfile.Locate(name, data, yamlfile.Problem{Path: []any{"rows", i}, Text: err.Error()})
		}
	}
	tree, err := syntax.Parse("(?i)"+f.Marks, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("%s: marks: %w", name, err)
	}
	if f.Marks != "" {
		f.literals, f.marks = required(tree), lazyregexp.New("(?i)"+f.Marks)
	}
	return f, nil
}

// forAny is the place of a file among those for any provider, whose rows follow
// each other in this order; 0: it is a provider's, or the standard's.
func forAny(name string) int {
	return 1 + slices.Index([]string{"oauth.yaml", "any.yaml", "languages.yaml"}, path.Base(name))
}
