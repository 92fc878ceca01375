// Package results keeps what became of each server from one run to the next:
// whether it worked, when, from where, and by which version of this program.
package results

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"mailprobe/internal/bounded"
	"mailprobe/internal/settings"
)

// Schema is the version of the file.
const Schema = 1

// maxSize bounds the file that is read.
const maxSize = 16 << 20

// An Entry is what was last seen of one server.
type Entry struct {
	Protocol  settings.Protocol `json:"protocol"`
	Host      string            `json:"host"`
	Port      uint16            `json:"port"`
	Security  settings.Security `json:"security"`
	Verdict   string            `json:"verdict"`   // "works", "fails" or "unknown"
	Codes     []string          `json:"codes"`     // of the findings but mere facts, sorted
	Verified  time.Time         `json:"verified"`  // when
	Since     time.Time         `json:"since"`     // since when the verdict and the codes are these
	From      string            `json:"from"`      // the computer that verified
	Mailprobe string            `json:"mailprobe"` // the version that verified
}

// Endpoint returns the server.
func (e Entry) Endpoint() settings.Endpoint {
	return settings.Endpoint{Protocol: e.Protocol, Host: e.Host, Port: e.Port, Security: e.Security}
}

// A Book holds the entries of a file. The zero Book is empty.
type Book struct {
	entries map[settings.Endpoint]Entry
}

// file is how a book is written.
type file struct {
	Schema    int     `json:"schema"`
	Endpoints []Entry `json:"endpoints"`
}

// Read reads a book. A file that is not there is an empty one.
func Read(name string) (*Book, error) {
	b := &Book{entries: map[settings.Endpoint]Entry{}}
	data, err := bounded.File{Name: name, Limit: maxSize}.Read()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return b, nil
	case err != nil:
		return nil, err
	}
	var f file
	if err := json.Unmarshal(data, &f); err != nil || f.Schema == 0 {
		return nil, fmt.Errorf("%q holds no results of mailprobe; name another file, or remove it", name)
	}
	if f.Schema != Schema {
		return nil, fmt.Errorf("%q has schema %d; this program reads schema %d", name, f.Schema, Schema)
	}
	for _, e := range f.Endpoints {
		b.entries[e.Endpoint()] = e
	}
	return b, nil
}

// Fresh reports whether a server worked and was verified no longer ago than
// that. What did not work is never fresh.
func (b *Book) Fresh(e settings.Endpoint, now time.Time, age time.Duration) bool {
	last, ok := b.entries[e]
	return ok && last.Verdict == "works" && now.Sub(last.Verified) <= age && !last.Verified.After(now)
}

// Differs reports whether an entry says something else than the last one of
// its server, or there is none.
func (b *Book) Differs(e Entry) bool {
	last, ok := b.entries[e.Endpoint()]
	return !ok || last.Verdict != e.Verdict || !slices.Equal(last.Codes, e.Codes)
}

// Note keeps an entry in place of the last one.
func (b *Book) Note(e Entry) {
	e.Since = e.Verified
	if last, ok := b.entries[e.Endpoint()]; ok && !b.Differs(e) {
		e.Since = last.Since
	}
	if b.entries == nil {
		b.entries = map[settings.Endpoint]Entry{}
	}
	b.entries[e.Endpoint()] = e
}

// Write writes the book in the place of a file, as a whole or not at all.
func (b *Book) Write(name string) error {
	f := file{Schema: Schema, Endpoints: []Entry{}}
	for _, e := range b.entries {
		f.Endpoints = append(f.Endpoints, e)
	}
	slices.SortFunc(f.Endpoints, func(x, y Entry) int {
		return cmp.Or(cmp.Compare(x.Host, y.Host), cmp.Compare(x.Port, y.Port), cmp.Compare(x.Protocol, y.Protocol), cmp.Compare(x.Security, y.Security))
	})
	var text bytes.Buffer
	j := json.NewEncoder(&text)
	j.SetIndent("", "  ")
	if err := j.Encode(f); err != nil {
		return err
	}
	next, err := os.CreateTemp(filepath.Dir(name), ".results-*")
	if err != nil {
		return err
	}
	_, err = next.Write(text.Bytes())
	if err = errors.Join(err, next.Close()); err == nil {
		err = os.Rename(next.Name(), name)
	}
	if err != nil {
		os.Remove(next.Name())
	}
	return err
}
