package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"mailprobe/internal/report"
	"mailprobe/internal/verify"
)

// An output is one format and where it goes.
type output struct {
	format report.Format
	name   string
	file   string // empty: the standard output
}

// outputs reads the -o flags. Two formats cannot share the standard output,
// except that nothing else is written there than what was asked for.
func (f *runFlags) outputs() ([]output, error) {
	specs := f.output
	if f.json {
		specs = append(specs, "json")
	}
	if len(specs) == 0 {
		specs = []string{"text"}
	}
	var all []output
	onStdout := ""
	for _, spec := range specs {
		name, file, toFile := strings.Cut(spec, "=")
		format, err := report.Find(name)
		switch {
		case err != nil:
			return nil, err
		case toFile:
			err = checkFile(spec, file, all)
		case onStdout == name:
			continue
		case onStdout != "":
			err = fmt.Errorf("both %s and %s would go to the standard output; write one to a file: -o %s=FILE", onStdout, name, name)
		default:
			onStdout = name
		}
		if err != nil {
			return nil, err
		}
		all = append(all, output{format, name, file})
	}
	return all, nil
}

// checkFile finds out what can be known, before a run, against writing its
// report to file. It creates and changes nothing.
func checkFile(spec, file string, others []output) error {
	if file == "" {
		return fmt.Errorf("-o %s: the name of the file is missing behind the =", spec)
	}
	if slices.ContainsFunc(others, func(o output) bool { return o.file == file }) {
		return fmt.Errorf("two formats would be written to %s; give each a file of its own", file)
	}
	if _, err := os.Stat(filepath.Dir(file)); err != nil {
		return fmt.Errorf("cannot write %s: %w", file, errors.Unwrap(err))
	}
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return fmt.Errorf("cannot write %s: it is a directory", file)
	}
	return nil
}

// write puts the reports into all outputs, and reports every one that fails.
func (a *app) write(outputs []output, f *runFlags, reports []*verify.Report) error {
	width, terminal := terminalWidth(a.stdout)
	o := report.Options{Version: version(), Width: width, Verbose: f.verbose, Quiet: f.quiet}
	var errs []error
	for _, out := range outputs {
		o.Unwrapped = out.file != "" || !terminal
		o.Color = out.file == "" && terminal && !f.noColor && os.Getenv("NO_COLOR") == ""
		errs = append(errs, a.writeOne(out, o, reports))
	}
	return errors.Join(errs...)
}

func (a *app) writeOne(out output, o report.Options, reports []*verify.Report) error {
	if out.file == "" {
		return out.format(a.stdout, reports, o)
	}
	return toFile(out.file, func(w io.Writer) error { return out.format(w, reports, o) })
}

// toFile writes a file; an error names it.
func toFile(name string, write func(io.Writer) error) error {
	file, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", name, errors.Unwrap(err))
	}
	if err := errors.Join(write(file), file.Close()); err != nil {
		return fmt.Errorf("cannot write %s: %w", name, err)
	}
	return nil
}
