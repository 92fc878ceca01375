package probe_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/probe/smtp"
	"mailprobe/internal/settings"
)

// openScript opens a connection to a server that speaks a script, and checks
// that one that comes to nothing is closed.
func openScript(t *testing.T, p settings.Protocol, security settings.Security, text string) (*script.Server, net.Conn, error) {
	t.Helper()
	s := script.Start(t, script.Options{}, text)
	loopback, dialer := netip.MustParseAddr("127.0.0.1"), &watchedDialer{over: s}
	e := settings.Endpoint{Protocol: p, Host: "localhost", Port: s.Port(), Security: security}
	opt := withPassword()
	opt.Address, opt.Dialer = &loopback, dialer
	opt.Timeouts = patient
	conn, err := dialogues[p](e, opt).Open(t.Context())
	if got := dialer.open(); (err != nil) != (got == 0) || got > 1 {
		t.Errorf("got  %d connections open with the error %v\nwant one without an error, none with it", got, err)
	}
	return s, conn, err
}

// What is opened stands at the byte where the ClientHello goes, and nothing
// bounds it any more.
func TestOpen(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name     string
		protocol settings.Protocol
		security settings.Security
		script   string
	}{
		{"IMAPS", settings.IMAP, settings.TLS, "TLS\nS: * OK hello"},
		{"POP3S", settings.POP3, settings.TLS, "TLS\nS: +OK hello"},
		{"SMTPS", settings.SMTP, settings.TLS, "TLS\nS: 220 mx"},
		{"IMAP", settings.IMAP, settings.StartTLS, "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hello\nC: * STARTTLS\nS: $tag OK go\nTLS\nsilence"},
		{"POP3", settings.POP3, settings.StartTLS, "S: +OK hello\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: +OK go\nTLS\nsilence"},
		{"SMTP", settings.SMTP, settings.StartTLS, "S: 220 mx\nC: EHLO\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nTLS\nsilence"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s, conn, err := openScript(t, row.protocol, row.security, row.script)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			secure := tls.Client(conn, &tls.Config{RootCAs: s.CA().Pool(), ServerName: "localhost"})
			if err := secure.Handshake(); err != nil {
				t.Errorf("got  %v\nwant a handshake", err)
			}
			if leaks(s.Received()) {
				t.Error("got  the secret sent\nwant none")
			}
		})
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	starttls := settings.StartTLS
	for _, row := range []struct {
		name     string
		protocol settings.Protocol
		script   string
		want     string // as why writes it
	}{
		{"IMAP, not offered", settings.IMAP, "S: * OK hello\nC: * CAPABILITY\nS: * CAPABILITY IMAP4rev1\nS: $tag OK", "not_offered"},
		{"IMAP, refused", settings.IMAP, "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hello\nC: * STARTTLS\nS: $tag NO not now", "STARTTLS NO"},
		{"IMAP, closed", settings.IMAP, "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hello\nC: * STARTTLS\nclose", "closed"},
		{"IMAP, silent", settings.IMAP, "silence", "silent"},
		{"IMAP, no greeting", settings.IMAP, "S: * BYE busy", "BYE"},
		{"POP3, not offered", settings.POP3, "S: +OK hello\nC: CAPA\nS: +OK\nS: USER\nS: .", "not_offered"},
		{"POP3, refused", settings.POP3, "S: +OK hello\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: -ERR not now", "STLS -ERR"},
		{"POP3, closed", settings.POP3, "S: +OK hello\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nclose", "closed"},
		{"POP3, closed in a list", settings.POP3, "S: +OK hello\nC: CAPA\nS: +OK\nclose", "closed"},
		{"POP3, silent", settings.POP3, "silence", "silent"},
		{"POP3, no greeting", settings.POP3, "S: -ERR busy", "-ERR"},
		{"POP3, more behind the consent", settings.POP3, "S: +OK hello\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS-raw: +OK go\\r\\n+OK in\\r\\n", "injected"},
		{"POP3, another protocol", settings.POP3, "S: * OK hello", "wrong_protocol imap"},
		{"SMTP, not offered", settings.SMTP, "S: 220 mx\nC: EHLO\nS: 250 mx", "not_offered"},
		{"SMTP, refused", settings.SMTP, "S: 220 mx\nC: EHLO\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 not now", "STARTTLS 454"},
		{"SMTP, closed", settings.SMTP, "S: 220 mx\nC: EHLO\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nclose", "closed"},
		{"SMTP, closed in a list", settings.SMTP, "S: 220 mx\nC: EHLO\nS: 250-mx\nclose", "closed"},
		{"SMTP, more behind the consent", settings.SMTP, "S: 220 mx\nC: EHLO\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS-raw: 220 go\\r\\n250 mx\\r\\n", "injected"},
		{"SMTP, no greeting", settings.SMTP, "S: 250 mx", "250"},
		{"SMTP, silent", settings.SMTP, "silence", "silent"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s, conn, err := openScript(t, row.protocol, starttls, row.script)
			if err == nil {
				conn.Close()
				t.Fatal("got  a connection\nwant an error")
			}
			if got := why(err); got != row.want {
				t.Errorf("got  %s (%v)\nwant %s", got, err, row.want)
			}
			if leaks(s.Received()) {
				t.Error("got  the secret sent\nwant none")
			}
		})
	}
}

