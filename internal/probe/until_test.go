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
// over; a sign-in is not.
func TestEnough(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, script, want string }{
		{"before the handshake", "silence", "ok ok FAILED - - - - - -; handshake timeout"},
		{"before the greeting", "TLS\nsilence", "ok ok ok FAILED - - - - -; silent"},
		{"in the sign-in", untilCapabilities + "C: * AUTHENTICATE PLAIN\nS: + \nC: A\npause 300ms\nS: $tag OK in\nC: * EXAMINE\nS: * 0 EXISTS\nS: $tag OK\nC: * LOGOUT", "ok ok ok ok - ok ok ok ok"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			enough := make(chan struct{})
			opt := probe.Options{Enough: enough, Dialer: new(net.Dialer), Username: user,
				Credential: auth.NewCredential(auth.Password, auth.NewSecret(password))}
			last := map[string]string{"before the handshake": probe.Connect, "before the greeting": probe.TLS, "in the sign-in": probe.Capabilities}[row.name]
			opt.Progress = func(_ settings.Endpoint, s probe.Step) {
				if s.Phase == last {
					time.AfterFunc(100*time.Millisecond, func() { close(enough) })
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
