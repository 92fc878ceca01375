package oauth

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mailprobe/internal/bounded"
)

// Find returns the keys of the sign-ins of a user at a provider, for a
// command that was told no client id. One that others can read is among them,
// for Load to refuse. Where there is none, a file of which it is not known
// whose it is, is a *DamagedError.
func (f *Files) Find(ctx context.Context, provider, user string) ([]Key, error) {
	err := bounded.Exposed(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := f.sweep(ctx); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return nil, err
	}
	var keys []Key
	var damaged error
	for _, e := range entries {
		path := filepath.Join(f.dir, e.Name())
		if filepath.Ext(path) != ".json" {
			continue
		}
		k, err := f.owner(path)
		switch {
		case errors.Is(err, fs.ErrNotExist): // removed just now
		case err != nil:
			damaged = &DamagedError{path, err}
		case k.Provider == provider && strings.EqualFold(k.User, user):
			keys = append(keys, k)
		}
	}
	if len(keys) > 0 {
		return keys, nil
	}
	return nil, damaged
}

// owner returns whose sign-in a file holds, also where others can read it.
func (f *Files) owner(path string) (Key, error) {
	data, err := bounded.File{Name: path, Limit: maxFile}.Read()
	if err != nil {
		return Key{}, err
	}
	r, err := decode(data)
	if err == nil && path != f.path(r.Key) {
		err = errRecord
	}
	if err != nil {
		return Key{}, err
	}
	return r.Key, nil
}

// Names in the directory beside those of records.
const (
	unfinished = ".new-"   // begins that of a file that is being written
	writing    = "writing" // the lock that is held meanwhile
)

// sweep removes what was left behind by runs that were killed while they wrote:
// it holds tokens. What is being written now is left alone, by the lock or,
// where locks do not reach other processes, by its age.
func (f *Files) sweep(ctx context.Context) error {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return !strings.HasPrefix(e.Name(), unfinished) })
	if len(left) == 0 {
		return nil
	}
	unlock, err := f.lock(ctx, writing)
	if err != nil {
		return err
	}
	defer unlock()
	for _, e := range left {
		info, err := e.Info()
		if err != nil || time.Since(info.ModTime()) < leftAlone {
			continue
		}
		if err := os.Remove(filepath.Join(f.dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("an unfinished sign-in cannot be removed: %w", err)
		}
	}
	return nil
}

// All returns every stored sign-in, without those that cannot be read.
func (f *Files) All(ctx context.Context) ([]*Record, error) {
	err := bounded.Exposed(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return nil, err
	}
	var all []*Record
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".json" {
			continue
		}
		if k, err := f.owner(filepath.Join(f.dir, e.Name())); err == nil {
			if r, err := f.Load(ctx, k); err == nil {
				all = append(all, r)
			}
		}
	}
	return all, nil
}

// DeleteAll removes every stored sign-in, also those that cannot be read, and
// returns how many there were.
func (f *Files) DeleteAll(ctx context.Context) (int, error) {
	entries, err := os.ReadDir(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if err := f.sweep(ctx); err != nil {
		return 0, err
	}
	n := 0
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".json" {
			continue
		}
		if err := os.Remove(filepath.Join(f.dir, e.Name())); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
