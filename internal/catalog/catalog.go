// Package catalog holds what mail providers document, as data built into the
// program: one file per provider, each fact with its source. It finds a
// provider by what a user types, by MX, by server host or by greeting. It
// never touches the network.
package catalog

import (
	"bytes"
	"embed"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"mailprobe/internal/settings"
)

//go:embed providers/*.yaml
var providers embed.FS

// Files are the providers' files that are built in, below providers/.
func Files() fs.FS { return providers }

// A Catalog is a set of providers. What is known of one is read when it is
// asked for, once. The providers that it returns are its own and must not be
// changed. It is safe for concurrent use.
type Catalog struct {
	all   func() []*entry // sorted by id
	words func() *index
}

// An entry is one provider's file and what has been read of it.
type entry struct {
	name    string
	data    func() ([]byte, error)
	outline *settings.Provider
	whole   func() *settings.Provider
}

// Load returns the providers that are built in.
func Load() *Catalog { return Read(providers) }

// Read returns the providers in providers/*.yaml of any file system. The files
// must have passed Check, as those that are built in have in the tests: one
// that is wrong is a panic as soon as it is read.
func Read(fsys fs.FS) *Catalog {
	return newCatalog(func() []*entry {
		entries, err := readAll(fsys)
		must(err)
		return entries
	})
}

func newCatalog(read func() []*entry) *Catalog {
	c := &Catalog{all: sync.OnceValue(read)}
	c.words = sync.OnceValue(func() *index {
		x, err := newIndex(c.all())
		must(err)
		return x
	})
	return c
}

func must(err error) {
	if err != nil {
		panic("catalog: " + err.Error())
	}
}

func readAll(fsys fs.FS) ([]*entry, error) {
	names, err := fs.Glob(fsys, "providers/*.yaml")
	if err != nil {
		return nil, err
	}
	var entries []*entry
	var wrong []error
	var buffer bytes.Buffer // one for all
	for _, name := range names {
		e := newEntry(fsys, name)
		entries, wrong = append(entries, e), append(wrong, e.readOutline(fsys, &buffer))
	}
	slices.SortFunc(entries, func(x, y *entry) int { return strings.Compare(x.outline.ID, y.outline.ID) })
	return entries, errors.Join(wrong...)
}

func newEntry(fsys fs.FS, name string) *entry {
	e := &entry{name: name, data: func() ([]byte, error) { return fs.ReadFile(fsys, name) }}
	e.whole = sync.OnceValue(func() *settings.Provider {
		p, err := e.parse()
		must(err)
		return p
	})
	return e
}

func (e *entry) readOutline(fsys fs.FS, buffer *bytes.Buffer) error {
	e.outline = &settings.Provider{}
	f, err := fsys.Open(e.name)
	if err != nil {
		return err
	}
	defer f.Close()
	buffer.Reset()
	_, err = buffer.ReadFrom(f)
	e.outline = outline(buffer.Bytes())
	return err
}

func (e *entry) parse() (*settings.Provider, error) {
	data, err := e.data()
	if err != nil {
		return nil, err
	}
	return parse(e.name, data)
}

// All returns the whole of every provider, sorted by id. That takes its time:
// where outlines do, take those.
func (c *Catalog) All() []*settings.Provider {
	return each(c.all(), func(e *entry) *settings.Provider { return e.whole() })
}

// Outlines returns every provider, sorted by id, as far as a list needs it:
// names, domains, marks, endpoints with their role, and which protocols are
// not offered. Everything else is empty.
func (c *Catalog) Outlines() []*settings.Provider {
	return each(c.all(), func(e *entry) *settings.Provider { return e.outline })
}

// Others returns the documented endpoints of all providers that may be dialled
// for comparison but one; nil means of all.
func (c *Catalog) Others(than *settings.Provider) []settings.Endpoint {
	var others []settings.Endpoint
	for _, e := range c.all() {
		if !e.outline.Compare || than != nil && e.outline.ID == than.ID {
			continue
		}
		for _, s := range e.outline.Settings() {
			if s.Role == settings.Documented {
				others = append(others, s.Endpoint)
			}
		}
	}
	return others
}

func each[T, R any](list []T, of func(T) R) []R {
	var results []R
	for _, e := range list {
		results = append(results, of(e))
	}
	return results
}
