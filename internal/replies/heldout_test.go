package replies

import (
	"os"
	"strings"
	"testing"

	"mailprobe/internal/finding"
	"mailprobe/internal/lab/detector"
)

// TestHeldOut: texts in wordings that are in no row's sample.
func TestHeldOut(t *testing.T) {
	detector.Spare(t)
	for _, known := range written(t) {
		holds(t, known.codes, known.text)
	}
}

// TestCollected: texts that were collected after the rows were written.
func TestCollected(t *testing.T) {
	detector.Spare(t)
	for _, known := range texts(t, "collected.tsv") {
		holds(t, known.codes, known.text)
	}
}

// A knownText is a text with the codes that are right for it, | between them.
type knownText struct{ codes, text string }

// written are the texts of testdata/texts/written.tsv.
func written(t testing.TB) []knownText { return texts(t, "written.tsv") }

// unescape reads a text of testdata: `\n` is a line end, `\\` a backslash.
var unescape = strings.NewReplacer(`\\`, `\`, `\n`, "\n")

func texts(t testing.TB, file string) []knownText {
	t.Helper()
	var all []knownText
	for line := range strings.Lines(shared(t, file)) {
		codes, text, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if !ok || strings.Contains(strings.NewReplacer(`\\`, "", `\n`, "").Replace(text), `\`) {
			t.Fatalf("%s: no tab, or a backslash that is neither \\n nor \\\\: %q", file, line)
		}
		all = append(all, knownText{codes, unescape.Replace(text)})
	}
	if len(all) < 100 {
		t.Fatalf("got  %d texts in %s\nwant more than a hundred", len(all), file)
	}
	return all
}

// shared returns what a file of testdata/texts holds.
func shared(t testing.TB, file string) string {
	t.Helper()
	data, err := os.ReadFile("../../testdata/texts/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// holds checks that a text is explained by one of the codes, and completely.
func holds(t *testing.T, codes, text string) {
	t.Helper()
	got, matches := "none", Explain(Query{Text: text})
	if len(matches) > 0 {
		got = matches[0].Code
	}
	if !strings.Contains("|"+codes+"|", "|"+got+"|") {
		t.Errorf("%s\n got %s\nwant %s", text, got, codes)
	}
	for _, m := range matches {
		if m.Cause == "" || m.Title == "" || m.Evidence == "" || m.Judged == "" || m.Severity != finding.Info && (m.Remedy == "" || m.Blame == "") {
			t.Errorf("%s: incomplete: %+v", text, m)
		}
	}
}
