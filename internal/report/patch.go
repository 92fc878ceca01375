package report

import (
	"errors"
	"io"

	"mailprobe/internal/document"
)

// errNoFile says why what is verified is not written as a patch.
var errNoFile = errors.New("-o patch writes a patch of files of settings; name a file or a folder: mailprobe ispdb/ -o patch=fix.patch")

// A patchWriter writes what is to be changed in files, as git-apply(1) and
// patch(1) read it. The bytes are those of the files: they are not escaped.
type patchWriter struct{ w io.Writer }

func newPatch(w io.Writer, _ Options) Writer { return inOrder(&patchWriter{w}) }

func (p *patchWriter) Begin() error { return nil }

func (p *patchWriter) Report(d *document.Document) error {
	if d.Comparison == nil {
		return nil
	}
	_, err := io.WriteString(p.w, string(d.Comparison.Patch))
	return err
}

func (p *patchWriter) End() error { return nil }
