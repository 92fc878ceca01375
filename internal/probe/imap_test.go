package probe_test

import (
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/lab/script"
	"mailprobe/internal/settings"
)

const (
	imapIn  = "C: * AUTHENTICATE PLAIN\nS: $tag OK in\n" + imapBox
	imapBox = "C: * EXAMINE INBOX\nS: * 0 EXISTS\nS: $tag OK [READ-ONLY] open\nC: * LOGOUT\n"
	imapTLS = "TLS\nC: * CAPABILITY\nS: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\nS: $tag OK\n" + imapIn
)

func TestIMAPGreetings(t *testing.T) {
	testFile(t, "imap-greetings.txt")
}

func TestIMAPCapabilities(t *testing.T) {
	const hello = "TLS\nS: * OK hello\nC: * CAPABILITY\n"
	testFile(t, "imap-capabilities.txt",
		row{"one line of 10 MB", hello + "S: " + strings.Repeat("x", 10<<20), "ok ok ok ok - FAILED - - -; too_long"},
		row{"endless untagged lines", hello + strings.Repeat("S: * OK still here\n", 1200), "ok ok ok ok - FAILED - - -; too_many"},
		row{"endless bytes", hello + strings.Repeat("S: * OK "+strings.Repeat("x", 8000)+"\n", 60), "ok ok ok ok - FAILED - - -; too_many"},
	)
}

func TestIMAPStartTLS(t *testing.T) {
	testFile(t, "imap-starttls.txt")
}

// What is announced in clear with the consent to STARTTLS is as little to be
// believed as what came before it (RFC 9051 §6.2.1).
func TestIMAPForgetsWhatWasAnnouncedWithTheConsent(t *testing.T) {
	for name, consent := range map[string]string{
		"in the code":      "S: $tag OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5] go\n",
		"in untagged data": "S: * CAPABILITY IMAP4rev1 AUTH=CRAM-MD5\nS: $tag OK go\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := script.Start(t, script.Options{}, "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hello\nC: * STARTTLS\n"+consent+imapTLS)
			r := play(t, s, settings.IMAP, settings.StartTLS, withPassword())
			s.Close()
			if got, want := summary(r), "ok ok - ok ok ok ok ok ok"; got != want {
				t.Errorf("got  %s\nwant %s\n%s", got, want, transcript(r))
			}
			if got, want := r.Mechanisms, []string{"PLAIN"}; !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

func TestIMAPAccess(t *testing.T) {
	testFile(t, "imap-access.txt")
}
