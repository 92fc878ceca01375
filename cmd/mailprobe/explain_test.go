package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExplainSavedReports explains what the program itself has written: one
// report, several in one object, a list of them, and one on each line.
func TestExplainSavedReports(t *testing.T) {
	tour := printed(t, exitWorks, "demo", "--json")
	var several struct{ Reports []json.RawMessage }
	if err := json.Unmarshal([]byte(tour), &several); err != nil || len(several.Reports) != 1+len(tourStops) {
		t.Fatalf("got  %d reports, %v\nwant %d", len(several.Reports), err, 1+len(tourStops))
	}
	list, err := json.Marshal(several.Reports)
	if err != nil {
		t.Fatal(err)
	}
	var each, lines, pages []string
	for _, report := range several.Reports {
		var one any
		if err := json.Unmarshal(report, &one); err != nil {
			t.Fatal(err)
		}
		line, err := json.Marshal(one)
		if err != nil {
			t.Fatal(err)
		}
		each, lines = append(each, string(report)), append(lines, string(line))
	}
	for _, report := range each[1:] {
		text := explainedFile(t, exitWorks, report)
		pages = append(pages, text)
	}
	for form, text := range map[string]string{"several": tour, "list": string(list), "lines": strings.Join(lines, "\n") + "\n", "one behind another": strings.Join(each, "")} {
		got := explainedFile(t, exitWorks, text)
		for _, page := range pages {
			if !strings.Contains(got, page) {
				t.Errorf("%s\ngot  %s\nwant it to hold %s", form, got, page)
			}
		}
		if strings.Contains(got, `\\n`) {
			t.Errorf("%s: what was escaped is escaped again: %s", form, got)
		}
	}
	for code, page := range map[string]string{"cert.expired": pages[0], "mode.starttls_on_implicit_port": pages[1], "starttls.stripped_suspected": pages[2], "net.refused": pages[4]} {
		if !strings.Contains(page, "("+code) {
			t.Errorf("got  %s\nwant %s", page, code)
		}
	}
}

// TestExplainOtherReports holds what is said of reports without a finding, of
// another schema, and of JSON that is none.
func TestExplainOtherReports(t *testing.T) {
	for _, tt := range []struct {
		text   string
		status int
		want   string
	}{
		{`{"schema": 1, "reports": []}`, exitFails, "The report has no finding"},
		{`{"schema": 1, "verdict": "works", "findings": []}`, exitFails, "The report has no finding"},
		{`{"schema": 1, "verdict": "fails", "findings": [{"code": "cert.expired"}]} and more`, exitWorks, "cert.expired"},
		{`{"status": "400"}`, exitWorks, "(auth."},
		{`{"colour": "red"}`, exitFails, "Not recognised"},
		{`{"schema": 2}`, exitUsage, ""},
	} {
		if got := explainedFile(t, tt.status, tt.text); !strings.Contains(got, tt.want) {
			t.Errorf("%s\ngot  %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

// explainedFile is what explain prints of a file.
func explainedFile(t *testing.T, status int, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "report.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return printed(t, status, "explain", name)
}
