package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailprobe/internal/document"
)

// TestOutletsFail holds that an output that fails keeps none of the others
// from being written, and that each that failed is told by its name.
func TestOutletsFail(t *testing.T) {
	var stdout bytes.Buffer
	a := &app{stdout: &stdout}
	folder := t.TempDir()
	good, missing := filepath.Join(folder, "good.xml"), filepath.Join(folder, "missing", "a.json")
	out := a.outlets(&runFlags{}, []output{{"json", missing}, {"junit", good}, {"text", folder}, {"text", ""}}, 2)
	for i, target := range []string{"first", "second"} {
		out.report(&document.Document{Index: i, Target: document.Text(target), Title: document.Text(target), Verdict: document.Works})
	}
	err := out.end()
	for _, want := range []string{"cannot write " + missing + ": no such file", "cannot write " + folder + ": is a directory"} {
		if err == nil || strings.Count(err.Error(), want) != 1 {
			t.Errorf("got  %v\nwant once %q", err, want)
		}
	}
	if text := stdout.String(); !strings.Contains(text, "first: ") || !strings.Contains(text, "second: ") {
		t.Errorf("got  %s\nwant both reports", text)
	}
	if text, err := os.ReadFile(good); err != nil || strings.Count(string(text), "<testsuite ") != 2 {
		t.Errorf("got  %s, %v\nwant both reports", text, err)
	}
}

// TestOutletsAreLazy holds that no file is opened before there is a report,
// and that the run's end without one still overwrites what an earlier run left.
func TestOutletsAreLazy(t *testing.T) {
	a := &app{stdout: new(bytes.Buffer)}
	for format, want := range map[string]string{"text": "", "json": `"reports": []`, "junit": `tests="0"`} {
		name := filepath.Join(t.TempDir(), "report")
		if err := os.WriteFile(name, []byte("yesterday"), 0o600); err != nil {
			t.Fatal(err)
		}
		out := a.outlets(&runFlags{}, []output{{format, name}}, 1)
		if got, err := os.ReadFile(name); err != nil || string(got) != "yesterday" {
			t.Errorf("%s\ngot  %s, %v\nwant the file as it was", format, got, err)
		}
		if err := out.end(); err != nil {
			t.Error(err)
		}
		if got, err := os.ReadFile(name); err != nil || strings.Contains(string(got), "yesterday") || !strings.Contains(string(got), want) {
			t.Errorf("%s\ngot  %s, %v\nwant %s", format, got, err, want)
		}
	}
}
