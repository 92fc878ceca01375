package probe_test

import (
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/lab/script"
	"mailprobe/internal/settings"
)

const (
	pop3Caps = "C: CAPA\nS: +OK\nS: UIDL\nS: SASL PLAIN\nS: .\n"
	pop3In   = "C: AUTH PLAIN\nS: +OK in\nC: STAT\nS: +OK 2 320\nC: QUIT\n"
)

func TestPOP3Greetings(t *testing.T) {
	testFile(t, "pop3-greetings.txt")
}

func TestPOP3Capabilities(t *testing.T) {
	const hello = "TLS\nS: +OK hello\nC: CAPA\n"
	testFile(t, "pop3-capabilities.txt",
		row{"endless list", hello + "S: +OK\n" + strings.Repeat("S: X\n", 1200), "ok ok ok ok - FAILED - - -; too_many"},
		row{"one line of 10 MB", hello + "S: +OK\nS: " + strings.Repeat("x", 10<<20), "ok ok ok ok - FAILED - - -; too_long"},
	)
}

func TestPOP3StartTLS(t *testing.T) {
	testFile(t, "pop3-starttls.txt")
}

func TestPOP3Announcements(t *testing.T) {
	s := script.Start(t, script.Options{}, "TLS\nS: +OK\nC: CAPA\nS: +OK\nS: ..dot\nS: sasl plain  xoauth2 PLAIN\nS: USER\nS: .\nC: QUIT")
	opt := withPassword()
	opt.Mechanism = "none"
	r := play(t, s, settings.POP3, settings.TLS, opt)
	s.Close()
	if got, want := r.Capabilities, []string{".dot", "sasl plain xoauth2 PLAIN", "USER"}; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got, want := r.Mechanisms, []string{"PLAIN", "XOAUTH2"}; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got, want := r.NativeLogin, "USER/PASS"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestPOP3Access(t *testing.T) {
	testFile(t, "pop3-access.txt")
}
