package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/report"
)

// lintFlags say how files are checked and where that is written.
type lintFlags struct {
	output         []string
	json           bool
	strict         bool
	noColor        bool
	quiet, verbose bool
}

func (f *lintFlags) register(set *pflag.FlagSet) {
	set.StringArrayVarP(&f.output, "output", "o", nil, "`FORMAT[=FILE]` write this format ("+strings.Join(report.LintFormats(), ", ")+"); may be repeated")
	set.BoolVar(&f.json, "json", false, "the same as -o json")
	set.BoolVar(&f.strict, "strict", false, "let warnings fail as well")
	set.BoolVar(&f.noColor, "no-color", false, "no colour (also by the variable NO_COLOR)")
	set.BoolVarP(&f.quiet, "quiet", "q", false, "errors only")
	set.BoolVarP(&f.verbose, "verbose", "v", false, "mere facts as well")
	set.SortFlags = false
}

const aboutLint = `lint checks files of mail settings, without a network: what is written there, not
whether it works. It reads Thunderbird's autoconfig (clientConfig), Autodiscover,
Apple's .mobileconfig (signed or not), PACC, pages of Delta Chat's provider
database, mailprobe's own YAML and lines of a DNS zone (SRV), and folders of them.
It is as strict as the strictest mail program, and looks at what a schema cannot see: POP3 on port 993,
a placeholder without its last %, STARTTLS before TLS.

Exit status: 0 no finding of severity error, 1 some, 2 a PATH that is not there.`

func (a *app) lintCommand() *cobra.Command {
	var f lintFlags
	c := &cobra.Command{
		Use:     "lint PATH...",
		Short:   "Check files of mail settings, without a network",
		Long:    aboutLint,
		Example: "  mailprobe lint config-v1.1.xml\n  mailprobe lint ispdb/ -o github",
		Args:    cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("nothing to check; name a file or a folder, such as config-v1.1.xml")
			}
			return a.lint(&f, args)
		},
	}
	f.register(c.Flags())
	completeValues(c, report.LintFormats())
	return c
}

func (a *app) lint(f *lintFlags, paths []string) error {
	outputs, err := outputsOf(f.output, f.json, report.CheckLintFormat)
	if err != nil {
		return err
	}
	files, err := published.Files(paths...)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("there is no document of mail settings in %s", strings.Join(paths, " "))
	}
	return a.lintFiles(f, outputs, files)
}

// lintFiles writes what is said of files, and judges it.
func (a *app) lintFiles(f *lintFlags, outputs []output, files []published.File) error {
	l := document.Lint{Schema: document.Schema, Mailprobe: document.Text(version()), Files: []document.LintFile{}}
	worst := finding.Severity("")
	for _, file := range files {
		l.Files = append(l.Files, document.LintOf(file.Path, file.Document))
		if s := published.Gravest(file.Findings); s != "" && (worst == "" || s.Rank() < worst.Rank()) {
			worst = s
		}
	}
	if err := a.lintOutputs(f, outputs, l); err != nil {
		return err
	}
	if worst == finding.Error || f.strict && worst == finding.Warning {
		return &statusError{status: exitFails}
	}
	return nil
}

// lintOutputs writes to all outputs, and reports every one that failed.
func (a *app) lintOutputs(f *lintFlags, outputs []output, l document.Lint) error {
	width, terminal := terminalWidth(a.stdout)
	var errs []error
	for _, out := range outputs {
		o := report.Options{Width: width, Language: a.lang.Language, Verbose: f.verbose, Quiet: f.quiet, Color: out.file == "" && terminal && !f.noColor && os.Getenv("NO_COLOR") == ""}
		errs = append(errs, out.write(a.stdout, func(w io.Writer) error { return report.Lint(w, out.name, l, o) }))
	}
	return errors.Join(errs...)
}

// replace puts one whole document in the place of a file, or writes it to the
// standard output. Whoever reads the file sees the old one or the new one, and
// where it cannot be written the old one stays. What is no regular file, such as
// a device, is written to; what a link leads to is replaced, and not the link.
func (o output) replace(stdout io.Writer, text []byte) error {
	put := func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}
	info, err := os.Stat(o.file)
	if o.file == "" || err == nil && !info.Mode().IsRegular() {
		return o.write(stdout, put)
	}
	name, mode := o.file, os.FileMode(0o644)
	if err == nil {
		mode = info.Mode().Perm()
		if name, err = filepath.EvalSymlinks(o.file); err != nil {
			return fmt.Errorf("cannot write %s: %w", o.file, err)
		}
	}
	next, err := os.CreateTemp(filepath.Dir(name), ".mailprobe-*")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", o.file, errors.Unwrap(err))
	}
	if err = errors.Join(put(next), next.Chmod(mode), next.Close()); err == nil {
		err = os.Rename(next.Name(), name)
	}
	if err != nil {
		os.Remove(next.Name())
		return fmt.Errorf("cannot write %s: %w", o.file, err)
	}
	return nil
}

// write writes one whole document to where the output goes.
func (o output) write(stdout io.Writer, document func(io.Writer) error) error {
	if o.file == "" {
		return document(stdout)
	}
	file, err := os.Create(o.file)
	if err == nil {
		err = errors.Join(document(file), file.Close())
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", o.file, err)
	}
	return nil
}
