package language

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// texts are all that a language has words for. They are not changed once read.
type texts struct {
	name      string // of the language, in itself
	plural    func(n int) int
	templates map[string][]string // by the English, or the English singular
	sentences map[string]string   // by the English
	patterns  []pattern           // of the sentences with placeholders
}

// readTexts reads all files of a language's folder.
func readTexts(files fs.FS, folder string) (*texts, error) {
	t := &texts{templates: map[string][]string{}, sentences: map[string]string{}}
	for _, part := range []struct {
		files string
		add   func(entry) error
	}{
		{"language.po", t.header},
		{"templates/*.po", t.template},
		{"sentences/*.po", t.sentence},
	} {
		names, err := fs.Glob(files, path.Join(folder, part.files))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if err := addAll(files, name, part.add); err != nil {
				return nil, err
			}
		}
	}
	if t.plural == nil {
		return nil, fmt.Errorf("%s: language.po does not say the language's plural forms", folder)
	}
	return t, nil
}

func addAll(files fs.FS, name string, add func(entry) error) error {
	entries, err := readPO(files, name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.translated() {
			continue
		}
		if err := add(e); err != nil {
			return fmt.Errorf("%s:%d: %w", name, e.line, err)
		}
	}
	return nil
}

func (t *texts) template(e entry) error {
	if t.templates[e.id] != nil {
		return fmt.Errorf("%q is there twice", e.id)
	}
	t.templates[e.id] = e.said
	return nil
}

func (t *texts) sentence(e entry) error {
	if _, twice := t.sentences[e.id]; twice {
		return fmt.Errorf("%q is there twice", e.id)
	}
	t.sentences[e.id] = e.said[0]
	if strings.Contains(e.id, "{") {
		t.patterns = append(t.patterns, patternOf(e.id))
	}
	return nil
}

// header reads what a language's own file says of it.
func (t *texts) header(e entry) error {
	for line := range strings.Lines(e.said[0]) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "X-Native-Language-Name":
			t.name = value
		case "Plural-Forms":
			if t.plural = pluralForms[value]; t.plural == nil {
				return fmt.Errorf("unknown plural forms %q; those that are known stand in plural.go", value)
			}
		}
	}
	return nil
}
