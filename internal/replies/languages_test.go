package replies

import (
	"slices"
	"strings"
	"testing"
)

// TestNotionsInLanguages: what programs say of a fault is read in every language
// that they come in. Each notion has a sentence in each.
func TestNotionsInLanguages(t *testing.T) {
	languages := strings.Fields("en de fr es it pt nl pl ru zh ja cs")
	told := map[string][]string{}
	for line := range strings.Lines(shared(t, "languages.tsv")) {
		column := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(column) != 4 {
			t.Fatalf("no notion, language, codes and text: %q", line)
		}
		told[column[0]] = append(told[column[0]], column[1])
		holds(t, column[2], unescape.Replace(column[3]))
	}
	if len(told) < 47 {
		t.Errorf("got  %d notions\nwant 47", len(told))
	}
	for notion, in := range told {
		for _, language := range languages {
			if !slices.Contains(in, language) {
				t.Errorf("%q is not told in %s", notion, language)
			}
		}
	}
}
