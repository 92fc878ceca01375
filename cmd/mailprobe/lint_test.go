package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailprobe/internal/document"
)

const publishedFolder = "../../testdata/published/"

// runs carries out a command line and returns all that it writes.
func runs(t *testing.T, args ...string) (status int, out, messages string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
	status = a.run(t.Context(), args)
	return status, stdout.String(), stderr.String()
}

func TestLint(t *testing.T) {
	for _, row := range []struct {
		name   string
		args   []string
		status int
		says   string
	}{
		{"sound", []string{publishedFolder + "autoconfig-sound.xml"}, exitWorks, "1 file with 3 servers: 0 errors, 0 warnings"},
		{"warnings", []string{publishedFolder + "autoconfig-bom.xml"}, exitWorks, "settings.bom"},
		{"warnings count", []string{publishedFolder + "autoconfig-bom.xml", "--strict"}, exitFails, "settings.bom"},
		{"errors", []string{publishedFolder + "autoconfig-ports.xml"}, exitFails, "autoconfig-ports.xml:6: error: POP3"},
		{"unreadable", []string{publishedFolder + "autoconfig-blank-before.xml"}, exitFails, "very first characters"},
		{"folder", []string{publishedFolder}, exitFails, "generator-stalwart.xml:7: warning"},
		{"a path that is not there", []string{publishedFolder + "autoconfig-sound.xml", "nowhere.xml"}, exitUsage, `there is no file or folder "nowhere.xml"`},
		{"nothing", nil, exitUsage, "name a file or a folder"},
		{"format", []string{"x.xml", "-o", "xml"}, exitUsage, "unknown output format"},
		{"two formats", []string{"x.xml", "-o", "json", "-o", "sarif"}, exitUsage, "both json and sarif"},
		{"folder without settings", []string{t.TempDir()}, exitUsage, "no document of mail settings"},
	} {
		status, out, messages := runs(t, append([]string{"lint"}, row.args...)...)
		if status != row.status || !strings.Contains(out+messages, row.says) || (status == exitUsage) != (out == "") {
			t.Errorf("%s\n got %d %s %s\nwant %d %s", row.name, status, out, messages, row.status, row.says)
		}
	}
}

func TestLintJSON(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lint.json")
	status, out, messages := runs(t, "lint", publishedFolder+"autoconfig-ports.xml", "-q", "-o", "text", "-o", "json="+file)
	if status != exitFails || !strings.Contains(out, "3 errors") {
		t.Fatalf("got  %d %s %s", status, out, messages)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var l struct {
		Schema int
		Files  []struct {
			File, Format, Status string
			Offers               []struct {
				Protocol, Host, Security, Username string
				Port, Line                         int
				SignIn                             []string `json:"sign_in"`
			}
			Findings []struct {
				Code, Severity, Message, Remedy string
				Line                            int
			}
		}
	}
	if err := json.Unmarshal(data, &l); err != nil {
		t.Fatal(err)
	}
	f := l.Files[0]
	if l.Schema != 1 || f.Format != "autoconfig" || f.Status != "read" || len(f.Offers) != 5 || f.Offers[0].Line != 6 || f.Offers[0].SignIn[0] != "password" ||
		f.Findings[0].Code != "settings.port_contradicts" || f.Findings[0].Line != 6 {
		t.Errorf("got  %s", data)
	}
}

// The catalogue passes the lint that it gives others.
func TestCatalogLint(t *testing.T) {
	status, out, messages := runs(t, "catalog", "lint", "--json")
	var l document.Lint
	if err := json.Unmarshal([]byte(out), &l); err != nil || status != exitWorks || len(l.Files) < 100 {
		t.Fatalf("got  %d, %d files, %v %s", status, len(l.Files), err, messages)
	}
	for _, f := range l.Files {
		for _, x := range f.Findings {
			if x.Severity == "error" {
				t.Errorf("%s:%d: %s", f.File, x.Line, x.Message)
			}
		}
		if f.Status != "read" || f.Format != "mailprobe" {
			t.Errorf("%s: %s, %s", f.File, f.Status, f.Format)
		}
	}
}
