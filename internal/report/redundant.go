package report

import (
	"fmt"
	"io"

	"mailprobe/internal/document"
)

// RedundancyJSON writes which files say what their domains publish themselves as
// an indented JSON document.
func RedundancyJSON(w io.Writer, r document.Redundancy) error { return encode(w, "", r) }

// RedundancyText writes the files that say nothing which their domains do not
// publish themselves, and those of which that is not known; verbose: all.
func RedundancyText(w io.Writer, r document.Redundancy, o Options) error {
	p := newPage(o)
	redundant, unknown := 0, 0
	for _, f := range r.Files {
		ink, word := p.plain, "needed"
		switch {
		case f.Redundant == "":
			ink, word = p.warn, "unknown"
			unknown++
		case f.Redundant == "yes":
			ink, word = p.good, "redundant"
			redundant++
		case !o.Verbose:
			continue
		}
		p.paragraph(ink, "", "  ", f.File.String()+": "+word)
		for _, d := range f.Domains {
			p.paragraph(p.plain, "  ", "    ", repeatWords(d))
		}
		if left := f.Of - len(f.Domains); left > 0 && o.Verbose {
			p.line("  ", p.dim.Sprint(count(left, "more domain"), " not asked"))
		}
	}
	p.paragraph(p.strong, "", "", fmt.Sprintf("%s, %d redundant, %d not judged.", count(len(r.Files), "file"), redundant, unknown))
	_, err := io.WriteString(w, p.String())
	return err
}

func repeatWords(d document.Repeat) string {
	text := d.Domain.String() + ": "
	if d.State == "same" {
		return text + "publishes the same at " + d.Where.String()
	}
	if text += d.Why.String(); d.Where != "" {
		text += " (" + d.Where.String() + ")"
	}
	return text
}
