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
	smtpMail = "C: MAIL FROM:<me@example.com>\nS: 250 2.1.0 ok\nC: QUIT\n"
)

func TestSMTPGreetings(t *testing.T) {
	testRows(t, settings.SMTP, []row{
		{"ok", "", "TLS\nS: 220 mx\n" + smtpCaps + smtpIn, "ok ok ok ok - ok ok ok ok"},
		{"several lines", "", "TLS\nS: 220-mx\nS: 220-we do not\nS: 220 spam\n" + smtpCaps + smtpIn, "ok ok ok ok - ok ok ok ok"},
		{"code alone", "", "TLS\nS: 220\n" + smtpCaps + smtpIn, "ok ok ok ok - ok ok ok ok"},
		{"changing codes", "", "TLS\nS: 220-mx\nS: 250 mx", "ok ok ok FAILED - - - - -; malformed"},
		{"421", "", "TLS\nS: 421 4.3.2 busy", "ok ok ok FAILED - - - - -; 421"},
		{"554", "", "TLS\nS: 554 no service\nC: QUIT", "ok ok ok FAILED - - - - ok; 554"},
		{"an odd code", "", "TLS\nS: 250 mx\nC: QUIT", "ok ok ok FAILED - - - - ok; 250"},
		{"FTP", "", "TLS\nS: 220 FTP server ready", "ok ok ok FAILED - - - - -; wrong_protocol ftp"},
		{"a host called ftp", "", "TLS\nS: 220 ftp.example.com ESMTP\n" + smtpCaps + smtpIn, "ok ok ok ok - ok ok ok ok"},
		{"nonsense", "", "TLS\nS: 2200 mx", "ok ok ok FAILED - - - - -; malformed"},
		{"another protocol", "", "TLS\nS: * OK hello", "ok ok ok FAILED - - - - -; wrong_protocol imap"},
		{"LF alone", "", "TLS\nS-raw: 220 mx\\n\n" + smtpCaps + smtpIn, "ok ok ok ok - ok ok ok ok"},
		{"CR alone", "", "TLS\nS-raw: 220 mx\\r\nsilence", "ok ok ok FAILED - - - - -; silent"},
		{"NUL", "", "TLS\nS-raw: 220 m\\x00x\\r\\n\n" + smtpCaps + smtpIn, "ok ok ok ok - ok ok ok ok"},
		{"endless", "", "TLS\n" + strings.Repeat("S: 220-mx\n", 1200), "ok ok ok FAILED - - - - -; too_many"},
		{"unfinished", "", "TLS\nS: 220-mx\nclose", "ok ok ok FAILED - - - - -; closed"},
		{"more than a greeting", "", "TLS\nS-raw: 220 mx\\r\\n250 AUTH PLAIN\\r\\n", "ok ok ok ok - FAILED - - -; early_response"},
		{"reset", "", "TLS\nreset", "ok ok ok FAILED - - - - -; closed"},
	})
}

func TestSMTPCapabilities(t *testing.T) {
	const hello = "TLS\nS: 220 mx\nC: EHLO\n"
	testRows(t, settings.SMTP, []row{
		{"lower case", "", hello + "S: 250-mx\nS: 250-size 100\nS: 250 auth plain\n" + smtpIn, "ok ok ok ok - ok ok ok ok"},
		{"old syntax", "", hello + "S: 250-mx\nS: 250 AUTH=PLAIN\n" + smtpIn, "ok ok ok ok - ok ok ok ok"},
		{"codes without text", "", hello + "S: 250-\nS: 250-AUTH PLAIN\nS: 250\n" + smtpIn, "ok ok ok ok - ok ok ok ok"},
		{"changing codes", "", hello + "S: 250-mx\nS: 251 AUTH PLAIN", "ok ok ok ok - FAILED - - -; malformed"},
		{"EHLO refused", "", hello + "S: 502 5.5.1 what\nC: QUIT", "ok ok ok ok - FAILED - - ok; EHLO 502"},
		{"421", "", hello + "S: 421 bye", "ok ok ok ok - FAILED - - -; EHLO 421"},
		{"consent before the sign-in", "", hello + "S-raw: 250-mx\\r\\n250 AUTH PLAIN\\r\\n235 in\\r\\n", "ok ok ok ok - ok FAILED - -; early_response"},
		{"no AUTH", "", hello + "S: 250 mx\nC: QUIT", "ok ok ok ok - ok FAILED - ok; *auth.MechanismError"},
		{"endless", "", hello + strings.Repeat("S: 250-X\n", 1200), "ok ok ok ok - FAILED - - -; too_many"},
		{"one line of 10 MB", "", hello + "S: 250-" + strings.Repeat("x", 10<<20), "ok ok ok ok - FAILED - - -; too_long"},
		{"a byte at a time", "", hello + strings.Repeat("pause 20ms\nS-raw: 2\n", 100), "ok ok ok ok - FAILED - - -; silent"},
		{"silent", "", hello + "silence", "ok ok ok ok - FAILED - - -; silent"},
		{"reset", "", hello + "reset", "ok ok ok ok - FAILED - - -; closed"},
	})
}

