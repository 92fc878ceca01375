package probe_test

import (
	"errors"
	"syscall"
	"testing"
	"time"

	"mailprobe/internal/lab"
	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// brief is a patience that lets a silent port be found out fast.
var brief = probe.Timeouts{Phase: 700 * time.Millisecond, SignIn: 2 * time.Second, Silence: 50 * time.Millisecond}

func TestPortsThatSpeakOtherwise(t *testing.T) {
	t.Parallel()
	const late = "pause 120ms\n"
	imap, pop3, smtp := settings.IMAP, settings.POP3, settings.SMTP
	implicit, starttls := settings.TLS, settings.StartTLS
	rows := []struct {
		name     string
		protocol settings.Protocol
		security settings.Security
		script   string
		want     string
	}{
		{"IMAP in clear", imap, implicit, "S: * OK hello", "ok ok FAILED - - - - - -; speaks_clear imap"},
		{"POP3 in clear", pop3, implicit, "S: +OK hello", "ok ok FAILED - - - - - -; speaks_clear pop3"},
		{"SMTP in clear", smtp, implicit, "S: 220 mx", "ok ok FAILED - - - - - -; speaks_clear smtp"},
		{"SMTP in clear, slow", smtp, implicit, late + "S: 220 mx", "ok ok FAILED - - - - - -; speaks_clear smtp"},
		{"a short word in clear", pop3, implicit, "S-raw: +OK\nclose", "ok ok FAILED - - - - - -; speaks_clear pop3"},
		{"another mail protocol in clear", imap, implicit, "S: 220 mx", "ok ok FAILED - - - - - -; wrong_protocol smtp"},
		{"HTTP on a TLS port", imap, implicit, "S: HTTP/1.1 400 Bad Request", "ok ok FAILED - - - - - -; wrong_protocol http"},
		{"SSH on a TLS port", smtp, implicit, "S: SSH-2.0-x", "ok ok FAILED - - - - - -; wrong_protocol ssh"},
		{"nonsense on a TLS port", imap, implicit, "S: welcome", "ok ok FAILED - - - - - -; speaks_clear"},
		{"silent TLS port", imap, implicit, "silence", "ok ok FAILED - - - - - -; handshake timeout"},
		{"closed TLS port", imap, implicit, "close", "ok ok FAILED - - - - - -; handshake cut"},
		{"IMAP in TLS", imap, starttls, "TLS\nS: * OK hello", "ok ok - FAILED - - - - -; speaks_tls imap"},
		{"POP3 in TLS", pop3, starttls, "TLS\nS: +OK hello", "ok ok - FAILED - - - - -; speaks_tls pop3"},
		{"SMTP in TLS", smtp, starttls, "TLS\nS: 220 mx", "ok ok - FAILED - - - - -; speaks_tls smtp"},
		{"TLS where none was asked", imap, settings.Plain, "TLS\nS: * OK hello", "ok ok - FAILED - - - - -; speaks_tls imap"},
		{"TLS with nobody behind", imap, starttls, "TLS\nclose", "ok ok - FAILED - - - - -; speaks_tls"},
		{"an alert as answer", imap, starttls, late + "S-raw: \\x15\\x03\\x01\\x00\\x02\\x02\\x46\nsilence", "ok ok - FAILED - - - - -; speaks_tls"},
		{"an alert as greeting", imap, starttls, "S-raw: \\x15\\x03\\x01\\x00\\x02\\x02\\x46", "ok ok - FAILED - - - - -; speaks_tls"},
		{"HTTP after silence", pop3, starttls, late + "S: HTTP/1.1 400 Bad Request", "ok ok - FAILED - - - - -; wrong_protocol http"},
		{"SSH", smtp, starttls, "S: SSH-2.0-x", "ok ok - FAILED - - - - -; wrong_protocol ssh"},
		{"silent", imap, starttls, "silence", "ok ok - FAILED - - - - -; silent"},
		{"closed", imap, starttls, "close", "ok ok - FAILED - - - - -; closed"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := script.Start(t, script.Options{}, row.script)
			opt := withPassword()
			opt.Timeouts = brief
			r := play(t, s, row.protocol, row.security, opt)
			s.Close()
			if got := summary(r); got != row.want {
				t.Errorf("got  %s\nwant %s\n%s", got, row.want, transcript(r))
			}
			wantNoLeak(t, s, r)
		})
	}
}

// A server that greets late is heard out; the ClientHello went out on another
// connection.
func TestSlowGreetingIsNoFault(t *testing.T) {
	t.Parallel()
	for _, p := range settings.Protocols() {
		t.Run(string(p), func(t *testing.T) {
			t.Parallel()
			e := settings.Endpoint{Protocol: p, Host: "mail.example.com", Port: 1000, Security: settings.StartTLS}
			l := startLab(t, lab.Server{Endpoint: e, Fault: lab.SlowGreeting})
			opt := withPassword()
			opt.Timeouts = brief
			r := probeLab(t, l, e, opt)
			if got, want := summary(r), "ok ok - ok ok ok ok ok ok"; got != want {
				t.Errorf("got  %s\nwant %s\n%s", got, want, transcript(r))
			}
			if got, want := l.Total().Connections, 2; got != want {
				t.Errorf("got  %d connections\nwant %d", got, want)
			}
		})
	}
}

func TestResetIsToldFromClosing(t *testing.T) {
	s := script.Start(t, script.Options{}, "pause 50ms\nreset")
	r := play(t, s, settings.IMAP, settings.StartTLS, withPassword())
	if err := r.Step(probe.Greeting).Err; !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got  %v\nwant %v in it", err, syscall.ECONNRESET)
	}
}
