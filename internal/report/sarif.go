package report

import (
	"cmp"
	"errors"
	"io"

	"mailprobe/internal/document"
)

// errNoPlace says why a run without a suite is not written as SARIF.
var errNoPlace = errors.New("-o sarif says in which file and line a fault stands, and settings that are verified stand in none; " +
	"take -o github or -o json, or 'mailprobe lint' for files")

// A sarifWriter writes what is not as a suite expects, each at the line of its
// case. What is known is left out.
type sarifWriter struct {
	w    io.Writer
	lint document.Lint
}

func newSARIF(w io.Writer, o Options) Writer {
	s := &sarifWriter{w: w, lint: document.Lint{Mailprobe: document.Text(cmp.Or(o.Version, "unknown"))}}
	if o.Suite != nil {
		s.lint.Files = []document.LintFile{{File: o.Suite.File}}
	}
	return inOrder(s)
}

func (s *sarifWriter) Begin() error { return nil }

func (s *sarifWriter) Report(d *document.Document) error {
	if d.Case == nil || len(s.lint.Files) == 0 {
		return nil
	}
	faults, warnings := d.Case.Graver()
	for _, u := range append(faults, warnings...) {
		s.lint.Files[0].Findings = append(s.lint.Files[0].Findings, document.LintFinding{
			Code: u.Code, Severity: u.Severity, Line: d.Line, Message: document.Text(caseAnswer(nil, d.Case)) + " " + u.Message, Remedy: u.Remedy,
		})
	}
	return nil
}

func (s *sarifWriter) End() error { return lintSARIF(s.w, s.lint, Options{}) }