func TestSMTPStartTLS(t *testing.T) {
	const offer = "S: 220 mx\nC: EHLO\nS: 250-mx\nS: 250 STARTTLS\n"
	const ask = offer + "C: STARTTLS\n"
	starttls := settings.StartTLS
	testRows(t, settings.SMTP, []row{
		{"ok", starttls, ask + "S: 220 go\nTLS\n" + smtpCaps + smtpIn, "ok ok - ok ok ok ok ok ok"},
		{"lower case", starttls, "S: 220 mx\nC: EHLO\nS: 250-mx\nS: 250 starttls\nC: STARTTLS\nS: 220\nTLS\n" + smtpCaps + smtpIn, "ok ok - ok ok ok ok ok ok"},
		{"not offered", starttls, "S: 220 mx\nC: EHLO\nS: 250-mx\nS: 250 AUTH PLAIN\nC: QUIT", "ok ok - ok FAILED - - - ok; not_offered"},
		{"masked", starttls, "S: 220 mx\nC: EHLO\nS: 250-mx\nS: 250-XXXXXXXA\nS: 250 AUTH PLAIN\nC: QUIT", "ok ok - ok FAILED - - - ok; masked"},
		{"greeting masked", starttls, "S: 220 ***************\nC: EHLO\nS: 250 mx\nC: QUIT", "ok ok - ok FAILED - - - ok; masked"},
		{"EHLO refused", starttls, "S: 220 mx\nC: EHLO\nS: 500 what\nC: QUIT", "ok ok - ok FAILED - - - ok; EHLO 500"},
		{"refused", starttls, ask + "S: 454 4.7.0 not now\nC: QUIT", "ok ok - ok FAILED - - - ok; STARTTLS 454"},
		{"odd consent", starttls, ask + "S: 250 ok\nC: QUIT", "ok ok - ok FAILED - - - ok; STARTTLS 250"},
		{"injected in the same segment", starttls, ask + "S-raw: 220 go\\r\\n250-mx\\r\\n250 AUTH PLAIN\\r\\n", "ok ok - ok FAILED - - - -; injected"},
		{"injected late", starttls, ask + "S: 220 go\npause 80ms\nS: 250 AUTH PLAIN", "ok ok - ok FAILED - - - -; injected"},
		{"early consent", starttls, "S: 220 mx\nC: EHLO\nS-raw: 250-mx\\r\\n250 STARTTLS\\r\\n220 go\\r\\n", "ok ok - ok FAILED - - - -; early_response"},
		{"still announced", starttls, ask + "S: 220 go\nTLS\nC: EHLO\nS: 250-mx\nS: 250-STARTTLS\nS: 250 AUTH PLAIN\n" + smtpIn, "ok ok - ok ok ok ok ok ok"},
		{"AUTH only before TLS", starttls, "S: 220 mx\nC: EHLO\nS: 250-mx\nS: 250-AUTH PLAIN\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nTLS\nC: EHLO\nS: 250 mx\nC: QUIT", "ok ok - ok ok ok FAILED - ok; *auth.MechanismError"},
		{"closed after the consent", starttls, ask + "S: 220 go\nclose", "ok ok - ok FAILED - - - -; handshake cut"},
		{"silent", starttls, ask + "silence", "ok ok - ok FAILED - - - -; silent"},
		{"no TLS asked", settings.Plain, "S: 220 mx\n" + smtpCaps + "C: QUIT", "ok ok - ok - ok - - ok"},
	})
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
