package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"mailprobe/internal/safe"
)

// A pemFile is a file that a flag names.
type pemFile struct {
	flag, name string
	kind       string // what it should be, as in "is not a PEM file"
	limit      int64  // in bytes
}

// read returns what the file holds. What is no plain file, such as a pipe, is
// not opened: that could wait for ever.
func (f pemFile) read() ([]byte, error) {
	info, err := os.Stat(f.name)
	if err != nil {
		return nil, f.unreadable(err)
	}
	if !info.Mode().IsRegular() || info.Size() > f.limit {
		return nil, fmt.Errorf("%s: %s is not %s", f.flag, safe.Display(f.name), f.kind)
	}
	data, err := os.ReadFile(f.name)
	if err != nil {
		return nil, f.unreadable(err)
	}
	return data, nil
}

func (f pemFile) unreadable(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("%s: cannot read %s: %w", f.flag, safe.Display(f.name), err)
}
