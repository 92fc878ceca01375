package probe_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/lab"
	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

func TestEveryMechanism(t *testing.T) {
	t.Parallel()
	kinds := []struct {
		mechanism   string
		right       probe.Options
		wrong       probe.Options
		challenging bool // a refusal comes with an error challenge
	}{
		{"PLAIN", withPassword(), withWrong(auth.Password), false},
		{"LOGIN", withPassword(), withWrong(auth.Password), false},
		{"XOAUTH2", withToken(token), withWrong(auth.Token), true},
		{"OAUTHBEARER", withToken(token), withWrong(auth.Token), true},
		{"native", withPassword(), withWrong(auth.Password), false},
	}
	native := map[settings.Protocol]string{settings.IMAP: "IMAP LOGIN", settings.POP3: "USER/PASS"}
	for _, kind := range kinds {
		for _, e := range everyEndpoint() {
			mechanism := kind.mechanism
			if mechanism == "native" {
				mechanism = native[e.Protocol]
			}
			if mechanism == "" {
				continue
			}
			t.Run(mechanism+" "+e.String(), func(t *testing.T) {
				t.Parallel()
				l, right, wrong := startLab(t, lab.Server{Endpoint: e}), kind.right, kind.wrong
				right.Mechanism, wrong.Mechanism = mechanism, mechanism
				r := probeLab(t, l, e, right)
				if got, want := verdict(r), "accepted sent"; got != want || r.FailedStep() != nil || r.Auth.Mechanism != mechanism {
					t.Errorf("got  %s by %s, %s\nwant %s by %s\n%s", got, r.Auth.Mechanism, summary(r), want, mechanism, transcript(r))
				}
				if text := everything(r); strings.Contains(text, token) || leaks(text) {
					t.Errorf("got  the secret in the result\n%s", text)
				}
				r = probeLab(t, l, e, wrong)
				if got, want := verdict(r), "rejected sent"; got != want {
					t.Errorf("got  %s\nwant %s\n%s", got, want, transcript(r))
				}
				if got := r.Auth.Challenge; strings.Contains(got, "schemes") != kind.challenging {
					t.Errorf("got  challenge %q\nwant one: %v", got, kind.challenging)
				}
			})
		}
	}
}

func withWrong(kind auth.Kind) probe.Options {
	return probe.Options{Username: user, Credential: auth.NewCredential(kind, auth.NewSecret("something.else"))}
}

// verdict is the outcome of a sign-in in few words.
func verdict(r *probe.Result) string {
	words := string(r.Auth.Status)
	if r.Auth.Sent {
		words += " sent"
	}
	return words
}

