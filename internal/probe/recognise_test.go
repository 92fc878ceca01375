package probe

import (
	"os"
	"strings"
	"testing"
)

// TestRecognise reads testdata/greetings.tsv, whose first column is the
// protocol that greets so.
func TestRecognise(t *testing.T) {
	data, err := os.ReadFile("../../testdata/greetings.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		part := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		want := strings.TrimPrefix(part[0], "-")
		for _, first := range []string{part[4], part[4] + "\r\n220 more", strings.ToLower(part[4])} {
			if got := Recognise([]byte(first)); got != want {
				t.Errorf("%q\ngot  %q\nwant %q", first, got, want)
			}
		}
	}
	for _, first := range []string{"", "\x15\x03\x01"} {
		if got := Recognise([]byte(first)); got != "" {
			t.Errorf("%q\ngot  %q\nwant none", first, got)
		}
	}
}
