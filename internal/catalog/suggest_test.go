package catalog

import (
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/lab/detector"
)

func TestSuggest(t *testing.T) {
	c := original()
	for _, row := range []struct {
		name, text string
		want       []string
	}{
		{"two letters swapped", "gmial.com", []string{"gmail.com", "ymail.com"}},
		{"wrong ending as well", "gmial.con", []string{"gmail.com"}},
		{"a letter missing", "ofice365", []string{"office365"}},
		{"a letter missing in a name", "outlok", []string{"outlook"}},
		{"a wrong letter", "hotnail.com", []string{"hotmail.com"}},
		{"the better known domain first", "hotmail.co", []string{"hotmail.com"}},
		{"a letter too many in an address", "me@yahooo.com", []string{"yahoo.com"}},
		{"trailing dot", "icluod.com.", []string{"icloud.com"}},
		{"in capitals", "ICLUOD", []string{"icloud"}},
		{"in two words", "exchange onlin", []string{"exchange-online"}},
		{"nearest first", "ymall", []string{"ymail", "gmail"}},

		{"a domain of one's own", "corp.com", nil},
		{"a short domain of one's own", "acme.com", nil},
		{"another provider", "web.de", nil},
		{"another provider with a like name", "fastmail.com", nil},
		{"Yahoo! JAPAN is no slip", "yahoo.co.jp", nil},
		{"a wrong letter of three", "aok", []string{"aol"}},
		{"too short", "ms", nil},
		{"empty", "", nil},
		{"very long", strings.Repeat("gmail", 1000), nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := c.Suggest(row.text); !slices.Equal(got, row.want) {
				t.Errorf("got  %q\nwant %q", got, row.want)
			}
		})
	}
}

func TestSuggestAtMostThree(t *testing.T) {
	detector.Spare(t)
	c := Load()
	for _, p := range c.All() {
		for _, word := range slices.Concat(p.Aliases, p.Domains) {
			if got := c.Suggest("x" + word); len(got) > 3 {
				t.Errorf("x%s\ngot  %q\nwant at most three", word, got)
			}
		}
	}
}
