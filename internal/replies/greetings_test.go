package replies

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestGreetings reads testdata/greetings.tsv. Whoever pastes a greeting that
// welcomes the client is never told that something was refused, and one that
// turns it away is never called well.
func TestGreetings(t *testing.T) {
	data, err := os.ReadFile("../../testdata/greetings.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		part := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		welcome := slices.ContainsFunc([]string{"220", "+OK", "* OK", "* PREAUTH"}, func(start string) bool { return strings.HasPrefix(part[4], start) })
		if got := Agrees(part[4]); got != welcome {
			t.Errorf("%s\ngot  agrees %v\nwant %v", part[4], got, welcome)
		}
		if found := Explain(Query{Text: part[4]}); welcome && len(found) > 0 {
			t.Errorf("%s\ngot  %s\nwant nothing to explain", part[4], found[0].Code)
		}
	}
}
