package smtp

import (
	"strings"
	"testing"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

func TestSplit(t *testing.T) {
	rows := []struct {
		line, code, text string
		more, ok         bool
	}{
		{"250", "250", "", false, true},
		{"250 ", "250", "", false, true},
		{"250 ok", "250", "ok", false, true},
		{"250\tok", "250", "ok", false, true},
		{"250-SIZE 1", "250", "SIZE 1", true, true},
		{"250-", "250", "", true, true},
		{"2500", "", "", false, false},
		{"150 x", "", "", false, false},
		{"650 x", "", "", false, false},
		{"2x0 x", "", "", false, false},
		{"25", "", "", false, false},
		{"", "", "", false, false},
	}
	for _, row := range rows {
		code, more, text, ok := split(row.line)
		if code != row.code || more != row.more || text != row.text || ok != row.ok {
			t.Errorf("%q\ngot  %q %v %q %v\nwant %q %v %q %v", row.line, code, more, text, ok, row.code, row.more, row.text, row.ok)
		}
	}
}

func TestMasked(t *testing.T) {
	rows := []struct {
		greeting string
		cap      string
		want     bool
	}{
		{"220 mx", "XXXXXXXA", true},
		{"220 mx", "XXXXXXXX", true},
		{"220 ********", "SIZE", true},
		{"220 mx", "XCLIENT NAME", false},
		{"220 mx", "XXXX AUTH", false},
		{"220 * mx *", "SIZE", false},
	}
	for _, row := range rows {
		if got := masked(row.greeting, []string{row.cap}); got != row.want {
			t.Errorf("%q %q\ngot  %v\nwant %v", row.greeting, row.cap, got, row.want)
		}
	}
}

// FuzzMechanismsAreWords: in capital letters, each once.
func FuzzMechanismsAreWords(f *testing.F) {
	for _, text := range []string{"AUTH PLAIN login PLAIN", "AUTH=LOGIN plain", "auth=", "SIZE 1", "\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := &session{Session: probe.NewSession(settings.Endpoint{Protocol: settings.SMTP}, probe.Options{})}
		s.learn(text)
		s.learn(text)
		seen := map[string]bool{}
		for _, m := range s.Result.Mechanisms {
			if m == "" || seen[m] || strings.ContainsAny(m, " \t\r\n") {
				t.Errorf("%q\ngot  %q", text, s.Result.Mechanisms)
			}
			seen[m] = true
		}
	})
}
