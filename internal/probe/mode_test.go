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

func TestPortsThatSpeakOtherwise(t *testing.T) { testFile(t, "modes.txt") }

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
			opt.Timeouts.Phase = 4 * time.Second // much longer than the greeting takes, also on a busy computer
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
