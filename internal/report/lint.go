package report

import (
	"fmt"
	"io"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/language"
)

// lintFormats are the formats of a lint, the default first.
var lintFormats = []struct {
	name  string
	write func(io.Writer, document.Lint, Options) error
}{
	{"text", lintText},
	{"json", func(w io.Writer, l document.Lint, _ Options) error { return encode(w, "", l) }},
	{"github", lintGitHub},
	{"sarif", lintSARIF},
	{"junit", lintJUnit},
}

// LintFormats lists the names of the formats of a lint, the default first.
func LintFormats() []string {
	var names []string
	for _, f := range lintFormats {
		names = append(names, f.name)
	}
	return names
}

// Lint writes what is said of files. The error of an unknown format says which
// there are.
func Lint(w io.Writer, format string, l document.Lint, o Options) error {
	for _, f := range lintFormats {
		if f.name == format {
			return f.write(w, l, o)
		}
	}
	return CheckLintFormat(format)
}

// CheckLintFormat refuses a format that there is not.
func CheckLintFormat(format string) error {
	for _, f := range lintFormats {
		if f.name == format {
			return nil
		}
	}
	hint := ""
	if s := suggest(format, LintFormats()); s != "" {
		hint = fmt.Sprintf(" (did you mean %s?)", s)
	}
	return fmt.Errorf("unknown output format %q%s; there are %s", format, hint, strings.Join(LintFormats(), ", "))
}

// lintText writes a line for each finding, as compilers do, what to do below
// it, and a sum. Mere facts are told only if the options ask for details, and
// nothing but errors if they ask for little.
func lintText(w io.Writer, l document.Lint, o Options) error {
	p := newPage(o)
	var t lintTotals
	for _, f := range l.Files {
		t.add(f)
		for _, x := range f.Findings {
			if shownInLint(x, o) {
				p.lintFinding(f, x)
			}
		}
	}
	p.line(t.say(p.l))
	_, err := io.WriteString(w, p.String())
	return err
}

func shownInLint(x document.LintFinding, o Options) bool {
	switch finding.Severity(x.Severity) {
	case finding.Error:
		return true
	case finding.Warning:
		return !o.Quiet
	}
	return o.Verbose
}

func (p *page) lintFinding(f document.LintFile, x document.LintFinding) {
	c := p.plain
	switch finding.Severity(x.Severity) {
	case finding.Error:
		c = p.bad
	case finding.Warning:
		c = p.warn
	}
	p.line(lintPlace(f, x), ": ", c.Sprint(severityWord(p.l, x.Severity)), ": ", phrase(p.l, x.Message), " [", x.Code.String(), "]")
	if x.Remedy != "" && !p.o.Quiet {
		p.paragraph(p.dim, "    ", "    ", phrase(p.l, x.Remedy))
	}
}

// lintPlace is the file, and the line where one is known.
func lintPlace(f document.LintFile, x document.LintFinding) string {
	if x.Line == 0 {
		return f.File.String()
	}
	return fmt.Sprintf("%s:%d", f.File, x.Line)
}

// lintTotals sum a lint up.
type lintTotals struct{ files, servers, errors, warnings, wrong int }

func (t *lintTotals) add(f document.LintFile) {
	t.files++
	t.servers += len(f.Offers)
	before := t.errors
	for _, x := range f.Findings {
		switch finding.Severity(x.Severity) {
		case finding.Error:
			t.errors++
		case finding.Warning:
			t.warnings++
		}
	}
	if t.errors > before {
		t.wrong++
	}
}

func (t lintTotals) say(l *language.Language) string {
	text := l.Count(t.files, "{n} file", "{n} files") + " " + l.Count(t.servers, "with {n} server", "with {n} servers") + ": " + l.Count(t.errors, "{n} error", "{n} errors")
	if t.errors > 0 {
		text += " " + l.Count(t.wrong, "in {n} file", "in {n} files")
	}
	return text + ", " + l.Count(t.warnings, "{n} warning", "{n} warnings")
}
