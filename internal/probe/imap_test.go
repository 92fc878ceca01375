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
	testRows(t, settings.IMAP, []row{
		{"capabilities in the greeting", "", "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\n" + imapIn, "ok ok ok ok - ok ok ok ok"},
		{"capabilities asked for", "", "TLS\nS: * OK hello\nC: * CAPABILITY\nS: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\nS: $tag OK\n" + imapIn, "ok ok ok ok - ok ok ok ok"},
		{"capabilities only in the tagged answer", "", "TLS\nS: * OK hello\nC: * CAPABILITY\nS: $tag OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] done\n" + imapIn, "ok ok ok ok - ok ok ok ok"},
		{"lower case", "", "TLS\nS: * ok [capability imap4rev1 sasl-ir auth=plain] hello\n" + imapIn, "ok ok ok ok - ok ok ok ok"},
		{"extra blanks", "", "TLS\nS: *  OK  hello\nC: * CAPABILITY\nS: *  CAPABILITY  IMAP4rev1  SASL-IR AUTH=PLAIN \nS: $tag  OK  done\n" + imapIn, "ok ok ok ok - ok ok ok ok"},
		{"no text", "", "TLS\nS: * OK\nC: * CAPABILITY\nS: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\nS: $tag OK\n" + imapIn, "ok ok ok ok - ok ok ok ok"},
		{"IMAP4rev2 alone", "", "TLS\nS: * OK [CAPABILITY IMAP4rev2 AUTH=PLAIN] hello\n" + imapIn, "ok ok ok ok - ok ok ok ok"},
		{"PREAUTH under TLS", "", "TLS\nS: * PREAUTH [CAPABILITY IMAP4rev1] welcome\nC: * LOGOUT", "ok ok ok ok - ok - - ok"},
		{"BYE", "", "TLS\nS: * BYE too busy", "ok ok ok FAILED - - - - -; BYE"},
		{"NO is no greeting", "", "TLS\nS: * NO not here", "ok ok ok FAILED - - - - -; malformed"},
		{"nonsense", "", "TLS\nS: hello there", "ok ok ok FAILED - - - - -; malformed"},
		{"empty line", "", "TLS\nS: ", "ok ok ok FAILED - - - - -; malformed"},
		{"another protocol", "", "TLS\nS: +OK hello", "ok ok ok FAILED - - - - -; wrong_protocol pop3"},
		{"LF alone", "", "TLS\nS-raw: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\\n\n" + imapIn, "ok ok ok ok - ok ok ok ok"},
		{"CR alone", "", "TLS\nS-raw: * OK hello\\r", "ok ok ok FAILED - - - - -; closed"},
		{"NUL", "", "TLS\nS-raw: * OK he\\x00llo\\r\\n\nC: * CAPABILITY\nS: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\nS: $tag OK\n" + imapIn, "ok ok ok ok - ok ok ok ok"},
		{"half a greeting", "", "TLS\nS-raw: * OK hel\nclose", "ok ok ok FAILED - - - - -; closed"},
		{"silent behind TLS", "", "TLS\nsilence", "ok ok ok FAILED - - - - -; silent"},
		{"reset", settings.StartTLS, "pause 50ms\nreset", "ok ok - FAILED - - - - -; closed"},
	})
}

