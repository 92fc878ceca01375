package diagnose

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed replies/*.yaml codes/*.yaml
var embedded embed.FS

// A replyFile is the rows of one provider.
type replyFile struct {
	Provider string   `yaml:"provider"` // "any" or the name in matches
	Like     string   `yaml:"like"`     // another provider whose rows follow this one's
	Serves   []string `yaml:"serves"`   // settings ids
	Marks    string   `yaml:"marks"`    // RE2, case-insensitive: words by which its replies are known
	Rows     []*row   `yaml:"rows"`

	marks *regexp.Regexp
}

// A table is everything the embedded files hold. It is not changed once read.
type table struct {
	codes     map[string]CodeInfo
	order     []string // codes as their files list them
	providers []*replyFile
	byID      map[string]*replyFile
	any       *replyFile
	standard  *standard
}

// embeddedTable reads the embedded files when they are first asked for. They
// are part of the program, so a fault in them is a defect of the build.
var embeddedTable = sync.OnceValue(func() *table {
	t, err := loadTable(embedded)
	if err != nil {
		panic("diagnose: embedded tables: " + err.Error())
	}
	return t
})

// loadTable reads codes/*.yaml and replies/*.yaml.
func loadTable(files fs.FS) (*table, error) {
	t := &table{codes: map[string]CodeInfo{}, byID: map[string]*replyFile{}}
	if err := t.loadCodes(files); err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "replies/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := t.loadReplies(files, name); err != nil {
			return nil, err
		}
	}
	if t.any == nil || t.standard == nil {
		return nil, errors.New("replies: any.yaml or standard.yaml is missing")
	}
	for _, f := range t.providers {
		if f.Like != "" && t.byID[f.Like] == nil {
			return nil, fmt.Errorf("replies/%s.yaml: like: no provider %q", f.Provider, f.Like)
		}
	}
	return t, nil
}

func (t *table) loadReplies(files fs.FS, name string) error {
	if path.Base(name) == "standard.yaml" {
		s, err := loadStandard(files, name, t.codes)
		t.standard = s
		return err
	}
	f := &replyFile{}
	data, err := readStrict(files, name, f)
	if err != nil {
		return err
	}
	if f.Provider != "any" && f.Provider+".yaml" != path.Base(name) {
		return fmt.Errorf("%s: provider is %q", name, f.Provider)
	}
	for i, r := range f.Rows {
		if err := r.prepare(f.Provider, t.codes); err != nil {
			return fmt.Errorf("%s:%d: %w", name, lineOf(data, "rows", i), err)
		}
	}
	if f.marks, err = pattern(f.Marks); err != nil {
		return fmt.Errorf("%s: marks: %w", name, err)
	}
	if f.Provider == "any" {
		t.addCommon(f)
		return nil
	}
	t.providers = append(t.providers, f)
	for _, id := range append([]string{f.Provider}, f.Serves...) {
		if other := t.byID[id]; other != nil && other != f {
			return fmt.Errorf("%s: %s also serves %q", name, other.Provider, id)
		}
		t.byID[id] = f
	}
	return nil
}

// addCommon puts the rows of a further file for any provider behind those read
// before.
func (t *table) addCommon(f *replyFile) {
	if t.any == nil {
		t.any = f
		return
	}
	t.any.Rows = append(t.any.Rows, f.Rows...)
}

// readStrict decodes one YAML file; a key that into does not have is an error
// that names the line.
func readStrict(files fs.FS, name string, into any) ([]byte, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

// lineOf returns the line of item i of a list at the top of a YAML file, for
// error messages; 0 if it cannot be told.
func lineOf(data []byte, list string, i int) int {
	var doc yaml.Node
	if yaml.Unmarshal(data, &doc) != nil || len(doc.Content) == 0 {
		return 0
	}
	keys := doc.Content[0].Content
	for k := 0; k+1 < len(keys); k += 2 {
		if keys[k].Value == list && i < len(keys[k+1].Content) {
			return keys[k+1].Content[i].Line
		}
	}
	return 0
}
