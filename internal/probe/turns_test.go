package probe_test

import (
	"cmp"
	"context"
	"net"
	"strings"
	"sync"
	"testing"

	"mailprobe/internal/lab"
	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// A countingDialer makes connections whose flights are counted.
type countingDialer struct {
	mu      sync.Mutex
	flights int
}

func (d *countingDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &countedConn{Conn: conn, dialer: d, sent: true}, nil
}

func (d *countingDialer) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.flights
}

// A countedConn counts a flight each time that this side has sent something
// and then gets an answer. The end of the TCP handshake counts as sent: a
// server that speaks first waits for it.
type countedConn struct {
	net.Conn
	dialer *countingDialer
	sent   bool // guarded by dialer.mu
}

func (c *countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.dialer.mu.Lock()
	defer c.dialer.mu.Unlock()
	if n > 0 && c.sent {
		c.sent = false
		c.dialer.flights++
	}
	return n, err
}

func (c *countedConn) Write(p []byte) (int, error) {
	c.dialer.mu.Lock()
	c.sent = true
	c.dialer.mu.Unlock()
	return c.Conn.Write(p)
}

// TestRoundTrips holds the dialogues to the least that the standards allow,
// from the SYN to the verdict on the sign-in, with TLS 1.3. Access costs nothing
// more where it may leave with the sign-in, and otherwise one.
func TestRoundTrips(t *testing.T) {
	long := strings.Repeat("x", 2000)
	rows := []struct {
		name string
		e    settings.Endpoint
		opt  probe.Options
		mech string
		want int
		last string // the phase that is counted up to; empty: sign-in
	}{
		{"IMAPS", at(settings.IMAP, settings.TLS), withPassword(), "", 4, ""},
		{"IMAPS, bare greeting", bare(settings.IMAP, settings.TLS), withPassword(), "", 5, ""},
		{"IMAPS, LOGIN command", at(settings.IMAP, settings.TLS), withPassword(), "IMAP LOGIN", 4, ""},
		{"POP3S", at(settings.POP3, settings.TLS), withPassword(), "", 5, ""},
		{"POP3S, USER and PASS in one flight", at(settings.POP3, settings.TLS), withPassword(), "USER/PASS", 5, ""},
		{"SMTPS", at(settings.SMTP, settings.TLS), withPassword(), "", 5, ""},
		{"IMAP with STARTTLS", at(settings.IMAP, settings.StartTLS), withPassword(), "", 6, ""},
		{"POP3 with STLS", at(settings.POP3, settings.StartTLS), withPassword(), "", 7, ""},
		{"SMTP with STARTTLS", at(settings.SMTP, settings.StartTLS), withPassword(), "", 7, ""},
		{"IMAPS with a token", at(settings.IMAP, settings.TLS), withToken(long), "", 4, ""},
		{"POP3S with a long token", at(settings.POP3, settings.TLS), withToken(long), "", 6, ""},
		{"SMTPS with a long token", at(settings.SMTP, settings.TLS), withToken(long), "", 6, ""},
		{"SMTPS with LOGIN", at(settings.SMTP, settings.TLS), withPassword(), "LOGIN", 7, ""},
		{"IMAPS with access", at(settings.IMAP, settings.TLS), withPassword(), "", 4, probe.Access},
		{"IMAPS with access, LOGIN command", at(settings.IMAP, settings.TLS), withPassword(), "IMAP LOGIN", 4, probe.Access},
		{"IMAPS with access, by a token", at(settings.IMAP, settings.TLS), withToken(long), "", 5, probe.Access},
		{"POP3S with access", at(settings.POP3, settings.TLS), withPassword(), "", 5, probe.Access},
		{"POP3S with access, USER and PASS", at(settings.POP3, settings.TLS), withPassword(), "USER/PASS", 5, probe.Access},
		{"SMTPS with access", at(settings.SMTP, settings.TLS), withPassword(), "", 6, probe.Access},
		{"SMTPS with access, accepted elsewhere", at(settings.SMTP, settings.TLS), proven(withPassword()), "", 5, probe.Access},
		{"IMAP with STARTTLS and access", at(settings.IMAP, settings.StartTLS), withPassword(), "", 6, probe.Access},
		{"POP3 with STLS and access", at(settings.POP3, settings.StartTLS), withPassword(), "", 7, probe.Access},
		{"SMTP with STARTTLS and access", at(settings.SMTP, settings.StartTLS), withPassword(), "", 8, probe.Access},
		{"SMTP with STARTTLS and access, accepted elsewhere", at(settings.SMTP, settings.StartTLS), proven(withPassword()), "", 7, probe.Access},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			dialer, got := new(countingDialer), 0
			row.opt.Dialer, row.opt.Mechanism = dialer, row.mech
			row.opt.Progress = func(_ settings.Endpoint, s probe.Step) {
				if s.Phase == cmp.Or(row.last, probe.SignIn) {
					got = 1 + dialer.count()
				}
			}
			l, err := lab.Start(t.Context(), lab.Options{
				Servers:  []lab.Server{{Endpoint: row.e}},
				Accounts: []lab.Account{{Address: user, Password: password, Token: long}},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			r := probeLab(t, l, row.e, row.opt)
			if r.Auth.Status != probe.AuthAccepted {
				t.Fatalf("got  %+v\nwant it accepted\n%s", r.Auth, transcript(r))
			}
			if got != row.want {
				t.Errorf("got  %d\nwant %d\n%s", got, row.want, transcript(r))
			}
		})
	}
}

// bare is an endpoint of a provider that greets without capabilities.
func bare(p settings.Protocol, s settings.Security) settings.Endpoint {
	e := at(p, s)
	e.Host = "imap.gmail.com"
	return e
}

// TestRoundTripsAtDovecot counts those of a real server: SCRAM costs two more
// than PLAIN, and then access one.
func TestRoundTripsAtDovecot(t *testing.T) {
	d := realserver.Dovecot(t, realserver.DovecotOptions{
		Accounts:   []realserver.Account{{User: user, Password: password}},
		Mechanisms: []string{"PLAIN", "SCRAM-SHA-256"},
	})
	for _, row := range []struct {
		protocol settings.Protocol
		mech     string
		want     int // up to the end of access
	}{
		{settings.IMAP, "", 4},
		{settings.IMAP, "SCRAM-SHA-256", 7},
		{settings.POP3, "", 5},
		{settings.POP3, "SCRAM-SHA-256", 8},
	} {
		dialer, opt := new(countingDialer), withPassword()
		opt.Dialer, opt.Mechanism, opt.TLS.System = dialer, row.mech, d.CAPool()
		got := 0
		opt.Progress = func(_ settings.Endpoint, s probe.Step) {
			if s.Phase == probe.Access {
				got = 1 + dialer.count()
			}
		}
		r := dialogues[row.protocol](d.Endpoint(row.protocol, settings.TLS), opt).Probe(t.Context())
		if got != row.want || r.Step(probe.Access).Status != probe.OK {
			t.Errorf("%s %s\ngot  %d, %v\nwant %d", row.protocol, row.mech, got, r.FailedStep(), row.want)
		}
	}
}
