package report

import (
	"strings"
	"unicode/utf8"

	"mailprobe/internal/safe"
)

// wrap breaks displayed text at blanks into lines of at most width columns. A
// word that is longer than a line is broken where the line ends, so that
// nothing is lost. There is always one line.
func wrap(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case safe.Width(*last)+1+safe.Width(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
		lines = breakLast(lines, width)
	}
	return lines
}

// breakLast breaks the last line until it is no wider than width.
func breakLast(lines []string, width int) []string {
	for {
		last := lines[len(lines)-1]
		head := prefix(last, width)
		if head == last {
			return lines
		}
		lines[len(lines)-1] = head
		lines = append(lines, last[len(head):])
	}
}

// prefix returns as much of text as width columns hold, but at least one
// character. What is left does not begin with "::", which means a command to
// a CI system at the start of a line.
func prefix(text string, width int) string {
	used, start := 0, true
	for i, r := range text {
		used += safe.Width(string(r))
		if used > width && !start {
			_, last := utf8.DecodeLastRuneInString(text[:i])
			if strings.HasPrefix(text[i:], "::") && last < i {
				i -= last
			}
			return text[:i]
		}
		start = false
	}
	return text
}

// pad fills text with blanks up to width columns.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-safe.Width(text)))
}
