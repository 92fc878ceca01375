package main

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/catalog"
	"mailprobe/internal/report"
)

// TestFormatsAreOneList holds that a command names the formats that it writes
// alike wherever it names them: in its help, where the shell completes them, and
// where it refuses another.
func TestFormatsAreOneList(t *testing.T) {
	says := func(args ...string) string {
		var out bytes.Buffer
		a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out, providers: catalog.Load()}
		a.run(t.Context(), args)
		return out.String()
	}
	for _, row := range []struct {
		command string // empty: none
		target  string
		formats []string
	}{
		{"", "gmail", report.FileFormats()}, {"run", "", report.SuiteFormats()}, {"demo", "", report.Formats()}, {"lint", "x.xml", report.LintFormats()},
		{"show", "gmail", showFormats()}, {"discover", "example.com", discoverFormats()}, {"bulk", "", bulkFormats()},
	} {
		args := slices.DeleteFunc([]string{row.command}, func(s string) bool { return s == "" })
		var completed []string
		for line := range strings.Lines(says(append([]string{"__complete"}, append(args, "-o", "")...)...)) {
			if name, _, _ := strings.Cut(strings.TrimSpace(line), "\t"); regexp.MustCompile(`^[a-z]+$`).MatchString(name) {
				completed = append(completed, name)
			}
		}
		if !slices.Equal(completed, row.formats) {
			t.Errorf("%s: completed: got  %v\nwant %v", row.command, completed, row.formats)
		}
		all := strings.Join(row.formats, ", ")
		if help := strings.Join(strings.Fields(says(append(args, "--help")...)), " "); !strings.Contains(help, "("+all) {
			t.Errorf("the help of %q does not say %s", row.command, all)
		}
		if row.target != "" {
			args = append(args, row.target)
		}
		if row.command == "run" {
			args = append(args, "--check", write(t, "suite.yaml", []byte("cases: [{target: gmail}]")))
		}
		if got := says(append(args, "-o", "nonsense")...); !strings.Contains(got, "there are "+all+"\n") {
			t.Errorf("%q refuses with %s\nwant %s", row.command, got, all)
		}
	}
}

// TestFormatsAreDocumented holds the table of README.md and the help of a run
// without a suite against all formats that there are.
func TestFormatsAreDocumented(t *testing.T) {
	_, table, _ := strings.Cut(fileOf(t, "../../README.md"), "| format | for | what |\n")
	table, _, _ = strings.Cut(table, "\n\n")
	var rows []string
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		for _, m := range regexp.MustCompile("`([a-z]+)`").FindAllStringSubmatch(cells[1], -1) {
			rows = append(rows, m[1])
		}
	}
	if want := append(report.SuiteFormats(), "patch"); !slices.Equal(rows, want) {
		t.Errorf("README.md: got  %v\nwant %v", rows, want)
	}
	a := &app{providers: catalog.Load()}
	if _, list, _ := strings.Cut(a.values(), "# FORMATS"); !strings.Contains(list, "- `"+strings.Join(append(report.SuiteFormats(), "patch"), "` \n- `")+"`") {
		t.Errorf("the manual: got  %.300s", list)
	}
}
