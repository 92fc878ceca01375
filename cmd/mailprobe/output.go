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
)

// An output is one format and where it goes.
type output struct {
	name string // of the format
	file string // empty: the standard output
}

// outputs reads the -o flags. Two formats cannot share the standard output,
// except that nothing else is written there than what was asked for.
func (f *runFlags) outputs() ([]output, error) {
	return outputsOf(f.output, f.json, func(name string) error {
		_, err := report.New(name, io.Discard, report.Options{Suite: f.suite, Files: f.ofFiles})
		return err
	})
}

// outputsOf reads the -o flags of a command, whose formats known knows.
func outputsOf(specs []string, json bool, known func(name string) error) ([]output, error) {
	if json {
		specs = append(specs, "json")
	}
	if len(specs) == 0 {
		specs = []string{"text"}
	}
	var all []output
	onStdout := ""
	for _, spec := range specs {
		name, file, toFile := strings.Cut(spec, "=")
		err := known(name)
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
		all = append(all, output{name, file})
	}
	return all, nil
}

// onStdout reports whether a format goes to the standard output.
func onStdout(outputs []output, name string) bool {
	return slices.Contains(outputs, output{name: name})
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
