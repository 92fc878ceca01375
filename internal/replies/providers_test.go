package replies

import (
	"slices"
	"strings"
	"testing"
)

// The names of the tables are read without the tables.
func TestProviders(t *testing.T) {
	var want []string
	for _, f := range embeddedTable().providers {
		want = append(want, f.Provider)
	}
	slices.Sort(want)
	if got := Providers(); !slices.Equal(got, want) || len(got) == 0 {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// A table that begins with a comment, or has no owner, is read alike.
func TestOwner(t *testing.T) {
	for text, want := range map[string]string{
		"provider: zoho\nrows:\n": "zoho", "# what it says\nprovider: zoho \nserves: []\n": "zoho",
		"rows:\n  - {}\nprovider: late\n": "", "words: []\n": "", "": "",
	} {
		if got, err := owner(strings.NewReader(text)); got != want || err != nil {
			t.Errorf("%q\ngot  %q\nwant %q", text, got, want)
		}
	}
}
