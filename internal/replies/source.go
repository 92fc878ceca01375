package replies

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp/syntax"
	"slices"
	"strings"

	"mailprobe/internal/yamlfile"
)

// loadTable reads tables/*.yaml of any file system, strictly.
func loadTable(files fs.FS) (*table, error) {
	t := newTable()
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
	if len(t.any.Rows) == 0 || !slices.Contains(names, "tables/standard.yaml") {
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
	if err := t.add(f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (t *table) loadWords(files fs.FS, name string) error {
	var n notions
	data, err := yamlfile.Read(files, name, &n)
	if err != nil {
		return err
	}
	if err := n.check(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i, s := range n.Meanings {
		if err := s.check(); err != nil {
			return yamlfile.Locate(name, data, yamlfile.Problem{Path: []any{"meanings", i}, Text: err.Error()})
		}
	}
	switch at, err := t.learn(n); {
	case err != nil && at < 0:
		return fmt.Errorf("%s: %w", name, err)
	case err != nil:
		return yamlfile.Locate(name, data, yamlfile.Problem{Path: []any{"meanings", at}, Text: err.Error()})
	}
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
	f.literals = required(tree)
	f.settle()
	return f, nil
}

// forAny is the place of a file among those for any provider, whose rows follow
// each other in this order; 0: it is a provider's, or the standard's.
func forAny(name string) int {
	return 1 + slices.Index([]string{"oauth.yaml", "any.yaml", "languages.yaml"}, path.Base(name))
}
