// Package safe makes text from outside harmless to show. A server chooses its
// greeting, its replies and the names in its certificate; shown raw they can
// repaint a terminal, reorder a line, or give orders to a CI system that reads
// the log.
package safe

import (
	"fmt"
	"iter"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Display returns s on one line in printable characters only, for people. What
// cannot be seen is written as Go writes it in a string: \n, \x1b, \u202e,
// \U000e0041; a byte that is not UTF-8 is \xff. Everything else stays as it is,
// so that it can be typed again, but for what a CI system would take for a
// command: that is broken with a backslash, ":\:error" and "#\#vso[".
func Display(s string) string {
	var b strings.Builder
	for c := range characters(s) {
		b.WriteString(c.shown())
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
	for c := range characters(s) {
		u := c.shown()
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

// A character is one character of a text, or a byte that is not UTF-8.
type character struct {
	text string // as received
	r    rune   // utf8.RuneError also for such a byte
	mark bool   // it belongs to the mark of a CI command
}

// characters yields s one by one.
func characters(s string) iter.Seq[character] {
	return func(yield func(character) bool) {
		var last rune = ' '
		colons := 0 // of a command's mark, that are still to come
		for s != "" {
			r, size := utf8.DecodeRuneInString(s)
			if last == ' ' {
				colons = commandColons(s)
			}
			c := character{s[:size], r, last == '#' && hashCommand(s) || last == ':' && colons > 0}
			if colons > 0 {
				colons--
			}
			if !yield(c) {
				return
			}
			last, s = r, s[size:]
		}
	}
}

// shown returns how c is shown to people.
func (c character) shown() string {
	switch {
	case c.mark:
		return `\` + c.text
	case c.broken():
		return fmt.Sprintf(`\x%02x`, c.text[0])
	case c.r == '\n':
		return `\n`
	case c.r == '\r':
		return `\r`
	case c.r == '\t':
		return `\t`
	case visible(c.r):
		return c.text
	case c.r < 0x80:
		return fmt.Sprintf(`\x%02x`, c.r)
	case c.r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, c.r)
	default:
		return fmt.Sprintf(`\U%08x`, c.r)
	}
}

// broken reports whether c is a byte that is not UTF-8.
func (c character) broken() bool { return c.r == utf8.RuneError && len(c.text) == 1 }

// visible reports whether r leaves a mark of its own and changes nothing
// around it. Unicode counts variation selectors and fillers as printable.
func visible(r rune) bool {
	return unicode.IsPrint(r) && !unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
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

// JSON returns s as a string of JSON, quotes and all, that holds printable
// characters only. A reader of JSON gets s back: what cannot be seen, and the
// marks of CI commands, are written by escapes of JSON itself. A byte that is
// not UTF-8, which JSON cannot hold, is the four characters of its display,
// such as \xff.
func JSON(s string) []byte {
	b := make([]byte, 0, len(s)+2)
	b = append(b, '"')
	if plain(s) {
		return append(append(b, s...), '"')
	}
	for c := range characters(s) {
		b = append(b, c.json()...)
	}
	return append(b, '"')
}

// plain reports whether a text, as nearly all of them, is written as it is:
// printable ASCII that needs no look at what stands beside it.
func plain(s string) bool {
	for i := range len(s) {
		if b := s[i]; b < ' ' || b > '~' || b == '"' || b == '\\' || b == '#' || b == ':' && i+1 < len(s) && s[i+1] == ':' {
			return false
		}
	}
	return true
}

// json returns how c is written within a string of JSON.
func (c character) json() string {
	switch {
	case c.broken():
		return `\` + c.shown()
	case c.r == '\n', c.r == '\r', c.r == '\t':
		return c.shown()
	case c.r == '"', c.r == '\\':
		return `\` + c.text
	case !c.mark && visible(c.r):
		return c.text
	case c.r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, c.r)
	}
	high, low := utf16.EncodeRune(c.r)
	return fmt.Sprintf(`\u%04x\u%04x`, high, low)
}