// A refusingDialer reaches nobody.
type refusingDialer struct{}

func (refusingDialer) DialContext(context.Context, string, string) (net.Conn, error) {
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
}

// A port where nobody listens is no connection, whatever the protocol.
func TestOpenRefused(t *testing.T) {
	loopback := netip.MustParseAddr("127.0.0.1")
	for p, with := range dialogues {
		e := settings.Endpoint{Protocol: p, Host: "localhost", Port: 993, Security: settings.TLS}
		_, err := with(e, probe.Options{Address: &loopback, Dialer: refusingDialer{}}).Open(t.Context())
		var refused *probe.ConnectError
		if !errors.As(err, &refused) || !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("%s: got  %T, %v\nwant a ConnectError for a connection that is refused", p, err, err)
		}
	}
}

// Who is called off while a server is silent leaves no connection behind.
func TestOpenCalledOff(t *testing.T) {
	t.Parallel()
	for p, with := range dialogues {
		s := script.Start(t, script.Options{}, "silence")
		loopback, dialer := netip.MustParseAddr("127.0.0.1"), &watchedDialer{over: new(net.Dialer)}
		ctx, cancel := context.WithCancel(t.Context())
		dialer.dialled = cancel
		e := settings.Endpoint{Protocol: p, Host: "localhost", Port: s.Port(), Security: settings.StartTLS}
		if _, err := with(e, probe.Options{Address: &loopback, Dialer: dialer}).Open(ctx); err == nil || dialer.open() > 0 {
			t.Errorf("%s: got  %v, %d connections open\nwant an error and none", p, err, dialer.open())
		}
	}
}

// A watchedConn remembers the last deadline that it was given, and its end.
type watchedConn struct {
	net.Conn
	deadline time.Time
	closed   atomic.Bool
}

func (c *watchedConn) SetDeadline(t time.Time) error {
	c.deadline = t
	return c.Conn.SetDeadline(t)
}

func (c *watchedConn) Close() error {
	c.closed.Store(true)
	return c.Conn.Close()
}

// A watchedDialer remembers its connections, and tells when it has one.
type watchedDialer struct {
	over    probe.Dialer
	dialled func() // nil: tells nobody

	mu    sync.Mutex
	conns []*watchedConn
}

// open counts the connections that were not closed.
func (d *watchedDialer) open() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, c := range d.conns {
		if !c.closed.Load() {
			n++
		}
	}
	return n
}

func (d *watchedDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.over.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	watched := &watchedConn{Conn: conn}
	d.mu.Lock()
	d.conns = append(d.conns, watched)
	d.mu.Unlock()
	if d.dialled != nil {
		d.dialled()
	}
	return watched, nil
}

// The time of the phase in which a connection was opened does not bound what
// its new owner does with it.
func TestOpenLeavesNoDeadline(t *testing.T) {
	s := script.Start(t, script.Options{}, "TLS\nS: 220 mx")
	loopback, dialer := netip.MustParseAddr("127.0.0.1"), &watchedDialer{over: new(net.Dialer)}
	e := settings.Endpoint{Protocol: settings.SMTP, Host: "localhost", Port: s.Port(), Security: settings.TLS}
	conn, err := smtp.New(e, probe.Options{Address: &loopback, Dialer: dialer}).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := dialer.conns[0].deadline; !got.IsZero() {
		t.Errorf("got  a deadline, %v\nwant none", got)
	}
}
