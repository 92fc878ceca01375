package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"mailprobe/internal/catalog"
	"mailprobe/internal/replies"
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
		{`{"schema": 1, "verdict": "works", "findings": []}`, exitWorks, "everything works"},
		{`{"schema": 1, "verdict": "unknown", "findings": []}`, exitFails, "The report has no finding"},
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

// TestExplainTakesEveryProvider: each that list and the completion name.
func TestExplainTakesEveryProvider(t *testing.T) {
	var data struct {
		Providers []struct {
			ID      string
			Aliases []string
		}
		Repliers []string
	}
	if err := json.Unmarshal([]byte(printed(t, exitWorks, "list", "--json")), &data); err != nil {
		t.Fatal(err)
	}
	names := data.Repliers
	for i, p := range data.Providers {
		if i%8 == 0 { // each takes its time
			names = append(append(names, p.ID), p.Aliases...)
		}
	}
	if len(data.Repliers) == 0 || len(data.Providers) == 0 {
		t.Fatalf("got  %+v\nwant providers of both kinds", data)
	}
	for _, name := range append(names, replies.Providers()...) {
		printed(t, exitWorks, "explain", "--provider", name, "535 5.7.8 Authentication failed")
	}
	listed, completed := printed(t, exitWorks, "list"), printed(t, exitWorks, cobra.ShellCompRequestCmd, "explain", "--provider", "")
	for _, name := range data.Repliers {
		if !strings.Contains(listed, name) || !strings.Contains(completed, name) {
			t.Errorf("%s is not in list and completion", name)
		}
	}
}

// A provider that both the catalogue and the replies know is known to both
// under the id of the catalogue.
func TestRepliesKnowTheCatalogue(t *testing.T) {
	known := catalog.Load()
	for _, name := range replies.Providers() {
		if p, ok := known.Lookup(name); ok && !replies.KnowsProvider(p.ID) {
			t.Errorf("the replies of %s do not serve %s", name, p.ID)
		}
	}
	for _, p := range known.Outlines() {
		for _, domain := range p.Domains {
			if replies.KnowsProvider(domain) && !replies.KnowsProvider(p.ID) {
				t.Errorf("the replies that serve %s do not serve %s", domain, p.ID)
			}
		}
	}
}

func TestUntilDot(t *testing.T) {
	for text, want := range map[string]string{
		"535 no\n.\nmore\n": "535 no\n",
		"535 no\n..\n":      "535 no\n..\n",
		"535 no":            "535 no\n",
		"":                  "",
	} {
		if got, err := untilDot(strings.NewReader(text)); got != want || err != nil {
			t.Errorf("%q\ngot  %q, %v\nwant %q", text, got, err, want)
		}
	}
}

func TestExplainInDetail(t *testing.T) {
	text := "a1 NO [AUTHENTICATIONFAILED] no"
	short, long := printed(t, exitWorks, "explain", text), printed(t, exitWorks, "explain", "-v", text)
	if strings.Count(short, "what happened") != 1 || strings.Count(long, "what happened") < 2 || strings.Count(short, text) != 1 {
		t.Errorf("got  %s\nwant one cause and one line of evidence, and more with -v:\n%s", short, long)
	}
}
