package probe_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/diagnose"
	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/probe/imap"
	"mailprobe/internal/probe/pop3"
	"mailprobe/internal/probe/smtp"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

const (
	user     = "me@example.com"
	password = "correct horse battery"
)

// A row is one script of a server behind TLS and what a probe of it comes to.
type row struct {
	name, script string
	want         string // as summary writes it
}

// dialogues are those under test.
var dialogues = map[settings.Protocol]func(settings.Endpoint, probe.Options) *probe.Dialogue{
	settings.IMAP: imap.New,
	settings.POP3: pop3.New,
	settings.SMTP: smtp.New,
}

// TestMain lets more tests run at once than there are processors: their
// servers are slow or silent on purpose, and nearly all the time is a wait.
// Fuzzing, it spends no time on making short what is merely interesting.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{"test.parallel": "8", "test.fuzzminimizetime": "50x"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// testFile plays each dialogue of a file, and of more that is too long for
// one, to a probe that has a password to show. In every dialogue that ends
// before the sign-in no form of it may have been sent.
func testFile(t *testing.T, file string, more ...row) {
	t.Helper()
	t.Parallel()
	dialogues, err := script.Read("../../testdata/dialogues/" + file)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range more {
		protocol, _, _ := strings.Cut(file, "-")
		dialogues = append(dialogues, script.Dialogue{Name: row.name, Protocol: protocol, Security: "tls", Script: row.script, Steps: row.want, Password: script.Password})
	}
	for _, d := range dialogues {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			s := script.Start(t, script.Options{}, d.Script)
			opt := asWritten(d)
			r := play(t, s, settings.Protocol(d.Protocol), settings.Security(d.Security), opt)
			s.Close()
			if got := summary(r); got != d.Steps {
				t.Errorf("got  %s\nwant %s\n%s", got, d.Steps, transcript(r))
			}
			if d.Password == script.Password && d.Token == "" {
				wantNoLeak(t, s, r)
			}
		})
	}
}

// asWritten is what a dialogue is played with.
func asWritten(d script.Dialogue) probe.Options {
	kind, secret := auth.Password, d.Password
	if d.Token != "" {
		kind, secret = auth.Token, d.Token
	}
	return probe.Options{
		Username: user, Credential: auth.NewCredential(kind, auth.NewSecret(secret)), Mechanism: d.Auth,
		Unjudged: func(e settings.Endpoint, a probe.Auth) bool { return diagnose.WayRefused(e, a, nil) },
	}
}

func withPassword() probe.Options {
	return probe.Options{Username: user, Credential: auth.NewCredential(auth.Password, auth.NewSecret(password))}
}

func withToken(token string) probe.Options {
	return probe.Options{Username: user, Credential: auth.NewCredential(auth.Token, auth.NewSecret(token))}
}

// patient is time enough on the busiest computer. What a script leaves silent
// ends sooner: its server tells.
var patient = probe.Timeouts{Phase: time.Minute, SignIn: time.Minute, Silence: 50 * time.Millisecond}

// play probes a scripted server.
func play(t *testing.T, s *script.Server, p settings.Protocol, security settings.Security, opt probe.Options) *probe.Result {
	t.Helper()
	loopback := netip.MustParseAddr("127.0.0.1")
	opt.Address = &loopback
	opt.TLS = tlscheck.Config{System: s.CA().Pool()}
	opt.Transcript = true
	opt.Timeouts = patient
	if opt.Dialer == nil {
		opt.Dialer = s
	}
	e := settings.Endpoint{Protocol: p, Host: "localhost", Port: s.Port(), Security: security}
	return dialogues[p](e, opt).Probe(t.Context())
}

// summary writes what became of the nine phases in one line: "ok", "-" for
// skipped and "FAILED", and behind a semicolon why the first one failed.
func summary(r *probe.Result) string {
	words := make([]string, 0, 9)
	for _, s := range r.Steps {
		word := map[probe.Status]string{probe.OK: "ok", probe.Skipped: "-", probe.Failed: "FAILED"}[s.Status]
		words = append(words, word)
	}
	text := strings.Join(words, " ")
	if f := r.FailedStep(); f != nil {
		text += "; " + why(f.Err)
	}
	return text
}

// why names an error as shortly as its type allows.
func why(err error) string {
	var refused *probe.ReplyError
	var protocol *probe.ProtocolError
	var handshake *tlscheck.HandshakeError
	var exchange *auth.ExchangeError
	switch {
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.As(err, &protocol) && protocol.Speaks != "":
		return string(protocol.Fault) + " " + protocol.Speaks
	case protocol != nil:
		return string(protocol.Fault)
	case errors.As(err, &exchange):
		return "exchange"
	case errors.As(err, &refused):
		return strings.TrimSpace(refused.Command + " " + refused.Reply.Received().Status)
	case errors.As(err, &handshake) && (handshake.Failure == tlscheck.Closed || handshake.Failure == tlscheck.Reset):
		return "handshake cut" // which of the two depends on what was still unread
	case handshake != nil:
		return "handshake " + string(handshake.Failure)
	}
	return fmt.Sprintf("%T", err)
}

// wantNoLeak checks that no form of the password is in the Result, and none
// was sent unless the Result says so.
func wantNoLeak(t *testing.T, s *script.Server, r *probe.Result) {
	t.Helper()
	if text := everything(r); leaks(text) {
		t.Errorf("got  the secret in the result\n%s", text)
	}
	if leaks(s.Received()) && !r.SecretSent {
		t.Errorf("got  the secret sent\nwant SecretSent to say so\n%s", transcript(r))
	}
}

// leaks reports whether text holds any form of the password.
func leaks(text string) bool {
	scrubber := auth.NewScrubber(auth.NewCredential(auth.Password, auth.NewSecret(password)))
	for _, line := range strings.Split(text, "\n") {
		if scrubber.Scrub(line) != line {
			return true
		}
	}
	return false
}

// everything is all text of a Result, with that of every error in it.
func everything(r *probe.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%+v\n%#v\n%#v\n%s", *r, r.Auth.Reply, r.AccessReply, transcript(r))
	for _, s := range r.Steps {
		for err := s.Err; err != nil; err = errors.Unwrap(err) {
			fmt.Fprintf(&b, "\n%v\n%+v", err, err)
			var p *probe.ProtocolError
			if errors.As(err, &p) {
				fmt.Fprintf(&b, "\n%+v", *p)
			}
		}
	}
	return b.String()
}

func transcript(r *probe.Result) string {
	var b strings.Builder
	for _, l := range r.Transcript {
		fmt.Fprintf(&b, "%s %.200q\n", map[bool]string{true: "C:", false: "S:"}[l.Sent], l.Text)
	}
	return b.String()
}
