package probe_test

import (
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/lab/script"
	"mailprobe/internal/settings"
)

const (
	pop3Caps = "C: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\n"
	pop3In   = "C: AUTH PLAIN\nS: +OK in\nC: STAT\nS: +OK 2 320\nC: QUIT\n"
)

func TestPOP3Greetings(t *testing.T) {
	testRows(t, settings.POP3, []row{
		{"ok", "", "TLS\nS: +OK hello\n" + pop3Caps + pop3In, "ok ok ok ok - ok ok ok ok"},
		{"no text", "", "TLS\nS: +OK\n" + pop3Caps + pop3In, "ok ok ok ok - ok ok ok ok"},
		{"lower case", "", "TLS\nS: +ok hello\n" + pop3Caps + pop3In, "ok ok ok ok - ok ok ok ok"},
		{"tabs", "", "TLS\nS: +OK\thello\nC: CAPA\nS: +OK\tlist\nS: SASL\tPLAIN\nS: .\nC: AUTH PLAIN\nS: +OK\tin\nC: STAT\nS: +OK\t2 320\nC: QUIT", "ok ok ok ok - ok ok ok ok"},
		{"-ERR", "", "TLS\nS: -ERR [SYS/TEMP] busy", "ok ok ok FAILED - - - - -; -ERR"},
		{"nonsense", "", "TLS\nS: hello", "ok ok ok FAILED - - - - -; malformed"},
		{"longer word", "", "TLS\nS: +OKAY", "ok ok ok FAILED - - - - -; malformed"},
		{"another protocol", "", "TLS\nS: * OK hello", "ok ok ok FAILED - - - - -; wrong_protocol imap"},
		{"LF alone", "", "TLS\nS-raw: +OK hello\\n\n" + pop3Caps + pop3In, "ok ok ok ok - ok ok ok ok"},
		{"CR alone", "", "TLS\nS-raw: +OK hello\\r\nsilence", "ok ok ok FAILED - - - - -; silent"},
		{"NUL", "", "TLS\nS-raw: +OK he\\x00llo\\r\\n\n" + pop3Caps + pop3In, "ok ok ok ok - ok ok ok ok"},
		{"more than a greeting", "", "TLS\nS-raw: +OK hello\\r\\n+OK\\r\\nSASL PLAIN\\r\\n.\\r\\n", "ok ok ok ok - FAILED - - -; early_response"},
		{"reset", "", "TLS\nreset", "ok ok ok FAILED - - - - -; closed"},
	})
}

func TestPOP3Capabilities(t *testing.T) {
	const hello = "TLS\nS: +OK hello\nC: CAPA\n"
	testRows(t, settings.POP3, []row{
		{"CAPA unknown", "", hello + "S: -ERR what\nC: USER me@example.com\nS: +OK\nC: PASS\nS: +OK in\nC: STAT\nS: +OK 0 0\nC: QUIT", "ok ok ok ok - ok ok ok ok"},
		{"dot-stuffed", "", hello + "S: +OK\nS: ..X\nS: SASL PLAIN\nS: .\n" + pop3In, "ok ok ok ok - ok ok ok ok"},
		{"empty lines", "", hello + "S: +OK\nS: \nS: SASL PLAIN\nS: .\n" + pop3In, "ok ok ok ok - ok ok ok ok"},
		{"consent before the sign-in", "", hello + "S-raw: +OK\\r\\nSASL PLAIN\\r\\n.\\r\\n+OK in\\r\\n", "ok ok ok ok - ok FAILED - -; early_response"},
		{"nothing to sign in with", "", hello + "S: +OK\nS: TOP\nS: .\nC: QUIT", "ok ok ok ok - ok FAILED - ok; *auth.MechanismError"},
		{"nonsense", "", hello + "S: what", "ok ok ok ok - FAILED - - -; malformed"},
		{"endless list", "", hello + "S: +OK\n" + strings.Repeat("S: X\n", 1200), "ok ok ok ok - FAILED - - -; too_many"},
		{"one line of 10 MB", "", hello + "S: +OK\nS: " + strings.Repeat("x", 10<<20), "ok ok ok ok - FAILED - - -; too_long"},
		{"a byte at a time", "", hello + "S: +OK\n" + strings.Repeat("pause 20ms\nS-raw: X\n", 100), "ok ok ok ok - FAILED - - -; silent"},
		{"list without end", "", hello + "S: +OK\nS: TOP\nclose", "ok ok ok ok - FAILED - - -; closed"},
		{"reset", "", hello + "reset", "ok ok ok ok - FAILED - - -; closed"},
	})
}

func TestPOP3StartTLS(t *testing.T) {
	const ask = "S: +OK hello\nC: CAPA\nS: +OK\nS: STLS\nS: USER\nS: .\nC: STLS\n"
	starttls := settings.StartTLS
	testRows(t, settings.POP3, []row{
		{"ok", starttls, ask + "S: +OK go\nTLS\n" + pop3Caps + pop3In, "ok ok - ok ok ok ok ok ok"},
		{"CAPA unknown in clear", starttls, "S: +OK hello\nC: CAPA\nS: -ERR\nC: STLS\nS: +OK\nTLS\n" + pop3Caps + pop3In, "ok ok - ok ok ok ok ok ok"},
		{"CAPA and STLS unknown", starttls, "S: +OK hello\nC: CAPA\nS: -ERR\nC: STLS\nS: -ERR\nC: QUIT", "ok ok - ok FAILED - - - ok; not_offered"},
		{"not offered", starttls, "S: +OK hello\nC: CAPA\nS: +OK\nS: USER\nS: .\nC: QUIT", "ok ok - ok FAILED - - - ok; not_offered"},
		{"refused", starttls, ask + "S: -ERR not now\nC: QUIT", "ok ok - ok FAILED - - - ok; STLS -ERR"},
		{"injected in the same segment", starttls, ask + "S-raw: +OK go\\r\\n+OK in\\r\\n", "ok ok - ok FAILED - - - -; injected"},
		{"injected late", starttls, ask + "S: +OK go\npause 80ms\nS: SASL PLAIN", "ok ok - ok FAILED - - - -; injected"},
		{"early consent", starttls, "S: +OK hello\nC: CAPA\nS-raw: +OK\\r\\nSTLS\\r\\n.\\r\\n+OK go ahead\\r\\n", "ok ok - ok FAILED - - - -; early_response"},
		{"still announced", starttls, ask + "S: +OK go\nTLS\nC: CAPA\nS: +OK\nS: STLS\nS: SASL PLAIN\nS: .\n" + pop3In, "ok ok - ok ok ok ok ok ok"},
		{"closed after the consent", starttls, ask + "S: +OK go\nclose", "ok ok - ok FAILED - - - -; handshake cut"},
		{"silent", starttls, ask + "silence", "ok ok - ok FAILED - - - -; silent"},
		{"no TLS asked", settings.Plain, "S: +OK hello\n" + pop3Caps + "C: QUIT", "ok ok - ok - ok - - ok"},
	})
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
