package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"mailprobe/internal/bulk"
	"mailprobe/internal/safe"
)

// defaultOutput is what is written where nothing is said.
func defaultOutput(given []string) []string {
	if len(given) > 0 {
		return nil
	}
	return bulkFormats()[:1]
}

// bulkFormats are those in which a list is written, the default first.
func bulkFormats() []string { return []string{"ndjson", "csv"} }

func bulkFormat(name string) error {
	if !slices.Contains(bulkFormats(), name) {
		return fmt.Errorf("bulk does not write %q; there are %s", name, strings.Join(bulkFormats(), ", "))
	}
	return nil
}

// sameFile reports whether the results are written to the file that holds the
// earlier ones.
func (a *app) sameFile(resume string, out output) (bool, error) {
	if resume == "" {
		return false, nil
	}
	there, err := os.Stat(resume)
	if out.file != "" {
		info, wrong := os.Stat(out.file)
		return out.file == resume || err == nil && wrong == nil && os.SameFile(there, info), nil
	}
	file, ok := a.stdout.(*os.File)
	if !ok || err != nil {
		return false, nil
	}
	info, err := file.Stat()
	if err != nil || !os.SameFile(there, info) {
		return false, nil
	}
	if !appends(file) {
		return true, fmt.Errorf("the standard output is %s itself, and > has emptied it; write -o ndjson=%s, or >>", safe.Display(resume), safe.Display(resume))
	}
	return true, nil
}

// readHeld reads the results of earlier runs; nil: none are asked for. A file
// that is to be written and is not there yet holds none.
func readHeld(name string, same bool) (*bulk.HeldFile, error) {
	if name == "" {
		return nil, nil
	}
	file, err := os.Open(name)
	if same && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", safe.Display(name), errors.Unwrap(err))
	}
	defer file.Close()
	held, err := bulk.ReadHeld(file)
	if err != nil {
		return nil, fmt.Errorf("--resume %s: %w", safe.Display(name), err)
	}
	return held, nil
}

// repair ends a file of results with a whole line, as a run that was killed may
// not have done.
func repair(name string, held *bulk.HeldFile, to io.Writer) error {
	if held.Unended {
		_, err := io.WriteString(to, "\n")
		return err
	}
	if err := os.Truncate(name, held.Whole); err != nil {
		return fmt.Errorf("cannot write %s: %w", safe.Display(name), errors.Unwrap(err))
	}
	return nil
}
