package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"mailprobe/internal/catalog"
)

// TestExplainTexts holds the command, from the standard input to the JSON, to
// some of the texts that the tables are held to.
func TestExplainTexts(t *testing.T) {
	data, err := os.ReadFile("../../testdata/texts/collected.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		codes, text, ok := strings.Cut(line, "\t")
		if !ok || i%20 != 0 {
			continue
		}
		var out, errs bytes.Buffer
		a := &app{stdin: strings.NewReader(strings.ReplaceAll(text, `\n`, "\n")), stdout: &out, stderr: &errs, providers: catalog.Load()}
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
