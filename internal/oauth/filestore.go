package oauth

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

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
