package typo

import (
	"strings"
	"testing"
)

func TestDistance(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"abc", "abc", 0},
		{"abc", "abd", 1},
		{"abc", "ab", 1},
		{"abc", "abcd", 1},
		{"abc", "acb", 1},
		{"ab", "ba", 1},
		{"ca", "abc", 3}, // 2 in the unrestricted distance
		{"kitten", "sitting", 3},
		{"köln", "koln", 1},
		{strings.Repeat("b", 252), strings.Repeat("b", 253), 1},
		{strings.Repeat("b", 253), strings.Repeat("b", 254), 0},
		{"a" + strings.Repeat("b", Longest), "a" + strings.Repeat("b", Longest) + "c", 0}, // what is too long is not looked at
	} {
		t.Run(row.a[:min(len(row.a), 10)]+"/"+row.b[:min(len(row.b), 10)], func(t *testing.T) {
			if got := Distance(row.a, row.b); got != row.want {
				t.Errorf("got  %d\nwant %d", got, row.want)
			}
		})
	}
}
