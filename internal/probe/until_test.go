package probe_test

import (
	"net"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

const untilCapabilities = "TLS\nS: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\n"

// TestUntil: a dialogue takes leave after the last phase that was asked for.
func TestUntil(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ until, script, want string }{
		{probe.Connect, "silence", "ok ok - - - - - - -"},
		{probe.TLS, "TLS\nsilence", "ok ok ok - - - - - -"},
		{probe.Capabilities, untilCapabilities + "C: * LOGOUT", "ok ok ok ok - ok - - ok"},
	} {
		t.Run(row.until, func(t *testing.T) {
			t.Parallel()
			s := script.Start(t, script.Options{}, row.script)
			r := play(t, s, settings.IMAP, settings.TLS, probe.Options{Until: row.until})
			s.Close()
			if got := summary(r); got != row.want {
				t.Errorf("got  %s\nwant %s\n%s", got, row.want, transcript(r))
			}
		})
	}
}

// TestEnough: what waits before the sign-in is given up, as if its time were
// over; a sign-in is not, nor is what has come further than was thought.
func TestEnough(t *testing.T) {
	t.Parallel()
	const signIn = "C: * AUTHENTICATE PLAIN\nS: + \nC: A\npause 300ms\nS: $tag OK in\nC: * EXAMINE\nS: * 0 EXISTS\nS: $tag OK\nC: * LOGOUT"
	const late = "TLS\npause 300ms\nS: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\n" + signIn
	for _, row := range []struct{ name, after, phase, script, want string }{
		{"before the handshake", probe.Connect, probe.TLS, "silence", "ok ok FAILED - - - - - -; handshake timeout"},
		{"before the greeting", probe.TLS, probe.Greeting, "TLS\nsilence", "ok ok ok FAILED - - - - -; silent"},
		{"the handshake, when the greeting is waited for", probe.TLS, probe.TLS, late, "ok ok ok ok - ok ok ok ok"},
		{"in the sign-in", probe.Capabilities, probe.SignIn, untilCapabilities + signIn, "ok ok ok ok - ok ok ok ok"},
		{"the capabilities, in the sign-in", probe.Capabilities, probe.Capabilities, untilCapabilities + signIn, "ok ok ok ok - ok ok ok ok"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var giveUp func(string)
			opt := probe.Options{Enough: func(how func(string)) { giveUp = how }, Dialer: new(net.Dialer), Username: user,
				Credential: auth.NewCredential(auth.Password, auth.NewSecret(password))}
			opt.Progress = func(_ settings.Endpoint, s probe.Step) {
				if s.Phase == row.after {
					time.AfterFunc(100*time.Millisecond, func() { giveUp(row.phase) })
				}
			}
			s := script.Start(t, script.Options{}, row.script)
			began := time.Now()
			r := play(t, s, settings.IMAP, settings.TLS, opt)
			s.Close()
			if got := summary(r); got != row.want {
				t.Errorf("got  %s\nwant %s\n%s", got, row.want, transcript(r))
			}
			if f := r.FailedStep(); f != nil && (time.Since(began) > 30*time.Second || f.Limit > 30*time.Second || probe.CutShort(f.Err)) {
				t.Errorf("got  %s, limit %s, %v\nwant what was waited, and no end of the run", time.Since(began), f.Limit, f.Err)
			}
		})
	}
}
