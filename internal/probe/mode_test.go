package probe_test

import (
	"errors"
	"syscall"
	"testing"

	"mailprobe/internal/lab"
	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

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
			r := probeLab(t, l, e, withPassword())
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
