package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"mailprobe/internal/bounded"
	"mailprobe/internal/document"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
	"mailprobe/internal/suite"
	"mailprobe/internal/target"
)

const aboutRun = `run verifies what a suite names: a file that lists targets and what is expected of
each. It is for what runs again and again: a job, a monitor, a collection of
settings. docs/suite.md explains every key; --init writes a file to begin with.

A suite never holds a secret, only where it comes from. What could not be judged
may be tried again, a rejected sign-in never is. A failure that is known until a
day does not count, and is told when it is none any more.

Exit status: 0 all is as expected, 1 something is not, 2 usage or a mistake in
the file (nothing was dialled), 3 something could not be judged, 130 interrupted.`

// suiteFlags are those of run.
type suiteFlags struct {
	runFlags
	init, check, dryRun, schema bool
	onlyChanged                 string // a commit; empty: all
}

func (a *app) runCommand() *cobra.Command {
	var f suiteFlags
	c := &cobra.Command{
		Use:     "run SUITE.yaml",
		Short:   "Verify what a suite names, and what it expects",
		Long:    aboutRun,
		Example: "  mailprobe run --init mailprobe.yaml\n  mailprobe run --check mailprobe.yaml\n  mailprobe run mailprobe.yaml -o text -o junit=report.xml",
		Args:    cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			return a.runSuite(c.Context(), &f, args)
		},
	}
	set := c.Flags()
	set.BoolVar(&f.init, "init", false, "write a suite to begin with, with comments, to the file (mailprobe.yaml)")
	set.BoolVar(&f.check, "check", false, "read the suite and say what is wrong with it, without a network")
	set.BoolVar(&f.dryRun, "dry-run", false, "print what would be verified, without a network")
	set.BoolVar(&f.schema, "schema", false, "print the JSON Schema of a suite, for editors")
	set.StringVar(&f.onlyChanged, "only-changed", "", "verify only files of settings that are not as in this `COMMIT`, by Git; for pull requests")
	f.netFlags.register(set)
	f.registerTimeout(set, 0, "limit for the whole run, all cases together, such as 10m (default: none; each phase has its own)")
	f.registerOutput(set, strings.Join(report.SuiteFormats(), ", "))
	set.SortFlags = false
	completeValues(c, report.SuiteFormats())
	return c
}

// runSuite does what is asked of a suite.
func (a *app) runSuite(ctx context.Context, f *suiteFlags, args []string) error {
	if err := f.oneThing(); err != nil {
		return err
	}
	switch {
	case f.schema:
		_, err := io.WriteString(a.stdout, suite.Schema)
		return err
	case len(args) > 1:
		return errors.New("write it like this: mailprobe run SUITE.yaml, with one file")
	case f.init:
		return a.initSuite(args)
	case len(args) == 0:
		return errors.New("name the suite: mailprobe run mailprobe.yaml; 'mailprobe run --init' writes one to begin with")
	}
	s, err := readSuite(args[0])
	if err != nil {
		return err
	}
	if !f.check && !f.dryRun {
		return a.verifySuite(ctx, f, s)
	}
	if err := f.understood(); err != nil {
		return err
	}
	if f.check {
		return a.checkSuite(ctx, f, s)
	}
	return a.printSuite(ctx, f, s)
}

// oneThing refuses flags that ask for different things.
func (f *suiteFlags) oneThing() error {
	var asked []string
	for _, mode := range []struct {
		name string
		set  bool
	}{{"--init", f.init}, {"--check", f.check}, {"--dry-run", f.dryRun}, {"--schema", f.schema}} {
		if mode.set {
			asked = append(asked, mode.name)
		}
	}
	switch {
	case len(asked) > 1:
		return fmt.Errorf("%s ask for different things; take one of them", strings.Join(asked, " and "))
	case f.onlyChanged != "" && (f.init || f.schema):
		return fmt.Errorf("%s reads no suite, so --only-changed has nothing to choose from; leave one of them out", asked[0])
	}
	return nil
}

// understood holds the flags of a run that is not made against what it would
// refuse before it dials.
func (f *suiteFlags) understood() error {
	f.suite = &document.Suite{}
	_, err := f.outputs()
	return cmp.Or(err, f.runFlags.check(), f.baseline.read())
}

// readSuite reads a file that may be anything.
func readSuite(file string) (*suite.Suite, error) {
	text, err := bounded.File{Name: file, Limit: suite.MaxSize}.Read()
	if err != nil {
		return nil, target.WithNeighbour(file, err)
	}
	return suite.Parse(file, text, os.LookupEnv)
}

// plainError leaves out of an error what was said already.
func plainError(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// initSuite writes a suite to begin with. It overwrites nothing.
func (a *app) initSuite(args []string) error {
	file := "mailprobe.yaml"
	if len(args) > 0 {
		file = args[0]
	}
	if file == "-" {
		_, err := io.WriteString(a.stdout, suite.Example)
		return err
	}
	out, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already; name another file", safe.Display(file))
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", safe.Display(file), plainError(err))
	}
	_, err = io.WriteString(out, suite.Example)
	if err := errors.Join(err, out.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "%s is written. Change it, then: mailprobe run --check %s\n", safe.Display(file), safe.Display(file))
	return err
}
