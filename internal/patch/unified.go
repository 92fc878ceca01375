package patch

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
)

// around is how many lines of context stand before and behind a change.
const around = 3

// unified is a diff of two texts of which each line stands in its place. Empty:
// they are the same.
func unified(name string, before, after []byte) []byte {
	was, is := lines(before), lines(after)
	var b bytes.Buffer
	for at := 0; at < len(was); {
		if bytes.Equal(was[at], is[at]) {
			at++
			continue
		}
		from, to := max(0, at-around), at
		for next := at; next < len(was) && next <= to+2*around; next++ {
			if !bytes.Equal(was[next], is[next]) {
				to = next
			}
		}
		end := min(len(was), to+around+1)
		if b.Len() == 0 {
			fmt.Fprintf(&b, "--- %s\n+++ %s\n", shownName("a", name), shownName("b", name))
		}
		hunk(&b, was, is, from, end)
		at = end
	}
	return b.Bytes()
}

// lines parts a text behind each line feed.
func lines(text []byte) [][]byte {
	all := bytes.SplitAfter(text, []byte("\n"))
	if len(all[len(all)-1]) == 0 {
		all = all[:len(all)-1]
	}
	return all
}

// hunk writes the lines from one to another, those that go before those that
// come.
func hunk(b *bytes.Buffer, was, is [][]byte, from, end int) {
	fmt.Fprintf(b, "@@ -%d,%d +%d,%d @@\n", from+1, end-from, from+1, end-from)
	for at := from; at < end; {
		if bytes.Equal(was[at], is[at]) {
			one(b, ' ', was[at])
			at++
			continue
		}
		to := at
		for to < end && !bytes.Equal(was[to], is[to]) {
			to++
		}
		for _, l := range was[at:to] {
			one(b, '-', l)
		}
		for _, l := range is[at:to] {
			one(b, '+', l)
		}
		at = to
	}
}

func one(b *bytes.Buffer, mark byte, line []byte) {
	b.WriteByte(mark)
	b.Write(line)
	if !bytes.HasSuffix(line, []byte("\n")) {
		b.WriteString("\n\\ No newline at end of file\n")
	}
}

// shownName writes the name of a file as Git does: with a letter before it, in
// quotes where it holds what would end it, and with a tabulator behind a blank.
func shownName(side, name string) string {
	name = side + "/" + strings.TrimPrefix(filepath.ToSlash(filepath.Clean(name)), "/")
	if strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || r == '"' || r == '\\' }) {
		var b strings.Builder
		for _, c := range []byte(name) {
			switch {
			case c == '"' || c == '\\':
				b.WriteString(`\` + string(rune(c)))
			case c < ' ' || c >= 0x7f:
				fmt.Fprintf(&b, `\%03o`, c)
			default:
				b.WriteByte(c)
			}
		}
		return `"` + b.String() + `"`
	}
	if strings.Contains(name, " ") {
		name += "\t"
	}
	return name
}
