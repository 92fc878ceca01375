package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/publish"
	"mailprobe/internal/published"
	"mailprobe/internal/report"
)

// showOutputs writes to all outputs. All is made before anything is written, so
// that a format that can say nothing leaves no file behind.
func (a *app) showOutputs(outputs []output, s subject) error {
	documents := make([]publish.Document, len(outputs))
	for i, out := range outputs {
		d, err := s.document(out.name, a.pageOptions(out))
		if err != nil {
			return err
		}
		d.Notes = append(d.Notes, faults(out.name, d.Text)...)
		documents[i] = d
	}
	var errs []error
	for i, out := range outputs {
		d := documents[i]
		for _, note := range d.Notes {
			fmt.Fprintln(a.stderr, "mailprobe: "+harmless(note))
		}
		errs = append(errs, out.replace(a.stdout, d.Text), a.record(out, d.Record))
	}
	return errors.Join(errs...)
}

// pageOptions are how text is written for people.
func (a *app) pageOptions(out output) report.Options {
	width, terminal := terminalWidth(a.stdout)
	return report.Options{Width: width, Language: a.lang.Language, Color: out.file == "" && terminal && os.Getenv("NO_COLOR") == ""}
}

// faults are what lint would find wrong with what is written: the settings
// themselves contradict, or let a password be read.
func faults(format string, text []byte) (notes []string) {
	if !slices.Contains(publish.Formats(), format) {
		return nil
	}
	for _, f := range published.Read("", text).Findings {
		if f.Severity == finding.Error || f.Code == published.Plaintext {
			notes = append(notes, "what "+format+" says will not do: "+f.Says())
		}
	}
	return notes
}

// record writes a record that must stand in DNS beside a document.
func (a *app) record(out output, record string) error {
	if record == "" {
		return nil
	}
	fmt.Fprintln(a.stderr, "mailprobe: publish this in DNS as well, and anew with each change of the document:")
	if _, err := io.WriteString(a.stderr, record); err != nil || out.file == "" {
		return err
	}
	return output{name: out.name, file: out.file + ".txt"}.replace(a.stdout, []byte(record))
}

// document writes what is shown in a format.
func (s subject) document(format string, o report.Options) (publish.Document, error) {
	var b strings.Builder
	var err error
	switch {
	case s.program != "":
		err = s.guide(&b, o)
	case format == "text":
		err = report.ProviderText(&b, s.provider(), time.Now(), o.Language)
	case format == "json":
		err = report.ProviderJSON(&b, s.provider())
	default:
		return publish.Make(format, s.publication())
	}
	return publish.Document{Text: []byte(b.String())}, err
}
