package probe_test

import (
	"context"
	"testing"

	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// A passport lets everybody in as one whose credential another has accepted.
type passport struct{}

func (passport) Enter(context.Context, settings.Endpoint) (bool, error) { return true, nil }
func (passport) Leave(settings.Endpoint, probe.Auth)                    {}

func proven(o probe.Options) probe.Options {
	o.Gate = passport{}
	return o
}

// TestBehindTheSignIn: what leaves in one flight with the sign-in counts only
// behind the verdict, and whoever throws it away, refuses it where it stands or
// takes it for something else is asked again: no false failure comes of it.
func TestBehindTheSignIn(t *testing.T) {
	t.Parallel()
	const (
		works = "ok ok ok ok - ok ok ok ok"
		imap  = "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\nC: * AUTHENTICATE PLAIN\n"
		login = "TLS\nS: * OK [CAPABILITY IMAP4rev1] hello\nC: * LOGIN\n"
		box   = "C: T1 EXAMINE INBOX\nS: * 1 EXISTS\nS: T1 OK done\nC: * LOGOUT"
		again = "C: T2 EXAMINE INBOX\nS: * 1 EXISTS\nS: T2 OK done\nC: * LOGOUT"
		pop   = "TLS\nS: +OK\nC: CAPA\nS: +OK\nS: UIDL\nS: SASL PLAIN\nS: PIPELINING\nS: .\nC: AUTH PLAIN\n"
		smtp  = "TLS\nS: 220 mx\nC: EHLO\nS: 250-mx\nS: 250-PIPELINING\nS: 250 AUTH PLAIN\nC: AUTH PLAIN\n"
		asks  = "C: MAIL FROM:<" + user + ">\nC: RCPT TO:<" + user + ">\n"
	)
	for _, row := range []struct {
		name     string
		protocol settings.Protocol
		script   string
		want     string
	}{
		{"in one flight", settings.IMAP, imap + "S: $tag OK in\n" + box, works},
		{"LOGIN", settings.IMAP, login + "S: $tag OK in\n" + box, works},
		{"thrown away", settings.IMAP, imap + "S: $tag OK in\nC: T1 EXAMINE INBOX\n" + box, works},
		{"slow", settings.IMAP, imap + "S: $tag OK in\nC: T1 EXAMINE INBOX\nC: T1 EXAMINE INBOX\nS: * 1 EXISTS\nS: T1 OK one\nS: * 1 EXISTS\nS: T1 OK two\nC: * LOGOUT", works},
		{"refused where it stands", settings.IMAP, imap + "S: $tag OK in\nC: T1 EXAMINE INBOX\nS: T1 BAD not signed in\n" + again, works},
		{"refused before the verdict", settings.IMAP, imap + "S: T1 NO not signed in\nS: $tag OK in\nC: T1 EXAMINE INBOX\n" + box, works},
		{"agreed to before the verdict", settings.IMAP, imap + "S: * 1 EXISTS\nS: T1 OK done\nS: $tag OK in\nC: T1 EXAMINE INBOX\nC: T1 EXAMINE INBOX\nS: T1 NO no box\nC: * LOGOUT", "ok ok ok ok - ok ok FAILED ok; EXAMINE INBOX NO"},
		{"counted before the verdict", settings.IMAP, imap + "S: * 1 EXISTS\nS: $tag OK in\nC: T1 EXAMINE INBOX\nS: T1 OK done\nC: * LOGOUT", "ok ok ok ok - ok ok FAILED ok; malformed"},
		{"taken for the first message", settings.IMAP, imap + "S: +\nS: $tag BAD no base64\nC: T1 EXAMINE INBOX\nC: * AUTHENTICATE PLAIN\nS: +\nC: AG\nS: $tag OK in\n" + box, works},
		{"a consent where a message was asked for", settings.IMAP, imap + "S: +\nS: $tag OK in\nC: T1 EXAMINE INBOX\nsilence", "ok ok ok ok - ok FAILED - -; exchange"},
		{"refused where it stands", settings.POP3, pop + "S: +OK in\nC: STAT\nS: -ERR not yet\nC: STAT\nS: +OK 0 0\nC: QUIT", works},
		{"thrown away", settings.POP3, pop + "S: +OK in\nC: STAT\nC: STAT\nS: +OK 0 0\nC: QUIT", works},
		{"taken for the first message", settings.POP3, pop + "S: + \nC: STAT\nS: -ERR no base64\nC: AUTH PLAIN\nS: + \nC: AG\nS: +OK in\nC: STAT\nS: +OK 0 0\nC: QUIT", works},
		{"rejected", settings.POP3, pop + "S: -ERR [AUTH] wrong\nC: STAT\nS: -ERR not signed in\nC: QUIT", "ok ok ok ok - ok FAILED - ok; PLAIN -ERR"},
		{"in one flight", settings.SMTP, smtp + asks + "S: 235 in\nS: 250 ok\nS: 250 ok\nC: QUIT", works},
		{"thrown away", settings.SMTP, smtp + asks + "S: 235 in\n" + asks + "S: 250 ok\nS: 250 ok\nC: QUIT", works},
		{"refused, and the server hangs up", settings.IMAP, imap + "S: $tag OK in\nC: T1 EXAMINE INBOX\nS: T1 BAD User is authenticated but not connected.\nS: * BYE gone\nclose", "ok ok ok ok - ok ok FAILED -; EXAMINE INBOX BAD"},
		{"refused, and the server hangs up", settings.POP3, pop + "S: +OK in\nC: STAT\nS: -ERR [SYS/PERM] not enabled\nclose", "ok ok ok ok - ok ok FAILED -; STAT -ERR"},
		{"refused, and the server hangs up", settings.SMTP, smtp + asks + "S: 235 in\nS: 550 5.7.1 no\nS: 503 no sender\nclose", "ok ok ok ok - ok ok FAILED -; MAIL FROM 550"},
		{"refused where it stands", settings.SMTP, smtp + asks + "S: 235 in\nS: 503 not yet\nS: 503 no sender\nC: MAIL FROM\nS: 250 ok\nC: RCPT TO\nS: 250 ok\nC: QUIT", works},
		{"answered before they were asked", settings.SMTP, "TLS\nS: 220 mx\nC: EHLO\nS: 250-mx\nS: 250 AUTH PLAIN\nC: AUTH PLAIN\nS: 235 in\npause 20ms\nS-raw: 250 ok\\r\\n250 ok\\r\\n\nsilence", "ok ok ok ok - ok ok FAILED -; early_response"},
		{"a recipient refused", settings.SMTP, smtp + asks + "S: 235 in\nS: 250 ok\nS: 550 no\nC: QUIT", "ok ok ok ok - ok ok FAILED ok; RCPT TO 550"},
		{"rejected", settings.SMTP, smtp + asks + "S: 535 5.7.8 wrong\nS: 530 no\nS: 530 no\nC: QUIT", "ok ok ok ok - ok FAILED - ok; PLAIN 535"},
	} {
		t.Run(string(row.protocol)+" "+row.name, func(t *testing.T) {
			t.Parallel()
			s := script.Start(t, script.Options{}, row.script)
			r := play(t, s, row.protocol, settings.TLS, proven(withPassword()))
			if got := summary(r); got != row.want {
				t.Errorf("got  %s\nwant %s\n%s", got, row.want, transcript(r))
			}
		})
	}
}

// TestSMTPAsksBehindTheVerdict: nothing stands behind a sign-in that may be
// rejected, because a server would log it as an attempt to send without one.
func TestSMTPAsksBehindTheVerdict(t *testing.T) {
	t.Parallel()
	s := script.Start(t, script.Options{}, "TLS\nS: 220 mx\nC: EHLO\nS: 250-mx\nS: 250-PIPELINING\nS: 250 AUTH PLAIN\nC: AUTH PLAIN\npause 100ms\nS: 535 5.7.8 wrong\nC: QUIT")
	r := play(t, s, settings.SMTP, settings.TLS, withPassword())
	if got, want := summary(r), "ok ok ok ok - ok FAILED - ok; PLAIN 535"; got != want {
		t.Errorf("got  %s\nwant %s\n%s", got, want, transcript(r))
	}
}