func TestIMAPCapabilities(t *testing.T) {
	const hello = "TLS\nS: * OK hello\nC: * CAPABILITY\n"
	testRows(t, settings.IMAP, []row{
		{"untagged data in between", "", hello + "S: * 3 EXISTS\nS: * OK [ALERT] beware\nS: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\nS: $tag OK\n" + imapIn, "ok ok ok ok - ok ok ok ok"},
		{"refused", "", hello + "S: $tag BAD what\nC: * LOGOUT", "ok ok ok ok - FAILED - - ok; CAPABILITY BAD"},
		{"BYE instead", "", hello + "S: * BYE timeout", "ok ok ok ok - FAILED - - -; CAPABILITY BYE"},
		{"no list", "", hello + "S: $tag OK\nC: * LOGOUT", "ok ok ok ok - FAILED - - ok; malformed"},
		{"a parenthesis", "", hello + "S: * CAPABILITY (\nS: $tag OK\nC: * LOGOUT", "ok ok ok ok - FAILED - - ok; malformed"},
		{"a parenthesis among others", "", hello + "S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN (\nS: $tag OK\n" + imapIn, "ok ok ok ok - ok ok ok ok"},
		{"another tag", "", hello + "S: A1 OK done", "ok ok ok ok - FAILED - - -; early_response"},
		{"nonsense", "", hello + "S: \\x1b[2J", "ok ok ok ok - FAILED - - -; malformed"},
		{"unasked continuation", "", hello + "S: + go on", "ok ok ok ok - FAILED - - -; malformed"},
		{"literal bomb", "", hello + "S: * CAPABILITY {4294967295}\nsilence", "ok ok ok ok - FAILED - - -; malformed"},
		{"one line of 10 MB", "", hello + "S: " + strings.Repeat("x", 10<<20), "ok ok ok ok - FAILED - - -; too_long"},
		{"endless untagged lines", "", hello + strings.Repeat("S: * OK still here\n", 1200), "ok ok ok ok - FAILED - - -; too_many"},
		{"endless bytes", "", hello + strings.Repeat("S: * OK "+strings.Repeat("x", 8000)+"\n", 60), "ok ok ok ok - FAILED - - -; too_many"},
		{"a byte at a time", "", hello + strings.Repeat("pause 20ms\nS-raw: *\n", 100), "ok ok ok ok - FAILED - - -; silent"},
		{"silent", "", hello + "silence", "ok ok ok ok - FAILED - - -; silent"},
		{"closed", "", hello + "close", "ok ok ok ok - FAILED - - -; closed"},
		{"reset", "", hello + "reset", "ok ok ok ok - FAILED - - -; closed"},
		{"LOGINDISABLED and no mechanism", "", "TLS\nS: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hello\nC: * LOGOUT", "ok ok ok ok - ok FAILED - ok; *auth.MechanismError"},
		{"consent before the sign-in", "", "TLS\nS-raw: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\\r\\nT7 OK in\\r\\n", "ok ok ok ok - ok FAILED - -; *probe.AuthError"},
		{"no mechanism: LOGIN", "", "TLS\nS: * OK [CAPABILITY IMAP4rev1] hello\nC: * LOGIN\nS: $tag OK in\n" + imapBox, "ok ok ok ok - ok ok ok ok"},
	})
}

func TestIMAPStartTLS(t *testing.T) {
	const offer = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hello\n"
	const ask = offer + "C: * STARTTLS\n"
	starttls := settings.StartTLS
	testRows(t, settings.IMAP, []row{
		{"ok", starttls, ask + "S: $tag OK go\n" + imapTLS, "ok ok - ok ok ok ok ok ok"},
		{"offered when asked", starttls, "S: * OK hello\nC: * CAPABILITY\nS: * CAPABILITY STARTTLS\nS: $tag OK\nC: * STARTTLS\nS: $tag OK go\n" + imapTLS, "ok ok - ok ok ok ok ok ok"},
		{"the greeting tells half", starttls, "S: * OK [CAPABILITY IMAP4rev1] hello\nC: * CAPABILITY\nS: * CAPABILITY IMAP4rev1 STARTTLS\nS: $tag OK\nC: * STARTTLS\nS: $tag OK go\n" + imapTLS, "ok ok - ok ok ok ok ok ok"},
		{"not offered", starttls, "S: * OK hello\nC: * CAPABILITY\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN\nS: $tag OK\nC: * LOGOUT", "ok ok - ok FAILED - - - ok; not_offered"},
		{"refused", starttls, ask + "S: $tag NO not now\nC: * LOGOUT", "ok ok - ok FAILED - - - ok; STARTTLS NO"},
		{"BYE instead", starttls, ask + "S: * BYE", "ok ok - ok FAILED - - - -; STARTTLS BYE"},
		{"still announced", starttls, ask + "S: $tag OK go\nTLS\nC: * CAPABILITY\nS: * CAPABILITY IMAP4rev1 STARTTLS SASL-IR AUTH=PLAIN\nS: $tag OK\n" + imapIn, "ok ok - ok ok ok ok ok ok"},
		{"consent under another tag", starttls, ask + "S: m OK go", "ok ok - ok FAILED - - - -; early_response"},
		{"injected behind the consent", starttls, ask + "S: $tag OK go\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN", "ok ok - ok FAILED - - - -; injected"},
		{"injected late", starttls, ask + "S: $tag OK go\npause 80ms\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN", "ok ok - ok FAILED - - - -; injected"},
		{"early tagged OK", starttls, "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hello\nS: m1 OK go ahead", "ok ok - ok FAILED - - - -; early_response"},
		{"PREAUTH in clear", starttls, "S: * PREAUTH welcome", "ok ok - FAILED - - - - -; preauth"},
		{"PREAUTH in clear, no TLS asked", settings.Plain, "S: * PREAUTH welcome", "ok ok - FAILED - - - - -; preauth"},
		{"silent after the consent", starttls, ask + "S: $tag OK go\nsilence", "ok ok - ok FAILED - - - -; handshake timeout"},
		{"closed after the consent", starttls, ask + "S: $tag OK go\nclose", "ok ok - ok FAILED - - - -; handshake cut"},
		{"reset after the consent", starttls, ask + "S: $tag OK go\nreset", "ok ok - ok FAILED - - - -; handshake cut"},
		{"no answer", starttls, ask + "silence", "ok ok - ok FAILED - - - -; silent"},
	})
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
