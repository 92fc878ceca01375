package safe

import (
	"unicode"

	"golang.org/x/text/width"
)

// Width returns how many terminal columns a displayed text takes: two for a
// wide East Asian character, none for a mark that combines with the one before.
func Width(s string) int {
	n := 0
	for _, r := range s {
		n += columns(r)
	}
	return n
}

func columns(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
