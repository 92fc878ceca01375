package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"mailprobe/internal/baseline"
	"mailprobe/internal/bounded"
	"mailprobe/internal/document"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
)

// baselineFlags say with what a run is compared, and whether it is kept to be
// compared with.
type baselineFlags struct {
	file, save string
	list       []*document.Document // what file holds
}

func (b *baselineFlags) register(set *pflag.FlagSet) {
	set.StringVar(&b.file, "baseline", "", "tell what changed since the run that this `FILE` holds")
	set.StringVar(&b.save, "save-baseline", "", "keep this run in `FILE`, to compare others with")
}

// read reads the baseline, and finds out what can be known against saving one.
func (b *baselineFlags) read() (err error) {
	if b.file != "" {
		b.list, err = savedReports(b.file)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("--baseline: %w; the same command with --save-baseline in its place writes it", err)
		case err != nil:
			return err
		}
	}
	if b.save != "" {
		return checkFile("--save-baseline", b.save, nil)
	}
	return nil
}

// savedReports reads saved reports from a file that may be anything.
func savedReports(file string) ([]*document.Document, error) {
	text, err := bounded.File{Name: file, Limit: document.MaxSize}.Read()
	if err != nil {
		return nil, err
	}
	list, err := document.Read(bytes.NewReader(text))
	if err == nil && len(list) == 0 {
		err = errors.New("there is no report in it, so nothing can be compared")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w; save one with --save-baseline or -o json=FILE", safe.Display(file), err)
	}
	return list, nil
}

// compare adds to a document what changed since the baseline.
func (b *baselineFlags) compare(d *document.Document) {
	if b.file != "" {
		baseline.Mark(d, b.list)
	}
}

// A saver keeps the reports of a run. What was there before stays where the run
// is not whole, or something could not be judged.
type saver struct {
	name    string
	targets int
	tally   document.Tally
	unknown bool // something could not be judged
	stderr  io.Writer
	file    *os.File
	writer  report.Writer
	err     error
}

// saver returns nil where nothing is to be saved.
func (b *baselineFlags) saver(targets int, stderr io.Writer) *saver {
	if b.save == "" {
		return nil
	}
	s := &saver{name: b.save, targets: targets, stderr: stderr}
	if s.file, s.err = os.CreateTemp(filepath.Dir(b.save), ".mailprobe-*"); s.err == nil {
		if s.writer, s.err = report.New("json", s.file, report.Options{Version: version(), Targets: targets}); s.err == nil {
			s.err = s.writer.Begin()
		}
	}
	return s
}

func (s *saver) report(d *document.Document) {
	if s == nil || s.err != nil {
		return
	}
	s.tally.Add(d)
	s.unknown = s.unknown || d.Verdict == document.Unknown
	s.err = s.writer.Report(d)
}

// end puts the run in the place of the baseline, if it is whole.
func (s *saver) end() error {
	if s == nil {
		return nil
	}
	if s.file == nil {
		return fmt.Errorf("cannot write %s: %w", s.name, s.err)
	}
	err := errors.Join(s.err, s.writer.End(), s.file.Chmod(0o644), s.file.Close())
	switch {
	case err != nil:
	case s.tally.Reports() < s.targets, s.tally.Interrupted(), s.unknown:
		fmt.Fprintf(s.stderr, "mailprobe: %s is not written: something could not be judged, and nothing could be compared with it\n", safe.Display(s.name))
		return os.Remove(s.file.Name())
	default:
		err = os.Rename(s.file.Name(), s.name)
	}
	if err != nil {
		os.Remove(s.file.Name())
		return fmt.Errorf("cannot write %s: %w", s.name, err)
	}
	return nil
}
