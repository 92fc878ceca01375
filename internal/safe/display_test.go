package safe

import (
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
		{"backslash", `C:\x1b`, `C:\\x1b`},
		{"github command", "::error::boo", `:\:error:\:boo`},
		{"github command behind blanks", "  ::add-mask::boo", `  :\:add-mask:\:boo`},
		{"github command, old", "x ##[command]boo", `x #\#[command]boo`},
		{"azure", "##vso[task.setvariable]", `#\#vso[task.setvariable]`},
		{"teamcity", "##teamcity[message]", `#\#teamcity[message]`},
		{"many marks", ":::: ###", `:\:\:\: #\#\#`},
		{"IPv6", "[::1] 2001:db8::1", "[::1] 2001:db8::1"},
		{"joined by something hidden", ":\u200b:error::", `:\u200b:error:\:`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Display(tt.in); got != tt.want {
				t.Errorf("Display(%q)\n got %s\nwant %s", tt.in, got, tt.want)
			}
			if got := Original(tt.want); got != tt.in {
				t.Errorf("Original(%q)\n got %q\nwant %q", tt.want, got, tt.in)
			}
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

// FuzzDisplay holds what every renderer relies on: one line of printable
// UTF-8, no CI command, nothing lost, and a clip within its columns.
func FuzzDisplay(f *testing.F) {
	for _, s := range []string{"", "* OK", "\x1b[2J", "a\u202eb", "::error::", "  ::x", "##[x]", "##vso[", `\\x`, "\xff\xfe", "[::1]", "a:::", "世"} {
		f.Add(s, 7)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		got := Display(s)
		checkHarmless(t, got)
		if back := Original(got); back != s {
			t.Errorf("the display of %q reads back as %q", s, back)
		}
		checkHarmless(t, Display(got))
		checkHarmless(t, Display(Original(s)))
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

func checkHarmless(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("%q is not UTF-8", s)
	}
	for _, r := range s {
		if !unicode.IsPrint(r) || unicode.Is(unicode.Variation_Selector, r) {
			t.Errorf("%q holds %U", s, r)
		}
	}
	if strings.Contains(s, "##") || strings.HasPrefix(strings.TrimLeft(s, " "), "::") || strings.Contains(s, " ::") {
		t.Errorf("%q holds the mark of a CI command", s)
	}
}

// TestOriginalOfOther holds that what no display holds is left as it is.
func TestOriginalOfOther(t *testing.T) {
	for in, want := range map[string]string{`\`: `\`, `a\`: `a\`, `\q`: `\q`, `\"`: `\"`, `\x1`: `\x1`, `\ud800`: `\ud800`} {
		if got := Original(in); got != want {
			t.Errorf("Original(%q)\n got %q\nwant %q", in, got, want)
		}
	}
}