func TestSignInVerdicts(t *testing.T) {
	t.Parallel()
	imap, pop3, smtp := settings.IMAP, settings.POP3, settings.SMTP
	const (
		imapHello = "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\nC: * AUTHENTICATE PLAIN\n"
		imapNoIR  = "TLS\nS: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\nC: * AUTHENTICATE PLAIN\n"
		imapLogin = "TLS\nS: * OK [CAPABILITY IMAP4rev1] hello\nC: * LOGIN\n"
		pop3Hello = "TLS\nS: +OK\n" + pop3Caps + "C: AUTH PLAIN\n"
		pop3User  = "TLS\nS: +OK\nC: CAPA\nS: +OK\nS: UIDL\nS: USER\nS: .\nC: USER me@example.com\n"
		pop3Piped = "TLS\nS: +OK\nC: CAPA\nS: +OK\nS: UIDL\nS: USER\nS: PIPELINING\nS: .\nC: USER me@example.com\nC: PASS\n"
		smtpHello = "TLS\nS: 220 mx\n" + smtpCaps + "C: AUTH PLAIN\n"
		smtpLogin = "TLS\nS: 220 mx\nC: EHLO\nS: 250-mx\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\n"
	)
	rows := []struct {
		name     string
		protocol settings.Protocol
		script   string
		want     string
	}{
		{"no SASL-IR", imap, imapNoIR + "S: +\nC: *\nS: $tag OK in\n" + imapBox, "accepted sent"},
		{"refused before the secret", imap, imapNoIR + "S: $tag NO no PLAIN today\nC: * LOGIN\nS: $tag BAD nor this\nC: * LOGOUT", "rejected sent"},
		{"refusal on the heels of the continuation", imap, imapNoIR + "S-raw: + \\r\\n$tag NO no PLAIN today\\r\\n\nC: * LOGIN\nS: $tag OK in\n" + imapBox, "accepted sent"},
		{"consent on the heels of the continuation", imap, imapNoIR + "S-raw: + \\r\\n$tag OK in\\r\\n\nsilence", "unknown"},
		{"untagged data the library does not know", imap, imapHello + "S: * XGRUMBLE (1 2\nS: * CAPABILITY (\nS: * OK [CAPABILITY (\nS: * 99999999999999 EXISTS\nS: $tag OK [CAPABILITY IMAP4rev1 (] in\n" + imapBox, "accepted sent"},
		{"lower case", imap, imapHello + "S: $tag ok in\n" + imapBox, "accepted sent"},
		{"no text", imap, imapHello + "S: $tag OK\n" + imapBox, "accepted sent"},
		{"NO", imap, imapHello + "S: $tag NO [AUTHENTICATIONFAILED] wrong\nC: T1 EXAMINE INBOX\nS: T1 BAD not signed in\nC: * LOGOUT", "rejected sent"},
		{"BAD", imap, imapHello + "S: $tag BAD what\nC: T1 EXAMINE INBOX\nS: T1 BAD not signed in\nC: * LOGOUT", "rejected sent"},
		{"UNAVAILABLE", imap, imapHello + "S: $tag NO [UNAVAILABLE] later\nC: T1 EXAMINE INBOX\nS: T1 BAD not signed in\nC: * LOGOUT", "unknown sent"},
		{"BYE", imap, imapHello + "S: * BYE bye\nclose", "unknown sent"},
		{"BYE and NO", imap, imapHello + "S: * BYE bye\nS: $tag NO wrong\nclose", "rejected sent"},
		{"closed", imap, imapHello + "close", "unknown sent"},
		{"reset", imap, imapHello + "reset", "unknown sent"},
		{"silent", imap, imapHello + "silence", "unknown sent"},
		{"another tag", imap, imapHello + "S: T9 OK in\nsilence", "unknown sent"},
		{"nonsense", imap, imapHello + "S: hello\nsilence", "unknown sent"},
		{"a challenge where none belongs", imap, imapHello + "S: + aGVsbG8=\nsilence", "unknown sent"},
		{"endless challenges", imap, imapHello + strings.Repeat("S: + \n", 50) + "silence", "unknown sent"},
		{"endless untagged data", imap, imapHello + strings.Repeat("S: * OK "+strings.Repeat("x", 8000)+"\n", 60) + "silence", "unknown sent"},
		{"LOGIN", imap, imapLogin + "S: $tag OK in\n" + imapBox, "accepted sent"},
		{"LOGIN echoed", imap, imapLogin + "S: $tag BAD [" + "CORRECT] unknown command LOGIN me@example.com \"" + password + "\"\nC: T1 EXAMINE INBOX\nS: T1 BAD not signed in\nC: * LOGOUT", "rejected sent"},

		{"+OK", pop3, pop3Hello + "S: +OK in\nC: STAT\nS: +OK 0 0\nC: QUIT", "accepted sent"},
		{"lower case", pop3, pop3Hello + "S: +ok in\nC: STAT\nS: +ok 0 0\nC: QUIT", "accepted sent"},
		{"continuation wanted", pop3, pop3Hello + "S: + \nC: *\nS: -ERR canceled\nC: AUTH PLAIN\nS: + \nC: *\nS: -ERR no\nC: QUIT", "rejected sent"},
		{"refusal on the heels of a continuation", pop3, pop3Hello + "S-raw: + \\r\\n-ERR no\\r\\n\nC: QUIT", "rejected sent"},
		{"-ERR", pop3, pop3Hello + "S: -ERR [AUTH] wrong\nC: QUIT", "rejected sent"},
		{"echo in the code", pop3, pop3Hello + "S: -ERR [correct] " + base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00"+password)) + "\nC: QUIT", "rejected sent"},
		{"SYS/TEMP", pop3, pop3Hello + "S: -ERR [SYS/TEMP] later\nC: QUIT", "unknown sent"},
		{"IN-USE", pop3, pop3Hello + "S: -ERR [IN-USE] locked\nC: QUIT", "unknown sent"},
		{"closed", pop3, pop3Hello + "close", "unknown sent"},
		{"silent", pop3, pop3Hello + "silence", "unknown sent"},
		{"empty line", pop3, pop3Hello + "S: \nsilence", "unknown sent"},
		{"no base64", pop3, pop3Hello + "S: + %%%\nsilence", "unknown sent"},
		{"USER refused", pop3, pop3User + "S: -ERR who\nC: QUIT", "rejected"},
		{"PASS", pop3, pop3User + "S: +OK\nC: PASS\nS: +OK in\nC: STAT\nS: +OK 0 0\nC: QUIT", "accepted sent"},
		{"PASS refused", pop3, pop3User + "S: +OK\nC: PASS\nS: -ERR wrong\nC: QUIT", "rejected sent"},
		{"closed after PASS", pop3, pop3User + "S: +OK\nC: PASS\nclose", "unknown sent"},
		{"piped", pop3, pop3Piped + "S: +OK\nS: +OK in\nC: STAT\nS: +OK 0 0\nC: QUIT", "accepted sent"},
		{"piped, PASS refused", pop3, pop3Piped + "S: +OK\nS: -ERR wrong\nC: STAT\nS: -ERR not signed in\nC: QUIT", "rejected sent"},
		{"piped, USER refused and PASS taken", pop3, pop3Piped + "S: -ERR who\nS: +OK in\nC: STAT\nS: +OK 0 0\nC: QUIT", "rejected sent"},
		{"piped, closed after USER", pop3, pop3Piped + "S: +OK\nclose", "unknown sent"},

		{"235", smtp, smtpHello + "S: 235 in\n" + smtpMail, "accepted sent"},
		{"235 without text", smtp, smtpHello + "S: 235\n" + smtpMail, "accepted sent"},
		{"several lines", smtp, smtpHello + "S: 235-welcome\nS: 235 in\n" + smtpMail, "accepted sent"},
		{"250 is no consent", smtp, smtpHello + "S: 250 whatever", "unknown sent"},
		{"535", smtp, smtpHello + "S: 535 5.7.8 wrong\nC: QUIT", "rejected sent"},
		{"454", smtp, smtpHello + "S: 454 4.7.0 later\nC: QUIT", "unknown sent"},
		{"5xx with a temporary enhanced code", smtp, smtpHello + "S: 535 4.7.0 later\nC: QUIT", "unknown sent"},
		{"421", smtp, smtpHello + "S: 421 4.7.0 bye\nclose", "unknown sent"},
		{"closed", smtp, smtpHello + "close", "unknown sent"},
		{"reset", smtp, smtpHello + "reset", "unknown sent"},
		{"silent", smtp, smtpHello + "silence", "unknown sent"},
		{"a challenge where none belongs", smtp, smtpHello + "S: 334 aGVsbG8=\nC: *\nS: 501 canceled", "unknown sent"},
		{"no base64", smtp, smtpHello + "S: 334 %%%\nC: *\nS: 501 canceled", "unknown sent"},
		{"echo", smtp, smtpHello + "S: 535 5.7.8 " + base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00"+password)) + "\nC: QUIT", "rejected sent"},
		{"changing codes", smtp, smtpHello + "S: 235-welcome\nS: 535 wrong\nsilence", "unknown sent"},
		{"LOGIN", smtp, smtpLogin + "S: 334 VXNlcm5hbWU6\nC: bWVAZXhhbXBsZS5jb20=\nS: 334 UGFzc3dvcmQ6\nC: *\nS: 235 in\n" + smtpMail, "accepted sent"},
		{"LOGIN, user refused", smtp, smtpLogin + "S: 334 VXNlcm5hbWU6\nC: bWVAZXhhbXBsZS5jb20=\nS: 535 who\nC: QUIT", "rejected sent"},
	}
	for _, row := range rows {
		t.Run(string(row.protocol)+" "+row.name, func(t *testing.T) {
			t.Parallel()
			s := script.Start(t, script.Options{}, row.script)
			r := play(t, s, row.protocol, settings.TLS, withPassword())
			s.Close()
			if got := verdict(r); got != row.want {
				t.Errorf("got  %s (%s)\nwant %s\n%s", got, r.Auth.Reason, row.want, transcript(r))
			}
			if r.Auth.Status == probe.AuthAccepted && r.FailedStep() != nil {
				t.Errorf("got  %s\nwant no failure\n%s", summary(r), transcript(r))
			}
			if r.Auth.Status == probe.AuthUnknown && r.Auth.Reason == "" {
				t.Error("got  no reason\nwant one")
			}
			wantNoLeak(t, s, r)
		})
	}
}

// A token may be echoed in the error challenge, where it is base64 again.
func TestChallengeIsScrubbed(t *testing.T) {
	challenge := base64.StdEncoding.EncodeToString([]byte(`{"status":"400","token":"` + token + `"}`))
	s := script.Start(t, script.Options{}, "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] hello\nC: * AUTHENTICATE XOAUTH2\nS: + "+challenge+"\nC: *\nS: $tag NO wrong\nC: * LOGOUT")
	r := play(t, s, settings.IMAP, settings.TLS, withToken(token))
	s.Close()
	if got := s.Lines(); !slices.Contains(got, "") {
		t.Errorf("got  %q\nwant an empty line in answer to the challenge", got)
	}
	if got, want := r.Auth.Challenge, `{"status":"400","token":"[redacted]"}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if text := everything(r); strings.Contains(text, token) {
		t.Errorf("got  the token in the result\n%s", text)
	}
	if got, want := verdict(r), "rejected sent"; got != want {
		t.Errorf("got  %s\nwant %s\n%s", got, want, transcript(r))
	}
}

// However long a sign-in may take, nothing is waited for that cannot come.
// The IMAP library never returns if the refusal comes with the continuation,
// the SMTP library waits for a last line with the code of the first.
func TestNoNeedlessWait(t *testing.T) {
	const hello = "TLS\nS: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN LOGINDISABLED] hello\nC: * AUTHENTICATE PLAIN\n"
	for _, row := range []struct {
		name     string
		protocol settings.Protocol
		script   string
		want     string
	}{
		{"refusal on the heels of the continuation", settings.IMAP, hello + "S-raw: + \\r\\n$tag NO no PLAIN today\\r\\n\nsilence", "unknown"},
		{"BYE without a close", settings.IMAP, hello + "S: * BYE [UNAVAILABLE] later\nsilence", "unknown"},
		{"changing codes", settings.SMTP, "TLS\nS: 220 mx\n" + smtpCaps + "C: AUTH PLAIN\nS: 235-welcome\nS: 535 wrong\nsilence", "unknown sent"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := script.Start(t, script.Options{}, row.script)
			began := time.Now()
			r := play(t, s, row.protocol, settings.TLS, withPassword())
			if took := time.Since(began); took > 20*time.Second || verdict(r) != row.want {
				t.Errorf("got  %s after %v\nwant %s at once", verdict(r), took, row.want)
			}
		})
	}
}

func TestAccessIsJudgedByItsOwnAnswer(t *testing.T) {
	t.Parallel()
	const in = "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\nC: * AUTHENTICATE PLAIN\nS: $tag OK in\nC: * EXAMINE INBOX\n"
	const pop = "TLS\nS: +OK\n" + pop3Caps + "C: AUTH PLAIN\nS: +OK in\nC: STAT\n"
	const smtp = "TLS\nS: 220 mx\n" + smtpCaps + "C: AUTH PLAIN\nS: 235 in\nC: MAIL FROM\n"
	rows := []struct {
		name     string
		protocol settings.Protocol
		script   string
		want     string
	}{
		{"refused", settings.IMAP, in + "S: $tag NO shut\nC: * EXAMINE INBOX\nS: $tag NO shut\nC: * LOGOUT", "ok ok ok ok - ok ok FAILED ok; EXAMINE INBOX NO"},
		{"agreed under another tag, then refused", settings.IMAP, in + "S-raw: T2 OK open\\r\\nT1 NO shut\\r\\n\nsilence", "ok ok ok ok - ok ok FAILED -; malformed"},
		{"BYE", settings.IMAP, in + "S: * BYE bye\nclose", "ok ok ok ok - ok ok FAILED -; closed"},
		{"closed", settings.IMAP, in + "close", "ok ok ok ok - ok ok FAILED -; closed"},
		{"silent", settings.IMAP, in + "silence", "ok ok ok ok - ok ok FAILED -; silent"},
		{"-ERR", settings.POP3, pop + "S: -ERR [SYS/PERM] not enabled\nC: QUIT", "ok ok ok ok - ok ok FAILED ok; STAT -ERR"},
		{"an echo that is no answer", settings.IMAP, in + "S: LOGIN me " + password + "\nsilence", "ok ok ok ok - ok ok FAILED -; malformed"},
		{"an echo that is no answer", settings.POP3, pop + "S: PASS " + password + "\nsilence", "ok ok ok ok - ok ok FAILED -; malformed"},
		{"an echo that is no answer", settings.SMTP, smtp + "S: " + password + "\nsilence", "ok ok ok ok - ok ok FAILED -; malformed"},
		{"an empty line is no consent", settings.POP3, pop + "S: \nsilence", "ok ok ok ok - ok ok FAILED -; malformed"},
		{"no numbers", settings.POP3, pop + "S: +OK many\nC: QUIT", "ok ok ok ok - ok ok FAILED ok; malformed"},
		{"closed", settings.POP3, pop + "close", "ok ok ok ok - ok ok FAILED -; closed"},
		{"refused", settings.SMTP, smtp + "S: 550 5.7.1 no\nC: QUIT", "ok ok ok ok - ok ok FAILED ok; MAIL FROM 550"},
		{"421", settings.SMTP, smtp + "S: 421 bye\nclose", "ok ok ok ok - ok ok FAILED -; MAIL FROM 421"},
		{"closed", settings.SMTP, smtp + "close", "ok ok ok ok - ok ok FAILED -; closed"},
	}
	for _, row := range rows {
		t.Run(fmt.Sprint(row.protocol, " ", row.name), func(t *testing.T) {
			t.Parallel()
			s := script.Start(t, script.Options{}, row.script)
			r := play(t, s, row.protocol, settings.TLS, withPassword())
			s.Close()
			if got := summary(r); got != row.want {
				t.Errorf("got  %s\nwant %s\n%s", got, row.want, transcript(r))
			}
			wantNoLeak(t, s, r)
		})
	}
}

// A tally is a gate that counts.
type tally struct {
	entered, left int
	last          probe.Auth
}

func (g *tally) Enter(context.Context, settings.Endpoint) (bool, error) {
	g.entered++
	return false, nil
}

func (g *tally) Leave(_ settings.Endpoint, a probe.Auth) { g.left++; g.last = a }

func TestGateHearsOfEverySignIn(t *testing.T) {
	rows := []struct {
		name   string
		script string
		want   probe.AuthStatus // empty: nobody enters
	}{
		{"accepted", "TLS\nS: 220 mx\n" + smtpCaps + smtpIn, probe.AuthAccepted},
		{"rejected", "TLS\nS: 220 mx\n" + smtpCaps + "C: AUTH\nS: 535 no\nC: QUIT", probe.AuthRejected},
		{"closed", "TLS\nS: 220 mx\n" + smtpCaps + "C: AUTH\nclose", probe.AuthUnknown},
		{"no mechanism", "TLS\nS: 220 mx\nC: EHLO\nS: 250 mx\nC: QUIT", ""},
		{"greeting refused", "TLS\nS: 421 mx", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			g := new(tally)
			opt := withPassword()
			opt.Gate = g
			play(t, script.Start(t, script.Options{}, row.script), settings.SMTP, settings.TLS, opt)
			want := 1
			if row.want == "" {
				want = 0
			}
			if g.entered != want || g.left != want || g.last.Status != row.want {
				t.Errorf("got  %d in, %d out, %q\nwant %d, %q", g.entered, g.left, g.last.Status, want, row.want)
			}
		})
	}
}

func TestIMAPSignIn(t *testing.T) { testFile(t, "imap-signin.txt") }
func TestPOP3SignIn(t *testing.T) { testFile(t, "pop3-signin.txt") }
func TestSMTPSignIn(t *testing.T) { testFile(t, "smtp-signin.txt") }

// TestCalledOff holds what comes of a sign-in whose first message the server
// asks for again: only where it agrees that this was called off is the secret
// shown once more.
func TestCalledOff(t *testing.T) {
	t.Parallel()
	const (
		imapHello = "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\nC: * AUTHENTICATE PLAIN\nS: + \n"
		imapNext  = "C: T1 EXAMINE INBOX\n" // left with the sign-in, and stands where the server wants an answer
		pop3Hello = "TLS\nS: +OK\n" + pop3Caps + "C: AUTH PLAIN\nS: + \nC: *\n"
		smtpHello = "TLS\nS: 220 mx\nC: EHLO\nS: 250-mx\nS: 250 AUTH PLAIN\nC: AUTH PLAIN\nS: 334 \nC: *\n"
		broken    = "unknown sent, against the rules"
	)
	for _, row := range []struct {
		name     string
		protocol settings.Protocol
		script   string
		want     string
	}{
		{"IMAP agrees", settings.IMAP, imapHello + "S: $tag BAD not base64\n" + imapNext + "C: * AUTHENTICATE PLAIN\nS: +\nC: *\nS: $tag OK in\n" + imapBox, "accepted sent, 2 showings"},
		{"IMAP accepts the answer that is none", settings.IMAP, imapHello + "S: $tag OK in\n" + imapNext + "silence", broken},
		{"IMAP answers the command behind", settings.IMAP, imapHello + "S: T1 OK read\nS: $tag OK in\n" + imapNext + "silence", broken},
		{"IMAP judges", settings.IMAP, imapHello + "S: $tag NO [AUTHENTICATIONFAILED] wrong\n" + imapNext + "silence", "unknown sent"},
		{"IMAP asks on", settings.IMAP, imapHello + imapNext + strings.Repeat("S: + \n", 20) + "silence", broken},
		{"IMAP asks once more", settings.IMAP, imapHello + imapNext + "S: + \nsilence", broken},
		{"IMAP hangs up", settings.IMAP, imapHello + imapNext + "close", "unknown sent"},
		{"POP3 agrees", settings.POP3, pop3Hello + "S: -ERR called off\nC: AUTH PLAIN\nS: + \nC: *\nS: -ERR no\nC: QUIT", "rejected sent, 2 showings"},
		{"POP3 accepts", settings.POP3, pop3Hello + "S: +OK in\nsilence", broken},
		{"POP3 judges", settings.POP3, pop3Hello + "S: -ERR [AUTH] wrong\nsilence", "unknown sent"},
		{"POP3 asks on", settings.POP3, pop3Hello + strings.Repeat("S: + \n", 20) + "silence", broken},
		{"SMTP accepts", settings.SMTP, smtpHello + "S: 235 in\nsilence", broken},
		{"SMTP judges", settings.SMTP, smtpHello + "S: 535 5.7.8 wrong\nsilence", "unknown sent"},
		{"SMTP asks on", settings.SMTP, smtpHello + "S: 334 \nsilence", broken},
		{"IMAP consents with a refusal's code", settings.IMAP, "TLS\nS: * OK [CAPABILITY IMAP4rev1] hello\nC: * LOGIN\nS: $tag OK [AUTHENTICATIONFAILED] in\nsilence", broken},
		{"POP3 consents with a refusal's code", settings.POP3, "TLS\nS: +OK\n" + pop3Caps + "C: AUTH PLAIN\nS: +OK [AUTH] in\nsilence", broken},
		{"SMTP consents with a refusal's code", settings.SMTP, "TLS\nS: 220 mx\nC: EHLO\nS: 250-mx\nS: 250 AUTH PLAIN\nC: AUTH PLAIN\nS: 235 5.7.8 authentication failed\nsilence", broken},
		{"SMTP consents with a refusal's code in brackets", settings.SMTP, "TLS\nS: 220 mx\nC: EHLO\nS: 250-mx\nS: 250 AUTH PLAIN\nC: AUTH PLAIN\nS: 235 [#5.7.8] authentication failed\nsilence", broken},
		{"SMTP is silent", settings.SMTP, smtpHello + "silence", "unknown sent"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := script.Start(t, script.Options{}, row.script)
			r := play(t, s, row.protocol, settings.TLS, withPassword())
			s.Close()
			if got := calledOff(r); got != row.want {
				t.Errorf("got  %s (%s)\nwant %s\n%s", got, r.Auth.Reason, row.want, transcript(r))
			}
			wantNoLeak(t, s, r)
		})
	}
}

// calledOff is a verdict with what the server did against the rules, and how
// often the secret was shown, if more than once.
func calledOff(r *probe.Result) string {
	words := verdict(r)
	var against *auth.ExchangeError
	if errors.As(r.Auth.Cause, &against) {
		words += ", against the rules"
	}
	if n := len(r.Auth.Refused); n > 0 {
		words += fmt.Sprintf(", %d showings", n+1)
	}
	return words
}
