package report

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"mailprobe/internal/document"
	"mailprobe/internal/verify"
)

var update = flag.Bool("update", false, "write the golden files anew")

const testVersion = "v0.1.0"

// golden compares got with a file of testdata/reports.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("../../testdata/reports", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs\n got:\n%s\nwant:\n%s", path, got, want)
	}
}

// documents passes samples through document.Of, in their order.
func documents(reports ...*verify.Report) []*document.Document {
	var list []*document.Document
	for i, r := range reports {
		d := document.Of(r, testVersion)
		d.Index = i
		list = append(list, d)
	}
	return list
}

func render(t *testing.T, format string, o Options, reports ...*verify.Report) []byte {
	t.Helper()
	return write(t, format, o, documents(reports...)...)
}

// write returns what a format writes of documents, as they come.
func write(t *testing.T, format string, o Options, list ...*document.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if o.Targets == 0 {
		o.Targets = len(list)
	}
	o.Version = testVersion
	w, err := New(format, &b, o)
	if err != nil {
		t.Fatal(err)
	}
	err = w.Begin()
	for _, d := range list {
		err = errors.Join(err, w.Report(d))
	}
	if err := errors.Join(err, w.End()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fileEndings are those of the files of the formats that other programs read.
var fileEndings = map[string]string{
	"ndjson": ".ndjson", "github": ".github.txt", "markdown": ".md", "html": ".html", "csv": ".csv", "nagios": ".nagios.txt", "prometheus": ".prom",
}

func TestGolden(t *testing.T) {
	tests := []struct {
		sample, file, format string
		o                    Options
	}{
		{"works", "works.json", "json", Options{}},
		{"fails-connect", "fails-connect.json", "json", Options{}},
		{"sign-in-rejected", "sign-in-rejected.json", "json", Options{}},
		{"interrupted", "interrupted.json", "json", Options{}},
		{"url", "url.json", "json", Options{}},
		{"hostile", "hostile.json", "json", Options{}},
		{"transcript", "transcript.json", "json", Options{}},
		{"works", "works.xml", "junit", Options{}},
		{"certificate", "certificate.xml", "junit", Options{}},
		{"sign-in-rejected", "sign-in-rejected.xml", "junit", Options{}},
		{"unknown", "unknown.xml", "junit", Options{}},
		{"works-but-run-fails", "works-but-run-fails.xml", "junit", Options{}},
		{"nothing", "nothing.xml", "junit", Options{}},
		{"hostile", "hostile.xml", "junit", Options{}},
		{"works", "works.60.txt", "text", Options{Width: 60}},
		{"looked-further", "looked-further.color.txt", "text", Options{Color: true, Frames: true}},
		{"looked-further", "looked-further.60.txt", "text", Options{Width: 60}},
		{"looked-further", "looked-further.40.txt", "text", Options{Width: 40}},
		{"sign-in-rejected", "sign-in-rejected.40.txt", "text", Options{Width: 40}},
		{"sign-in-rejected", "sign-in-rejected.plain.txt", "text", Options{Plain: true}},
		{"shared", "shared.plain.txt", "text", Options{Plain: true}},
		{"warnings", "warnings.plain.txt", "text", Options{Plain: true}},
		{"works", "works.120.txt", "text", Options{Width: 120}},
		{"works", "works.200.txt", "text", Options{Width: 200}},
		{"works", "works.color.txt", "text", Options{Color: true, Frames: true}},
		{"works", "works.quiet.txt", "text", Options{Quiet: true}},
		{"works", "works.verbose.txt", "text", Options{Verbose: true}},
		{"works", "works.verbose.120.txt", "text", Options{Verbose: true, Width: 120}},
		{"fails-connect", "fails-connect.120.txt", "text", Options{Width: 120}},
		{"fails-connect", "fails-connect.color.txt", "text", Options{Color: true, Frames: true}},
		{"fails-connect", "fails-connect.verbose.txt", "text", Options{Verbose: true}},
		{"fails-resolve", "fails-resolve.verbose.txt", "text", Options{Verbose: true}},
		{"sign-in-rejected", "sign-in-rejected.verbose.txt", "text", Options{Verbose: true}},
		{"url", "url.verbose.txt", "text", Options{Verbose: true}},
		{"certificate", "certificate.200.txt", "text", Options{Width: 200}},
		{"certificate", "certificate.verbose.txt", "text", Options{Verbose: true}},
		{"sign-in-rejected", "sign-in-rejected.120.txt", "text", Options{Width: 120}},
		{"sign-in-rejected", "sign-in-rejected.200.txt", "text", Options{Width: 200}},
		{"sign-in-rejected", "sign-in-rejected.quiet.txt", "text", Options{Quiet: true}},
		{"long-names", "long-names.120.txt", "text", Options{Width: 120}},
		{"long-names", "long-names.color.txt", "text", Options{Color: true, Frames: true}},
		{"looked-further", "looked-further.json", "json", Options{}},
		{"looked-further", "looked-further.120.txt", "text", Options{Width: 120}},
		{"old-tls", "old-tls.json", "json", Options{}},
		{"old-tls", "old-tls.verbose.txt", "text", Options{Verbose: true}},
		{"offline", "offline.json", "json", Options{}},
		{"offline", "offline.verbose.txt", "text", Options{Verbose: true}},
		{"shared", "shared.xml", "junit", Options{}},
		{"transcript", "transcript.unwrapped.txt", "text", Options{Unwrapped: true}},
		{"hostile", "hostile.verbose.txt", "text", Options{Verbose: true}},
	}
	for format, ending := range fileEndings {
		for _, name := range []string{"works", "certificate", "sign-in-rejected", "unknown", "shared", "warnings", "works-but-run-fails", "nothing", "hostile", "drifted"} {
			tests = append(tests, struct {
				sample, file, format string
				o                    Options
			}{name, name + ending, format, Options{}})
		}
	}
	for name := range samples {
		tests = append(tests, struct {
			sample, file, format string
			o                    Options
		}{name, name + ".txt", "text", Options{}})
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			golden(t, tt.file, render(t, tt.format, tt.o, samples[tt.sample]()))
		})
	}
}

func TestGoldenSeveralTargets(t *testing.T) {
	files := map[string]string{"several.txt": "text", "several.json": "json", "several.xml": "junit"}
	for format, ending := range fileEndings {
		files["several"+ending] = format
	}
	for file, format := range files {
		t.Run(file, func(t *testing.T) {
			golden(t, file, render(t, format, Options{}, sampleURL(), sampleTLS(), sampleNothing()))
		})
	}
}
