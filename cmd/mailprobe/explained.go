package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/language"
	"mailprobe/internal/replies"
	"mailprobe/internal/report"
)

// An explained text is what was found in it.
type explained struct {
	matches []replies.Match
	saved   []*document.Document // the reports that the text is; nil: it is none
}

// works reports whether the text is reports that say that everything works.
func (e explained) works() bool {
	return len(e.saved) > 0 && !slices.ContainsFunc(e.saved, func(d *document.Document) bool { return d.Verdict != document.Works })
}

// nothing says why there is nothing to explain in a text; empty: there is, or
// it was not recognised.
func (e explained) nothing(text string) language.Template {
	switch {
	case len(e.matches) > 0:
		return ""
	case e.works():
		return "The report says that everything works, so there is nothing to explain."
	case e.saved != nil:
		return "The report has no finding, so there is nothing to explain."
	case replies.Agrees(text):
		return report.ExplainedSuccess
	}
	return ""
}

// explained takes the text for a saved report, if it is one. Of one that is
// damaged behind its first documents these are explained, and that is said.
func (a *app) explained(q replies.Query) (explained, error) {
	documents, err := document.Read(strings.NewReader(q.Text))
	none, some := errors.Is(err, document.ErrNone), len(documents) > 0
	switch {
	case none && !some && !errors.Is(err, document.ErrDamaged):
		return explained{matches: replies.Explain(q)}, nil
	case none && some:
		fmt.Fprintf(a.stderr, "mailprobe: only the first %d of it can be read: %v\n", len(documents), err)
	case err != nil:
		return explained{}, err
	}
	if documents == nil {
		documents = []*document.Document{}
	}
	return explained{document.Explain(documents), documents}, nil
}
