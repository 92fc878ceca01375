package lab_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/lab"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

const host = "mail.example.com"

var user = lab.Account{Address: "me@example.com", Password: "correct horse", Token: "ya29.token"}

func endpoint(p settings.Protocol, s settings.Security) settings.Endpoint {
	return settings.Endpoint{Protocol: p, Host: host, Port: settings.DefaultPort(p, s), Security: s}
}

// encrypted lists an endpoint of each protocol with each way to TLS.
func encrypted() []settings.Endpoint {
	var list []settings.Endpoint
	for _, p := range settings.Protocols() {
		list = append(list, endpoint(p, settings.TLS), endpoint(p, settings.StartTLS))
	}
	return list
}

func start(t *testing.T, servers ...lab.Server) *lab.Lab {
	t.Helper()
	l, err := lab.Start(t.Context(), lab.Options{Servers: servers, Accounts: []lab.Account{user}, Slow: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// A client speaks lines with one server of a lab.
type client struct {
	t *testing.T
	e settings.Endpoint
	net.Conn
	br *bufio.Reader
}

func dial(t *testing.T, l *lab.Lab, e settings.Endpoint) *client {
	t.Helper()
	conn, err := net.Dial("tcp", l.Address(e))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &client{t: t, e: e, Conn: conn, br: bufio.NewReader(conn)}
}

func (c *client) send(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c, text+"\r\n"); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) line() string {
	c.t.Helper()
	line, err := c.br.ReadString('\n')
	if err != nil {
		c.t.Fatalf("got %q, %v\nwant a line", line, err)
	}
	return strings.TrimRight(line, "\r\n")
}

// want reads one line and checks how it begins.
func (c *client) want(prefix string) string {
	c.t.Helper()
	got := c.line()
	if !strings.HasPrefix(got, prefix) {
		c.t.Fatalf("got  %q\nwant %q...", got, prefix)
	}
	return got
}

// until reads lines up to one that begins with prefix, and returns all.
func (c *client) until(prefix string) string {
	c.t.Helper()
	var all []string
	for {
		line := c.line()
		all = append(all, line)
		if strings.HasPrefix(line, prefix) {
			return strings.Join(all, "\n")
		}
	}
}

// tls makes the handshake, without judging the certificate.
func (c *client) tls() error {
	secure := tls.Client(c.Conn, &tls.Config{ServerName: c.e.Host, InsecureSkipVerify: true})
	if err := secure.Handshake(); err != nil {
		return err
	}
	c.Conn, c.br = secure, bufio.NewReader(secure)
	return nil
}

var startTLSCommand = map[settings.Protocol][2]string{
	settings.IMAP: {"s STARTTLS", "s OK"},
	settings.POP3: {"STLS", "+OK"},
	settings.SMTP: {"STARTTLS", "220 "},
}

// secure gets an encrypted connection, past the greeting.
func secure(t *testing.T, l *lab.Lab, e settings.Endpoint) *client {
	t.Helper()
	c := dial(t, l, e)
	if e.Security == settings.StartTLS {
		c.line()
		words := startTLSCommand[e.Protocol]
		c.send(words[0])
		c.want(words[1])
	}
	if err := c.tls(); err != nil {
		t.Fatal(err)
	}
	if e.Security == settings.TLS {
		c.line()
	}
	return c
}

func TestOverridesAndFlagsLeadToTheLab(t *testing.T) {
	list := []settings.Endpoint{
		endpoint(settings.IMAP, settings.TLS),
		{Protocol: settings.SMTP, Host: "2001:db8::1", Port: 587, Security: settings.StartTLS},
	}
	l := start(t, lab.Servers(list...)...)
	rules := l.Overrides().ConnectTo
	flags := l.Flags("ca.pem")
	if got, want := strings.Join(flags[:2], " "), "--cacert ca.pem"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for i, e := range list {
		want := probe.ConnectRule{Host: e.Host, Port: e.Port, ToHost: "127.0.0.1", ToPort: rules[i].ToPort}
		if got := rules[i]; got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		got, err := probe.ParseConnectTo(flags[3+2*i])
		if err != nil || got != want {
			t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
		}
		conn, err := net.Dial("tcp", l.Address(e))
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
	}
}

func TestServersTakesTheFirstOfEachAddress(t *testing.T) {
	twice := []settings.Endpoint{endpoint(settings.IMAP, settings.StartTLS), endpoint(settings.IMAP, settings.Plain)}
	got := lab.Servers(twice...)
	if len(got) != 1 || got[0].Endpoint != twice[0] {
		t.Errorf("got  %+v\nwant %+v alone", got, twice[0])
	}
}

func TestStartRefuses(t *testing.T) {
	imaps, smtps := endpoint(settings.IMAP, settings.TLS), endpoint(settings.SMTP, settings.TLS)
	rows := []struct {
		name    string
		servers []lab.Server
	}{
		{"an address twice", []lab.Server{{Endpoint: imaps}, {Endpoint: imaps}}},
		{"a fault that does not fit", []lab.Server{{Endpoint: smtps, Fault: lab.NotConnected}}},
		{"an unknown fault", []lab.Server{{Endpoint: smtps, Fault: "gremlins"}}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if l, err := lab.Start(t.Context(), lab.Options{Servers: row.servers}); err == nil {
				l.Close()
				t.Error("got no error\nwant one")
			}
		})
	}
}

func TestStringListsTheServers(t *testing.T) {
	e := endpoint(settings.IMAP, settings.TLS)
	l := start(t, lab.Server{Endpoint: e, Fault: lab.Expired})
	if got, want := l.String(), "imaps://mail.example.com:993 at "+l.Address(e)+": the certificate has expired\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := l.Address(endpoint(settings.POP3, settings.TLS)); got != "" {
		t.Errorf("got  %q for a stranger\nwant nothing", got)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	before := runtime.NumGoroutine()
	l, err := lab.Start(t.Context(), lab.Options{Servers: lab.Servers(encrypted()...), Accounts: []lab.Account{user}})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range encrypted() {
		secure(t, l, e)
		dial(t, l, e)
	}
	idle := secure(t, l, endpoint(settings.IMAP, settings.TLS))
	idle.send(`a LOGIN me "correct horse"`)
	idle.until("a OK")
	idle.send("b EXAMINE INBOX")
	idle.until("b OK")
	idle.send("c IDLE")
	idle.want("+ ")
	l.Close()
	l.Close()
	if _, err := idle.br.ReadByte(); err == nil {
		t.Error("got a byte after Close\nwant an end")
	}
	for deadline := time.Now().Add(30 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("got  %d goroutines\nwant %d", runtime.NumGoroutine(), before)
		}
	}
	if conn, err := net.Dial("tcp", l.Address(endpoint(settings.IMAP, settings.TLS))); err == nil {
		conn.Close()
		t.Error("got a connection after Close\nwant it refused")
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	e := endpoint(settings.IMAP, settings.TLS)
	l := start(t, lab.Server{Endpoint: e, Fault: lab.Silent})
	const limit = 256
	for range limit {
		dial(t, l, e)
	}
	if b, err := io.ReadAll(dial(t, l, e)); len(b) > 0 || err != nil {
		t.Errorf("got  %q, %v\nwant the connection over the limit closed", b, err)
	}
	if got, want := l.Total().Connections, limit+1; got != want {
		t.Errorf("got  %d\nwant %d", got, want)
	}
}

func TestManyClientsAtOnce(t *testing.T) {
	l := start(t, lab.Servers(encrypted()...)...)
	t.Run("clients", func(t *testing.T) {
		for i := range 48 {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				e := encrypted()[i%6]
				c := open(t, l, e)
				signInPlain(c)
				c.want(map[settings.Protocol]string{settings.IMAP: "a OK", settings.POP3: "+OK", settings.SMTP: "235 "}[e.Protocol])
			})
		}
	})
	if got, want := l.Total(), (lab.Tally{Connections: 48, Accepted: 48}); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestContextEndsTheLab(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	e := endpoint(settings.IMAP, settings.TLS)
	l, err := lab.Start(ctx, lab.Options{Servers: lab.Servers(e)})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := dial(t, l, e)
	cancel()
	if n, err := io.Copy(io.Discard, c); n != 0 {
		t.Errorf("got %d bytes, %v\nwant an end", n, err)
	}
}

func BenchmarkStart(b *testing.B) {
	var list []settings.Endpoint
	for _, name := range []string{"a.example", "b.example", "c.example", "d.example"} {
		for _, e := range encrypted() {
			e.Host = name
			list = append(list, e)
		}
	}
	for b.Loop() {
		l, err := lab.Start(b.Context(), lab.Options{Servers: lab.Servers(list...), Accounts: []lab.Account{user}})
		if err != nil {
			b.Fatal(err)
		}
		l.Close()
	}
}
