package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"

	"mailprobe/internal/yamlfile"
)

// Check reads the whole of every file strictly, and finds what two of them
// claim: no two share an id, alias, domain or MX suffix; the regions that one
// names are there. An error names every file and line that is wrong.
func Check(fsys fs.FS) error {
	entries, err := readAll(fsys)
	wrong := []error{err}
	for _, e := range entries {
		wrong = append(wrong, e.check())
	}
	if err := errors.Join(wrong...); err != nil {
		return err
	}
	x, err := newIndex(entries)
	wrong = []error{err}
	for _, e := range entries {
		wrong = append(wrong, x.checkRegions(e))
	}
	return errors.Join(wrong...)
}

// checkRegions wants the regions that a file names beside its own to be files.
func (x *index) checkRegions(e *entry) error {
	var wrong []error
	if r := e.whole().Region; r != nil {
		for i, id := range r.Others {
			if at := x.names[id]; at == nil || at.outline.ID != id || at == e {
				wrong = append(wrong, e.wrong(fmt.Sprintf("%q is no other provider's id", id), "region", "others", i))
			}
		}
	}
	return errors.Join(wrong...)
}

func (e *entry) check() error {
	whole, err := e.parse()
	if err != nil {
		return err
	}
	switch want := "providers/" + whole.ID + ".yaml"; {
	case e.name != want:
		return e.wrong(fmt.Sprintf("the file of %q must be called %s", whole.ID, want), "id")
	case !reflect.DeepEqual(e.outline, outlineOf(whole)):
		return fmt.Errorf("%s: the outline of this file is not what the file says; write names and endpoints as the other files do", e.name)
	}
	return nil
}

// wrong returns an error about the value at a path of keys and indices.
func (e *entry) wrong(text string, path ...any) error {
	data, err := e.data()
	return errors.Join(err, yamlfile.Locate(e.name, data, yamlfile.Problem{Path: path, Text: text}))
}
