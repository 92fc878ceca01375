package probe_test

import (
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/lab/script"
	"mailprobe/internal/settings"
)

const (
	smtpCaps = "C: EHLO [127.0.0.1]\nS: 250-mx\nS: 250 AUTH PLAIN\n"
	smtpIn   = "C: AUTH PLAIN\nS: 235 2.7.0 in\n" + smtpMail
	smtpMail = "C: MAIL FROM:<me@example.com>\nS: 250 2.1.0 ok\nC: RCPT TO:<me@example.com>\nS: 250 2.1.5 ok\nC: QUIT\n"
)

func TestSMTPGreetings(t *testing.T) {
	testFile(t, "smtp-greetings.txt",
		row{"endless", "TLS\n" + strings.Repeat("S: 220-mx\n", 1200), "ok ok ok FAILED - - - - -; too_many"},
	)
}

func TestSMTPCapabilities(t *testing.T) {
	const hello = "TLS\nS: 220 mx\nC: EHLO\n"
	testFile(t, "smtp-capabilities.txt",
		row{"endless", hello + strings.Repeat("S: 250-X\n", 1200), "ok ok ok ok - FAILED - - -; too_many"},
		row{"one line of 10 MB", hello + "S: 250-" + strings.Repeat("x", 10<<20), "ok ok ok ok - FAILED - - -; too_long"},
	)
}

func TestSMTPStartTLS(t *testing.T) {
	testFile(t, "smtp-starttls.txt")
}

func TestSMTPAccess(t *testing.T) {
	testFile(t, "smtp-access.txt")
}

func TestSMTPAnnouncements(t *testing.T) {
	s := script.Start(t, script.Options{}, "TLS\nS: 220-mx\nS: 220 spam\nC: EHLO\nS: 250-mx.example.com\nS: 250-size 100\nS: 250-AUTH=LOGIN plain\nS: 250 AUTH PLAIN xoauth2\nC: QUIT")
	opt := withPassword()
	opt.Mechanism = "none"
	r := play(t, s, settings.SMTP, settings.TLS, opt)
	s.Close()
	if got, want := r.Greeting, "220-mx\n220 spam"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got, want := r.Capabilities, []string{"size 100", "AUTH=LOGIN plain", "AUTH PLAIN xoauth2"}; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got, want := r.Mechanisms, []string{"LOGIN", "PLAIN", "XOAUTH2"}; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
