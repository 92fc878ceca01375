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

const maxFile = 128 << 10

// Files is a Store of one file per sign-in, readable by its owner only.
type Files struct {
	locks
	rename func(from, to string) error
}

// NewFiles returns the store in a directory, which is made when it is first
// needed.
func NewFiles(dir string) *Files { return &Files{locks: newLocks(dir), rename: os.Rename} }

func (f *Files) path(k Key) string { return filepath.Join(f.dir, k.name()+".json") }

func (f *Files) Load(ctx context.Context, k Key) (*Record, error) {
	if err := bounded.Exposed(f.dir); err != nil {
		return nil, notLoggedIn(err)
	}
	if err := f.sweep(ctx); err != nil {
		return nil, err
	}
	data, err := readPrivate(f.path(k))
	if err != nil {
		return nil, notLoggedIn(err)
	}
	r, err := decodeFor(k, data)
	if err != nil {
		return nil, &DamagedError{f.path(k), err}
	}
	return r, nil
}

func (f *Files) Save(ctx context.Context, r *Record) error {
	data, err := encode(r)
	if err != nil {
		return err
	}
	if err := makeDir(f.dir); err != nil {
		return err
	}
	unlock, err := f.lock(ctx, writing)
	if err != nil {
		return err
	}
	defer unlock()
	return f.replace(f.path(r.Key), data)
}

func (f *Files) Delete(_ context.Context, k Key) error {
	err := os.Remove(f.path(k))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Try writes a file as Save does, and removes it.
func (f *Files) Try(ctx context.Context) error {
	if err := makeDir(f.dir); err != nil {
		return err
	}
	unlock, err := f.lock(ctx, writing)
	if err != nil {
		return err
	}
	defer unlock()
	path := filepath.Join(f.dir, unfinished+"try")
	return errors.Join(f.replace(path, []byte("{}")), os.Remove(path))
}

// A DamagedError says that a file holds no sign-in that can be read.
type DamagedError struct {
	File string
	Err  error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("a stored sign-in cannot be read: %s (%v); remove that file and sign in again with mailprobe login", e.File, e.Err)
}

func (e *DamagedError) Unwrap() error { return e.Err }

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

// replace writes a file beside path and renames it, so that a crash leaves
// either the old content or the new.
func (f *Files) replace(path string, data []byte) (err error) {
	tmp, err := os.CreateTemp(f.dir, unfinished+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
		}
	}()
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Sync()
	}
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := f.rename(tmp.Name(), path); err != nil {
		return err
	}
	return syncDir(f.dir)
}

func notLoggedIn(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNotLoggedIn
	}
	return err
}

func readPrivate(path string) ([]byte, error) {
	return bounded.File{Name: path, Limit: maxFile, Private: true}.Read()
}

func makeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return bounded.Exposed(dir)
}

// Dir returns the directory in which Files belong on an operating system
// (runtime.GOOS): that of the XDG base directory specification where it is
// set, else the system's own for data that stays on one machine. getenv is
// os.Getenv.
func Dir(goos string, getenv func(string) string) (string, error) {
	if state := getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "mailprobe", "tokens"), nil
	}
	variable, below := "HOME", filepath.Join(".local", "state")
	switch goos {
	case "windows":
		variable, below = "LocalAppData", ""
	case "darwin", "ios":
		below = filepath.Join("Library", "Application Support")
	}
	base := getenv(variable)
	if base == "" {
		return "", errors.New("no place to keep sign-ins: set XDG_STATE_HOME or " + variable)
	}
	return filepath.Join(base, below, "mailprobe", "tokens"), nil
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
