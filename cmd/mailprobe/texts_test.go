package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"mailprobe/internal/catalog"
	"mailprobe/internal/document"
	"mailprobe/internal/lab/detector"
)

// TestExplainTexts holds the command, from the standard input to the JSON, to
// some of the texts that the tables are held to.
func TestExplainTexts(t *testing.T) {
	data, err := os.ReadFile("../../testdata/texts/collected.tsv")
	if err != nil {
		t.Fatal(err)
	}
	unescape := strings.NewReplacer(`\\`, `\`, `\n`, "\n")
	for i, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		codes, text, ok := strings.Cut(line, "\t")
		if !ok || i%20 != 0 {
			continue
		}
		var out, errs bytes.Buffer
		a := &app{stdin: strings.NewReader(unescape.Replace(text)), stdout: &out, stderr: &errs, providers: catalog.Load()}
		status := a.run(t.Context(), []string{"explain", "--json", "-"})
		var doc struct{ Matches []struct{ Code string } }
		if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
			t.Fatalf("%s: %v, %s", text, err, &errs)
		}
		got := "none"
		if len(doc.Matches) > 0 {
			got = doc.Matches[0].Code
		}
		if !strings.Contains("|"+codes+"|", "|"+got+"|") || (status == exitWorks) != (got != "none") {
			t.Errorf("%s\ngot  %s, exit status %d\nwant %s", text, got, status, codes)
		}
	}
}

// A report that is not whole is never taken for a server's reply.
func TestExplainDamaged(t *testing.T) {
	detector.Spare(t)
	const good = `{"schema": 1, "verdict": "fails", "findings": [{"code": "cert.expired", "severity": "error", "blame": "provider", "message": "It is over."}], "endpoints": []}`
	for _, row := range []struct {
		name, text string
		status     int
		out, errs  string // parts of what is said; empty: nothing is
	}{
		{"whole", good, exitWorks, "cert.expired", ""},
		{"cut", good[:len(good)-20] + "\n535 5.7.8 rejected", exitUsage, "", "breaks off"},
		{"the second is cut", good + "\n" + good[:30], exitWorks, "cert.expired", "only the first 1"},
		{"too large", good[:len(good)-1] + `, "x": "` + strings.Repeat("a", document.MaxSize) + `"}`, exitUsage, "", "too large"},
		{"much that is no report", "[" + strings.Repeat("a", document.MaxSize), exitFails, "Not recognised", ""},
	} {
		var out, errs bytes.Buffer
		a := &app{stdin: strings.NewReader(row.text), stdout: &out, stderr: &errs, providers: catalog.Load()}
		if got := a.run(t.Context(), []string{"explain", "-"}); got != row.status {
			t.Errorf("%s\ngot  exit status %d\nwant %d", row.name, got, row.status)
		}
		for said, want := range map[string]string{out.String(): row.out, errs.String(): row.errs} {
			if !strings.Contains(said, want) || (said == "") != (want == "") || strings.Count(errs.String(), "\n") > 1 {
				t.Errorf("%s\ngot  %q\nwant %q", row.name, said, want)
			}
		}
	}
}
