package safe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestDisplay(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "* OK Gimap ready", "* OK Gimap ready"},
		{"unicode", "Grüße 世界", "Grüße 世界"},
		{"escape", "535 \x1b[2J\x1b[32mconnected", `535 \x1b[2J\x1b[32mconnected`},
		{"line ends", "a\r\nb\tc", `a\r\nb\tc`},
		{"NUL and DEL", "a\x00b\x7f", `a\x00b\x7f`},
		{"C1", "a\u009b2Jb", `a\u009b2Jb`},
		{"first of C1", "a\u0080b", `a\u0080b`},
		{"last of the first plane", "a\uffffb", `a\uffffb`},
		{"bidi", "a\u202eb\u2066c\u200fd", `a\u202eb\u2066c\u200fd`},
		{"zero width", "a\u200bb\ufeffc\u00add", `a\u200bb\ufeffc\u00add`},
		{"line separators", "a\u2028b\u2029c", `a\u2028b\u2029c`},
		{"tags", "a\U000e0041", `a\U000e0041`},
		{"variation selectors", "a\ufe0fb\U000e0100", `a\ufe0fb\U000e0100`},
		{"fillers", "a\u3164b\u115fc\u034fd", `a\u3164b\u115fc\u034fd`},
		{"no-break space", "a\u00a0b", `a\u00a0b`},
		{"invalid", "a\xffb\xc3", `a\xffb\xc3`},
		{"surrogate", "\xed\xa0\x80", `\xed\xa0\x80`},
		{"replacement character", "a\ufffdb", "a\ufffdb"},
		{"backslash", `DOMAIN\user`, `DOMAIN\user`},
		{"github command", "::error::boo", `:\:error::boo`},
		{"github command behind blanks", "  ::add-mask::boo", `  :\:add-mask::boo`},
		{"github command that may be wrapped", "a ::error file=x::boo", `a :\:error file=x::boo`},
		{"github command, old", "x ##[command]boo", `x #\#[command]boo`},
		{"azure", "##vso[task.setvariable]", `#\#vso[task.setvariable]`},
		{"teamcity", "##teamcity[message]", `#\#teamcity[message]`},
		{"more marks than need be", ":::error:: ###vso[", `:\:\:error:: ##\#vso[`},
		{"no mark", ":::: ### ##vso #[x] a::b", ":::: ### ##vso #[x] a::b"},
		{"IPv6", "[::1] ::1 :: ::ffff:192.0.2.1, 2001:db8::1 ::abcd ::1]:993", "[::1] ::1 :: ::ffff:192.0.2.1, 2001:db8::1 ::abcd ::1]:993"},
		{"what looks like IPv6 at first", "::add-mask::boo", `:\:add-mask::boo`},
		{"joined by something hidden", ":\u200b:error::", `:\u200b:error::`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Display(tt.in); got != tt.want {
				t.Errorf("Display(%q)\n got %s\nwant %s", tt.in, got, tt.want)
			}
			checkHarmless(t, tt.want)
		})
	}
}

func TestClip(t *testing.T) {
	tests := []struct {
		name, in string
		n        int
		want     string
	}{
		{"fits", "abc", 3, "abc"},
		{"cut", "abcd", 3, "ab…"},
		{"escape whole", "ab\x1bc", 6, `ab…`},
		{"escape fits", "ab\x1b", 6, `ab\x1b`},
		{"wide", "世界世界", 5, "世界…"},
		{"wide in the way", "世界世界", 4, "世…"},
		{"first that combines", "e\u0300e\u0300", 2, "e\u0300e\u0300"},
		{"combining", "e\u0301e\u0301e\u0301", 2, "e\u0301…"},
		{"one column", "abc", 1, "…"},
		{"no room", "abc", 0, ""},
		{"empty", "", 5, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Clip(tt.in, tt.n); got != tt.want {
				t.Errorf("Clip(%q, %d)\n got %s\nwant %s", tt.in, tt.n, got, tt.want)
			}
		})
	}
}

func TestLines(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"one", "one"},
		{"one\ntwo\r\n", "one|two"},
		{"one\n\nthree", "one||three"},
		{"a\rb\n\x1bc", `a\rb|\x1bc`},
		{"short\na long line", "short|a lon…"},
	}
	for _, tt := range tests {
		if got := strings.Join(Lines(tt.in, 6), "|"); got != tt.want {
			t.Errorf("Lines(%q, 6)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

var seeds = []string{
	"", "* OK", "\x1b[2J", "a\u202eb", "::error::", "  ::x", ":::x", "##[x]", "##vso[", "###a.b[", `\\x`, `DOMAIN\user`, "\xff\xfe", "[::1]",
	"::1", "::abcd ::add-mask::", "a:::", "世", "\U000e0041", "\"<&>\u2028",
}

// FuzzDisplay holds what every renderer relies on: one line of printable
// UTF-8, no CI command, what is printable as it is, and a clip within its
// columns.
func FuzzDisplay(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, 7)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		got := Display(s)
		checkHarmless(t, got)
		if Display(got) != got {
			t.Errorf("the display of %q is displayed as %q", got, Display(got))
		}
		if harmless(s) == "" && got != s {
			t.Errorf("%q is harmless and displayed as %q", s, got)
		}
		clipped := Clip(s, n)
		checkHarmless(t, clipped)
		if w := Width(clipped); w > max(n, 0) {
			t.Errorf("Clip(%q, %d) takes %d columns", s, n, w)
		}
		if Width(got) <= n && clipped != got {
			t.Errorf("Clip(%q, %d)\n got %q\nwant %q", s, n, clipped, got)
		}
	})
}

// FuzzJSON holds that a reader of JSON gets every text as it was, and that
// nothing between can harm a terminal or a CI system.
func FuzzJSON(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		data := JSON(s)
		checkHarmless(t, string(data))
		var back string
		if err := json.Unmarshal(data, &back); err != nil || utf8.ValidString(s) && back != s {
			t.Errorf("%q is written as %s and read as %q, %v", s, data, back, err)
		}
		if again := JSON(back); utf8.ValidString(s) && !bytes.Equal(again, data) {
			t.Errorf("%q is written as %s and then as %s", s, data, again)
		}
	})
}

func checkHarmless(t *testing.T, s string) {
	t.Helper()
	if harm := harmless(s); harm != "" {
		t.Errorf("%q %s", s, harm)
	}
}

var (
	hashMark  = regexp.MustCompile(`##[A-Za-z0-9._-]*\[`)
	colonMark = regexp.MustCompile(`(?:^| )(::+[A-Za-z][^ ]*)`)
)

// harmless says what is harmful in a text that is shown; empty: nothing.
func harmless(s string) string {
	if !utf8.ValidString(s) {
		return "is not UTF-8"
	}
	for _, r := range s {
		if !unicode.IsPrint(r) || unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			return fmt.Sprintf("holds %U", r)
		}
	}
	if hashMark.MatchString(s) {
		return "holds the mark of a CI command"
	}
	for _, word := range colonMark.FindAllStringSubmatch(s, -1) {
		if _, err := netip.ParseAddr(strings.TrimRight(word[1], ".,;)]\"'…")); err != nil {
			return "holds a CI command at what may be the start of a line"
		}
	}
	return ""
}
