package safe

import (
	"fmt"
	"unicode/utf16"
)

// JSON returns s as a string of JSON, quotes and all, that holds printable
// characters only. A reader of JSON gets s back: what cannot be seen, and the
// marks of CI commands, are written by escapes of JSON itself. A byte that is
// not UTF-8, which JSON cannot hold, is the four characters of its display,
// such as \xff.
func JSON(s string) []byte {
	b := make([]byte, 0, len(s)+2)
	b = append(b, '"')
	for c := range characters(s) {
		b = append(b, c.json()...)
	}
	return append(b, '"')
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
