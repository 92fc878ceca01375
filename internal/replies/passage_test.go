package replies

import (
	"fmt"
	"strings"
	"testing"
)

func TestPassages(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"continuation", "534-5.7.9 one\r\n534-5.7.9 two\r\n534 5.7.9 three", "534-5.7.9 one + 534-5.7.9 two + 534 5.7.9 three"},
		{"continuation of another code", "534-one\n535 two", "534-one | 535 two"},
		{"bare code", "535", "535"},
		{"code behind a short line", "no\n535 x", "no | 535 x"},
		{"two replies", "250 ok\n535 no", "250 ok | 535 no"},
		{"wrapped", "535 one\n  two", "535 one + two"},
		{"paragraphs", "one\n\ntwo", "one | two"},
		{"client's lines", "C: AUTH x\nS: 535 no", "535 no"},
		{"client's line in between", "one\nC: x\ntwo", "one | two"},
		{"decoration alone", "one\nSERVER -> CLIENT:\ntwo", "one + two"},
		{"decoration alone at the start", "SERVER -> CLIENT:\ntwo\nthree", "two + three"},
		{"time of a log", "12:00:00 S: 535 no", "535 no"},
		{"escapes", `535-5.7.8 one\r\n535 5.7.8 two`, "535-5.7.8 one + 535 5.7.8 two"},
		{"tags", "a1 OK x\na2 NO y", "a1 OK x | a2 NO y"},
		{"header", "one\nDiagnostic-Code: two", "one | Diagnostic-Code: two"},
		{"nothing", " \r\n\t", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, p := range passages(c.text) {
				got = append(got, strings.Join(p.parts, " + "))
				if whole := strings.Join(p.parts, " "); p.text != whole {
					t.Errorf(" got %q\nwant %q", p.text, whole)
				}
			}
			if got := strings.Join(got, " | "); got != c.want {
				t.Errorf(" got %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestPassagesAreBounded(t *testing.T) {
	long := strings.Repeat("x", 2<<10)
	for _, c := range []struct {
		name, text string
		want       string // the number of parts of the first passages
	}{
		{"sixteen lines", strings.Repeat("a\n", 17), "16 1"},
		{"under four kibibytes", long + "\n" + long[1:], "2"},
		{"four kibibytes", long + "\n" + long, "1 1"},
	} {
		var got []string
		for _, p := range passages(c.text) {
			got = append(got, fmt.Sprint(len(p.parts)))
		}
		if got := strings.Join(got, " "); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestTheEndsOfManyPassagesAreKept(t *testing.T) {
	var text strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&text, "%d.\n\n", i)
	}
	got := passages(text.String())
	if len(got) != 4096 || got[2047].text != "2047." || got[2048].text != "2952." || got[4095].text != "4999." {
		t.Errorf(" got %d passages, %q %q\nwant 4096, the first and the last", len(got), got[2047].text, got[2048].text)
	}
	if got := passages(strings.Repeat("a.\n\n", 4097)); len(got) != 4096 {
		t.Errorf(" got %d passages\nwant 4096 of one more", len(got))
	}
	if got := passages(strings.Repeat("a.\n\n", 4096)); len(got) != 4096 {
		t.Errorf(" got %d passages\nwant 4096", len(got))
	}
}

func TestNormalise(t *testing.T) {
	half := 128 << 10
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"not UTF-8", "a\xffb", "a b"},
		{"colour", "\x1b[1;31mNO\x1b[0m", "NO"},
		{"colour by colons", "\x1b[38:5:1mNO", "NO"},
		{"colour in one byte", "\u009b31mNO", "NO"},
		{"colour as it is written", `\e[31mNO\033[0m, \x1b[1mNO\u001B[m, ^[[31mNO`, "NO, NO, NO"},
		{"colour whose start was lost", "[1;31mNO[0m [mail] [5 m]", "NO [mail] [5 m]"},
		{"set of characters", "\x1b(B\x1b[mNO", "NO"},
		{"title of a window", "\x1b]0;x\x07NO", "NO"},
		{"entities", "&lt;a&amp;b&gt;", "<a&b>"},
		{"quotes", "‘’‚`´ “”„«»", `''''' """""`},
		{"dashes", "‐‑–—−", "-----"},
		{"times", "4×4", "4x4"},
		{"without width", "a\u200b\u200e\u200f\ufeff\u00adb", "ab"},
		{"control characters", "a\x00\x07b", "a  b"},
		{"other white space", "a\u00a0\u2003b", "a  b"},
		{"ends of lines", "a\r\nb\rc<br>d<br/>e<br />f", "a\nb\nc\nd\ne\nf"},
		{"printed ends of lines", `a\r\nb\n535 x\n421 y\n\tz\n \"q\"`, "a\nb\n535 x\n421 y\nz\\n \"q\""},
		{"longest", strings.Repeat("a", 2*half), strings.Repeat("a", 2*half)},
		{"too long", strings.Repeat("a", half) + "x" + strings.Repeat("b", half), strings.Repeat("a", half) + "\n\n" + strings.Repeat("b", half)},
	} {
		if got := normalise(c.text); got != c.want {
			t.Errorf("%s\n got %.80q\nwant %.80q", c.name, got, c.want)
		}
	}
}

func TestDecoded(t *testing.T) {
	for text, want := range map[string]string{
		"=?UTF-8?Q?535_5=2E7=2E8_no?= x": "535 5.7.8 no x",
		"=?utf-8?B?NTM1?=":               "535",
		"=?no-such?Q?a?=":                "=?no-such?Q?a?=",
		"=?utf-8?B?***?=":                "=?utf-8?B?***?=",
		"error=535%205.7.8%20no":         "error=535 5.7.8 no",
		"100% of 20%":                    "100% of 20%",
		"101/100 (101%) allowed, 5%20":   "101/100 (101%) allowed, 5%20",
		"%ZZ%20%20":                      "%ZZ%20%20",
		"nothing":                        "nothing",
	} {
		if got := decoded(text); got != want {
			t.Errorf("%s\ngot  %q\nwant %q", text, got, want)
		}
	}
}
