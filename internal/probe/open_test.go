package probe_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"testing"
	"time"

	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/probe/imap"
	"mailprobe/internal/probe/pop3"
	"mailprobe/internal/probe/smtp"
	"mailprobe/internal/settings"
)

// openers lead to where TLS begins.
var openers = map[settings.Protocol]func(context.Context, settings.Endpoint, probe.Options) (net.Conn, error){
	settings.IMAP: imap.Open,
	settings.POP3: pop3.Open,
	settings.SMTP: smtp.Open,
}

func openScript(t *testing.T, p settings.Protocol, security settings.Security, text string) (*script.Server, net.Conn, error) {
	t.Helper()
	s := script.Start(t, script.Options{}, text)
	loopback := netip.MustParseAddr("127.0.0.1")
	e := settings.Endpoint{Protocol: p, Host: "localhost", Port: s.Port(), Security: security}
	opt := withPassword()
	opt.Address, opt.Timeouts = &loopback, probe.Timeouts{Phase: 500 * time.Millisecond, Silence: 50 * time.Millisecond}
	conn, err := openers[p](t.Context(), e, opt)
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
		{"POP3, not offered", settings.POP3, "S: +OK hello\nC: CAPA\nS: +OK\nS: USER\nS: .", "not_offered"},
		{"POP3, refused", settings.POP3, "S: +OK hello\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: -ERR not now", "STLS -ERR"},
		{"POP3, more behind the consent", settings.POP3, "S: +OK hello\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS-raw: +OK go\\r\\n+OK in\\r\\n", "injected"},
		{"POP3, another protocol", settings.POP3, "S: * OK hello", "wrong_protocol imap"},
		{"SMTP, not offered", settings.SMTP, "S: 220 mx\nC: EHLO\nS: 250 mx", "not_offered"},
		{"SMTP, refused", settings.SMTP, "S: 220 mx\nC: EHLO\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 not now", "STARTTLS 454"},
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

// A port where nobody listens is no connection, whatever the protocol.
func TestOpenRefused(t *testing.T) {
	for p, open := range openers {
		e := settings.Endpoint{Protocol: p, Host: "localhost", Port: 1, Security: settings.TLS}
		loopback := netip.MustParseAddr("127.0.0.1")
		if conn, err := open(t.Context(), e, probe.Options{Address: &loopback}); err == nil {
			conn.Close()
			t.Errorf("%s: got  a connection\nwant none", p)
		}
	}
}

// A watchedConn remembers the last deadline that it was given.
type watchedConn struct {
	net.Conn
	deadline time.Time
}

func (c *watchedConn) SetDeadline(t time.Time) error {
	c.deadline = t
	return c.Conn.SetDeadline(t)
}

// A watchedDialer remembers its connection.
type watchedDialer struct{ conn *watchedConn }

func (d *watchedDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	d.conn = &watchedConn{Conn: conn}
	return d.conn, err
}

// The time of the phase in which a connection was opened does not bound what
// its new owner does with it.
func TestOpenLeavesNoDeadline(t *testing.T) {
	s := script.Start(t, script.Options{}, "TLS\nS: 220 mx")
	loopback, dialer := netip.MustParseAddr("127.0.0.1"), new(watchedDialer)
	e := settings.Endpoint{Protocol: settings.SMTP, Host: "localhost", Port: s.Port(), Security: settings.TLS}
	conn, err := smtp.Open(t.Context(), e, probe.Options{Address: &loopback, Dialer: dialer})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := dialer.conn.deadline; !got.IsZero() {
		t.Errorf("got  a deadline, %v\nwant none", got)
	}
}
