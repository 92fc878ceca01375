package pop3

import (
	"strings"
	"testing"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

func TestParse(t *testing.T) {
	rows := []struct {
		line string
		want probe.Reply
		ok   bool
	}{
		{"+OK", probe.Reply{Status: "+OK", Text: "+OK"}, true},
		{"+ok  two", probe.Reply{Status: "+OK", Text: "+OK  two"}, true},
		{"+OK\tone two", probe.Reply{Status: "+OK", Text: "+OK one two"}, true},
		{"-ERR [sys/temp] later", probe.Reply{Status: "-ERR", Text: "-ERR [sys/temp] later", Code: "SYS/TEMP"}, true},
		{"-ERR 4.7.0 later", probe.Reply{Status: "-ERR", Text: "-ERR 4.7.0 later", Enhanced: "4.7.0"}, true},
		{"+OKAY", probe.Reply{Status: "+OKAY", Text: "+OKAY"}, false},
		{"", probe.Reply{}, false},
		{" +OK", probe.Reply{Text: "+OK"}, false},
	}
	for _, row := range rows {
		if got, ok := parse(row.line); got != row.want || ok != row.ok {
			t.Errorf("%q\ngot  %+v, %v\nwant %+v, %v", row.line, got, ok, row.want, row.ok)
		}
	}
}

// FuzzMechanismsAreWords: in capital letters, each once.
func FuzzMechanismsAreWords(f *testing.F) {
	for _, line := range []string{"SASL PLAIN login PLAIN", "USER", "sasl", "\tSASL\x00 x"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		s := &session{Session: probe.NewSession(settings.Endpoint{Protocol: settings.POP3}, probe.Options{})}
		s.learn(line)
		s.learn(line)
		seen := map[string]bool{}
		for _, m := range s.Result.Mechanisms {
			if m == "" || seen[m] || strings.ContainsAny(m, " \t\r\n") {
				t.Errorf("%q\ngot  %q", line, s.Result.Mechanisms)
			}
			seen[m] = true
		}
	})
}
