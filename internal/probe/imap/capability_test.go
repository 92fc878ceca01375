package imap

import (
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

func newSession() *session {
	return &session{Session: probe.NewSession(settings.Endpoint{Protocol: settings.IMAP}, probe.Options{})}
}

func TestLearn(t *testing.T) {
	rows := []struct {
		name, text       string
		caps, mechanisms []string
		native           string
	}{
		{"list", "[CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=xoauth2] hi", []string{"IMAP4rev1", "AUTH=PLAIN", "AUTH=xoauth2"}, []string{"PLAIN", "XOAUTH2"}, NativeLogin},
		{"LOGINDISABLED", "[capability logindisabled]", []string{"logindisabled"}, nil, ""},
		{"twice the same", "[CAPABILITY ID id ID]", []string{"ID"}, nil, NativeLogin},
		{"no mechanism", "[CAPABILITY AUTH= IMAP4rev1]", []string{"AUTH=", "IMAP4rev1"}, nil, NativeLogin},
		{"what is no atom", "[CAPABILITY ( {5} \"x\" \x1b[2J ID]", []string{"ID"}, nil, NativeLogin},
		{"unfinished", "[CAPABILITY ID", nil, nil, ""},
		{"another code", "[ALERT] CAPABILITY ID", nil, nil, ""},
		{"not in front", "done [CAPABILITY ID]", nil, nil, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := newSession()
			s.learn(row.text)
			r := s.Result
			if !slices.Equal(r.Capabilities, row.caps) || !slices.Equal(r.Mechanisms, row.mechanisms) || r.NativeLogin != row.native {
				t.Errorf("got  %q %q %q\nwant %q %q %q", r.Capabilities, r.Mechanisms, r.NativeLogin, row.caps, row.mechanisms, row.native)
			}
		})
	}
}

// FuzzCapabilitiesAreAtoms: nothing else reaches the client library.
func FuzzCapabilitiesAreAtoms(f *testing.F) {
	for _, text := range []string{"[CAPABILITY IMAP4rev1 AUTH=PLAIN]", "[CAPABILITY (", "[capability \x00 LOGINDISABLED]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := newSession()
		s.learn(text)
		for _, c := range slices.Concat(s.Result.Capabilities, s.Result.Mechanisms) {
			if c == "" || strings.ContainsAny(c, " ()[]{}\"\\%*\r\n\x00\x1b") {
				t.Errorf("%q\ngot  %q\nwant an atom", text, c)
			}
		}
	})
}

// FuzzWhatTheLibraryReads: only answers to its command.
func FuzzWhatTheLibraryReads(f *testing.F) {
	for _, line := range []string{"* CAPABILITY (", "T1 OK [CAPABILITY (] x", "T1 NO", "+ x", "", "T2 OK", "* BYE"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		l := &library{tag: "T1"}
		read, err := l.received(line)
		known := slices.Contains([]string{"", "T1 OK " + asIfNew, "T1 NO " + asIfNew, "T1 BAD " + asIfNew}, read)
		if err == nil && !known {
			t.Errorf("%q\ngot  %q", line, read)
		}
	})
}
