// Package safe makes text from outside harmless to show. A server chooses its
// greeting, its replies and the names in its certificate; shown raw they can
// repaint a terminal, reorder a line, or give orders to a CI system that reads
// the log.
package safe

import (
	"fmt"
	"iter"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Display returns s on one line in printable characters only. What cannot be
// seen is written as Go writes it in a string: \n, \x1b, \u202e, \U000e0041;
// a byte that is not UTF-8 is \xff, a backslash is \\. The marks by which CI
// systems recognise commands are broken with a backslash: ":\:" and "#\#".
// No two texts have the same display. ASCII without backslash, "::" and "##"
// stays as it is; so does the "::" within an IPv6 address.
func Display(s string) string {
	var b strings.Builder
	for u := range units(s) {
		b.WriteString(u)
	}
	return b.String()
}

// Clip returns the display of s in at most n terminal columns. If it was cut,
// it ends with "…"; an escape is never cut in two.
func Clip(s string, n int) string {
	if n <= 0 {
		return ""
	}
	var b strings.Builder
	used, fits := 0, 0 // columns so far; bytes that leave room for the ellipsis
	for u := range units(s) {
		used += Width(u)
		if used > n {
			return b.String()[:fits] + "…"
		}
		b.WriteString(u)
		if used < n {
			fits = b.Len()
		}
	}
	return b.String()
}

// Lines returns each line of s as Clip does, in at most n columns. Lines end
// with LF or CRLF; a last line end adds no empty line. Without text there are
// no lines.
func Lines(s string, n int) []string {
	var lines []string
	for line := range strings.Lines(s) {
		line = strings.TrimSuffix(line, "\n")
		lines = append(lines, Clip(strings.TrimSuffix(line, "\r"), n))
	}
	return lines
}

// units yields what is shown for each character of s.
func units(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		var before, last rune
		for s != "" {
			r, size := utf8.DecodeRuneInString(s)
			unit := s[:size]
			switch {
			case r == utf8.RuneError && size == 1:
				unit = fmt.Sprintf(`\x%02x`, s[0])
			case marker(before, last, r):
				unit = `\` + unit
			default:
				unit = shown(r, unit)
			}
			if !yield(unit) {
				return
			}
			before, last, s = last, r, s[size:]
		}
	}
}

// shown returns how the character r, in UTF-8, is shown.
func shown(r rune, utf8 string) string {
	switch {
	case r == '\\':
		return `\\`
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case visible(r):
		return utf8
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, r)
	default:
		return fmt.Sprintf(`\U%08x`, r)
	}
}

// visible reports whether r leaves a mark of its own and changes nothing
// around it. Unicode counts variation selectors and fillers as printable.
func visible(r rune) bool {
	return unicode.IsPrint(r) && !unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// marker reports whether r, behind before and last, completes the mark of a
// CI command: "::" (GitHub, at the start of a line) or "##" (GitHub, Azure and
// TeamCity, before a bracket). "::" behind a hexadecimal digit or a bracket is
// no start of a line and may be an IPv6 address.
func marker(before, last, r rune) bool {
	if r != last {
		return false
	}
	return r == '#' || r == ':' && !strings.ContainsRune("0123456789abcdefABCDEF[", before)
}

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

// Original returns the text of which shown is the display. What is no escape
// of Display's stays as it is.
func Original(shown string) string {
	if !strings.Contains(shown, `\`) {
		return shown
	}
	var b strings.Builder
	for shown != "" {
		r, wide, rest, err := strconv.UnquoteChar(shown, 0)
		switch {
		case strings.HasPrefix(shown, `\:`), strings.HasPrefix(shown, `\#`):
			rest = shown[1:]
		case err != nil:
			rest = shown[1:]
			b.WriteByte(shown[0])
		case wide:
			b.WriteRune(r)
		default:
			b.WriteByte(byte(r))
		}
		shown = rest
	}
	return b.String()
}
