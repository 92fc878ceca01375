package oauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
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

func (f *Files) Load(_ context.Context, k Key) (*Record, error) {
	if err := checkDir(f.dir); err != nil {
		return nil, notLoggedIn(err)
	}
	data, err := readPrivate(f.path(k))
	if err != nil {
		return nil, notLoggedIn(err)
	}
	return decodeFor(k, data)
}

func (f *Files) Save(_ context.Context, r *Record) error {
	data, err := encode(r)
	if err != nil {
		return err
	}
	if err := makeDir(f.dir); err != nil {
		return err
	}
	return f.replace(f.path(r.Key), data)
}

func (f *Files) Delete(_ context.Context, k Key) error {
	err := os.Remove(f.path(k))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Find returns the keys of the sign-ins of a user at a provider, for a
// command that was told no client id. Files that cannot be read are left out.
func (f *Files) Find(provider, user string) ([]Key, error) {
	err := checkDir(f.dir)
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
	var keys []Key
	for _, e := range entries {
		path := filepath.Join(f.dir, e.Name())
		if filepath.Ext(path) != ".json" {
			continue
		}
		data, err := readPrivate(path)
		if err != nil {
			continue
		}
		r, err := decode(data)
		if err == nil && r.Provider == provider && r.User == user && path == f.path(r.Key) {
			keys = append(keys, r.Key)
		}
	}
	return keys, nil
}

// replace writes a file beside path and renames it, so that a crash leaves
// either the old content or the new.
func (f *Files) replace(path string, data []byte) (err error) {
	tmp, err := os.CreateTemp(f.dir, ".new-*")
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
	f, err := openPrivate(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile))
}

// openPrivate opens a regular file that nobody but its owner can read.
func openPrivate(path string) (*os.File, error) {
	// A pipe would keep the open waiting, so the kind of file comes first.
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		err = checkPrivate(path, info)
	}
	if err == nil && info.Size() > maxFile {
		err = fmt.Errorf("%s is larger than %d bytes", path, maxFile)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func makeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return checkDir(dir)
}

func checkDir(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	return checkPrivate(dir, info)
}
