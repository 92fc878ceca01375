// Package catalog holds what mail providers document, as data built into the
// program: one file per provider, each fact with its source. It finds a
// provider by what a user types, by MX, by server host or by greeting. It
// never touches the network.
package catalog

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"mailprobe/internal/settings"
	"mailprobe/internal/yamlfile"
)

//go:embed providers/*.yaml
var providers embed.FS

// A Catalog is a set of providers, checked against each other: no two share
// an id, alias, domain or MX suffix. The settings that it returns are its own
// and must not be changed. It is safe for concurrent use.
type Catalog struct {
	all     []*settings.Provider
	names   map[string]*settings.Provider // by id, alias and display name, folded
	domains map[string]*settings.Provider // "*.example.com" stands for any name below
	foreign map[string]*settings.Provider // looks like this provider's domain, but is not
	mx      map[string]*settings.Provider // by suffix, with its leading dot
	hosts   map[string][]*settings.Provider
}

// Load reads the providers that are built in. An error names every file and
// line that is wrong.
func Load() (*Catalog, error) { return load(providers) }

// load reads providers/*.yaml of any file system.
func load(fsys fs.FS) (*Catalog, error) {
	names, err := fs.Glob(fsys, "providers/*.yaml")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var files []file
	var wrong []error
	for _, name := range names {
		f, err := readFile(fsys, name)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		files = append(files, f)
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	return index(files)
}

// A file is one provider's file, kept while the catalogue is built so that an
// error can name the line.
type file struct {
	name     string
	data     []byte
	provider *settings.Provider
}

func readFile(fsys fs.FS, name string) (file, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return file{}, err
	}
	p, err := parse(name, data)
	if err != nil {
		return file{}, err
	}
	f := file{name, data, p}
	if want := "providers/" + p.ID + ".yaml"; name != want {
		return file{}, f.wrong(fmt.Sprintf("the file of %q must be called %s", p.ID, want), "id")
	}
	return f, nil
}

// wrong returns an error about the value at a path of keys and indices.
func (f file) wrong(text string, path ...any) error {
	return yamlfile.Locate(f.name, f.data, yamlfile.Problem{Path: path, Text: text})
}

// All returns every provider, sorted by id.
func (c *Catalog) All() []*settings.Provider { return slices.Clone(c.all) }
