package report

import (
	"maps"
	"slices"

	"mailprobe/internal/document"
)

// An ordered puts reports in the order of their Index. It holds only those
// that are ahead of one that is still to come.
type ordered struct {
	Writer
	next  int
	ahead map[int]*document.Document
}

func inOrder(w Writer) Writer { return &ordered{Writer: w, ahead: map[int]*document.Document{}} }

func (o *ordered) Report(d *document.Document) error {
	o.ahead[d.Index] = d
	for o.ahead[o.next] != nil {
		if err := o.pass(o.next); err != nil {
			return err
		}
		o.next++
	}
	return nil
}

// End passes on what is left: reports behind one that never came.
func (o *ordered) End() error {
	for _, i := range slices.Sorted(maps.Keys(o.ahead)) {
		if err := o.pass(i); err != nil {
			return err
		}
	}
	return o.Writer.End()
}

func (o *ordered) pass(i int) error {
	d := o.ahead[i]
	delete(o.ahead, i)
	return o.Writer.Report(d)
}
