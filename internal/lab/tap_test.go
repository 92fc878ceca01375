package lab

import (
	"strings"
	"testing"
)

func TestEditorLeavesLiteralsAlone(t *testing.T) {
	upper := editor{edit: strings.ToUpper}
	got := string(upper.feed([]byte("a {5}\r\nb\r\nc\r\nd {2+}\r\nef g\r\nh {x}\r\n{9\r\n")))
	if want := "A {5}\r\nb\r\nc\r\nD {2+}\r\nef G\r\nH {X}\r\n{9\r\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestEditorPassesALineWithoutEnd(t *testing.T) {
	e := editor{edit: func(string) string { return "edited" }}
	if got, want := len(e.feed(make([]byte, maxLine+1))), maxLine+1; got != want {
		t.Errorf("got  %d bytes\nwant %d", got, want)
	}
}

// FuzzEditorDoesNotDependOnSegments holds an editor that gets its input in
// two segments against one that gets it at once.
func FuzzEditorDoesNotDependOnSegments(f *testing.F) {
	f.Add("a1 ID NIL\r\nb {4}\r\nabcdc\r\n", 9)
	f.Add("b {4}\r\nabcdc\r\n", 3)
	f.Fuzz(func(t *testing.T, text string, cut int) {
		if cut < 0 || cut > len(text) || len(text) > maxLine {
			t.Skip()
		}
		edit := func(line string) string { return "[" + line + "]" }
		whole, parts := editor{edit: edit}, editor{edit: edit}
		want := string(whole.feed([]byte(text)))
		got := string(parts.feed([]byte(text[:cut]))) + string(parts.feed([]byte(text[cut:])))
		if got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	})
}
