package bulk

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// read reads a whole list and says of each line its number, its text, where it
// leads hosts, and what is wrong with it.
func read(t *testing.T, in *lines) (all []string) {
	t.Helper()
	for {
		l, err := in.next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf("%d %s", l.number, l.text)
		for _, r := range l.rules {
			text += fmt.Sprintf(" %s:%d:%v", r.Host, r.Port, r.Addrs)
		}
		if l.err != nil {
			text += " BAD " + l.err.Error()
		}
		all = append(all, text)
	}
}

func TestLines(t *testing.T) {
	for _, row := range []struct{ name, list, want string }{
		{"nothing", "", ""},
		{"blank lines and comments", "\n # a\n\t\r\n#b", ""},
		{"targets", "gmail\r\n imaps://a.example \nme@b.example", "1 gmail|2 imaps://a.example|3 me@b.example"},
		{"a byte order mark", "\ufeffgmail\n", "1 gmail"},
		{"a comment behind", "gmail # the big one\na#b\t#c", "1 gmail|2 a#b"},
		{"an object", `{"target":"imaps://a.example","resolve":["a.example:993:192.0.2.1"]}`, "1 imaps://a.example a.example:993:[192.0.2.1]"},
		{"an object without rules", `{"target": " gmail "}`, "1 gmail"},
		{"no object", `{"target":`, `1 {"target": BAD it is no object`},
		{"an unknown key", `{"target":"gmail","reslove":[]}`, `BAD it is no object with a target: json: unknown field "reslove"`},
		{"another type", `{"target":["gmail"]}`, `BAD it is no object`},
		{"no target", `{"resolve":[]}`, `BAD it names no target`},
		{"two objects", `{"target":"a"}{"target":"b"}`, `BAD something stands behind`},
		{"a bad rule", `{"target":"a.example","resolve":["a.example:993"]}`, "BAD --resolve"},
		{"two lines in one", `{"target":"a\nb"}`, "BAD its target is no single line"},
		{"no text", "a\xff\nb", "1 a\uFFFD BAD it is no text in UTF-8|2 b"},
		{"a zero byte", "a\x00b", "BAD it is no text"},
		{"too long", strings.Repeat("x", maxLine+1) + "\ngmail\n", "BAD it is longer than 65536 bytes|2 gmail"},
		{"just not too long", strings.Repeat("x", maxLine-1) + "\n", "1 " + strings.Repeat("x", maxLine-1)},
	} {
		for how, r := range map[string]io.Reader{"at once": strings.NewReader(row.list), "byte by byte": iotest.OneByteReader(strings.NewReader(row.list))} {
			got := strings.Join(read(t, newLines(r)), "|")
			if got != row.want && (!strings.Contains(row.want, "BAD") || !strings.Contains(got, row.want)) {
				t.Errorf("%s, %s\ngot  %.200s\nwant %.200s", row.name, how, got, row.want)
			}
		}
	}
}

// A list that breaks off with an error is no shorter list.
func TestLinesOfABrokenReader(t *testing.T) {
	broken := errors.New("broken")
	in := newLines(io.MultiReader(strings.NewReader("gmail\nya"), iotest.ErrReader(broken)))
	if l, err := in.next(); err != nil || l.text != "gmail" {
		t.Errorf("got  %v, %v", l, err)
	}
	if _, err := in.next(); !errors.Is(err, broken) {
		t.Errorf("got  %v\nwant %v", err, broken)
	}
}

func FuzzLines(f *testing.F) {
	f.Add("gmail\n#\n{\"target\":\"a\"}")
	f.Fuzz(func(t *testing.T, list string) {
		in, numbers := newLines(strings.NewReader(list)), 0
		for {
			l, err := in.next()
			if err != nil {
				return
			}
			if l.number <= numbers || l.err == nil && l.text == "" || strings.ContainsAny(l.text, "\n") || !strings.ContainsRune(list, '\n') && l.number > 1 {
				t.Fatalf("got  %+v", l)
			}
			numbers = l.number
		}
	})
}
