package replies

import (
	"slices"
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
