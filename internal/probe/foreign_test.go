package probe_test

import (
	"context"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// Sendmail's greet_pause, Exim's delay and nginx's smtp_greeting_delay refuse
// all commands of a client that speaks before the greeting. nginx does it by
// 503, which begins no greeting.
func TestServersThatHoldTheirGreetingBack(t *testing.T) {
	const late = "pause 300ms\n"
	const tls = "TLS\nC: EHLO\nS: 250-mx\nS: 250 AUTH PLAIN\n" + smtpIn
	greeting := late + "S: 220 mx\nC: EHLO\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\n" + tls
	patient := script.Start(t, script.Options{}, greeting)
	opt := withPassword()
	opt.Dialer = &thenTo{first: patient.Address(), other: nginxRefusal(t)}
	r := play(t, patient, settings.SMTP, settings.StartTLS, opt)
	patient.Close()
	if got, want := summary(r), "ok ok - ok ok ok ok ok ok"; got != want {
		t.Errorf("got  %s\nwant %s\n%s", got, want, transcript(r))
	}
	if got, want := r.Step(probe.Greeting).Note, "slow to greet"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := patient.Received(); !strings.HasPrefix(got, "EHLO ") {
		t.Errorf("got  %.40q before the greeting\nwant nothing", got)
	}
}

// nginx that cannot reach the server behind it says so without a tag.
func TestUntaggedLastWord(t *testing.T) {
	s := script.Start(t, script.Options{}, "TLS\nS: * OK IMAP4 ready\nC: * CAPABILITY\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN\nS: $tag OK completed\nC: * AUTHENTICATE PLAIN\nS: + \nC: AG\nS: * BAD internal server error\nclose")
	r := play(t, s, settings.IMAP, settings.TLS, withPassword())
	if got, want := r.Auth.Status, probe.AuthUnknown; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := r.Auth.Reason, "internal server error"; !strings.Contains(got, want) {
		t.Errorf("got  %q\nwant %q in it", got, want)
	}
}

// nginxRefusal is the address of a server that answers whatever is said to it
// as nginx does where the greeting was not awaited.
func nginxRefusal(t *testing.T) string {
	t.Helper()
	s := script.Start(t, script.Options{}, "pause 150ms\nS: 503 5.5.0 Improper use of SMTP command pipelining\nclose")
	return s.Address()
}

// A thenTo dials one address first and another one ever after.
type thenTo struct {
	first, other string
	dialled      atomic.Bool
}

func (d *thenTo) DialContext(ctx context.Context, network, _ string) (net.Conn, error) {
	to := d.first
	if d.dialled.Swap(true) {
		to = d.other
	}
	return new(net.Dialer).DialContext(ctx, network, to)
}
