package realserver_test

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/xdg-go/scram"

	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/settings"
)

// A client is a plain client of one of the three protocols. It shares no code
// with the probes that the servers are there to test.
type client struct {
	*textproto.Conn
	t        testing.TB
	protocol settings.Protocol
	banner   []string
}

// dial opens a connection to e and protects it as e says.
func dial(t testing.TB, s *realserver.Server, e settings.Endpoint, certificates ...tls.Certificate) *client {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", e.Address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	config := &tls.Config{RootCAs: s.CAPool(), ServerName: e.Host, Certificates: certificates}
	if e.Security == settings.TLS {
		conn = tls.Client(conn, config)
	}
	c := &client{Conn: textproto.NewConn(conn), t: t, protocol: e.Protocol}
	c.banner = c.reply("")
	if e.Security == settings.StartTLS {
		c.command(map[settings.Protocol]string{
			settings.IMAP: "STARTTLS", settings.POP3: "STLS", settings.SMTP: "STARTTLS"}[e.Protocol])
		c.Conn = textproto.NewConn(tls.Client(conn, config))
	}
	return c
}

// command sends one command after a greeting where the protocol needs one,
// and returns the last line of the reply.
func (c *client) command(line string) string {
	c.t.Helper()
	if c.protocol == settings.SMTP {
		c.send("EHLO client.test")
	}
	reply := c.send(line)
	return reply[len(reply)-1]
}

func (c *client) send(line string) []string {
	c.t.Helper()
	tag := ""
	if c.protocol == settings.IMAP {
		tag = "A "
	}
	if err := c.PrintfLine("%s%s", tag, line); err != nil {
		c.t.Fatal(err)
	}
	return c.reply(tag)
}

// reply reads up to the last line of one reply; tag is how IMAP's begins.
func (c *client) reply(tag string) []string {
	c.t.Helper()
	for lines := []string(nil); ; {
		line, err := c.ReadLine()
		if err != nil {
			c.t.Fatalf("after %q: %v", lines, err)
		}
		lines = append(lines, line)
		more := c.protocol == settings.IMAP && !strings.HasPrefix(line, tag) && !strings.HasPrefix(line, "+") ||
			c.protocol == settings.SMTP && len(line) > 3 && line[3] == '-'
		if !more {
			return lines
		}
	}
}

// signIn runs one SASL exchange and reports whether the server accepted it,
// with its last line.
func (c *client) signIn(mechanism sasl.Client) (bool, string) {
	c.t.Helper()
	name, initial, err := mechanism.Start()
	if err != nil {
		c.t.Fatal(err)
	}
	verb := map[settings.Protocol]string{
		settings.IMAP: "AUTHENTICATE", settings.POP3: "AUTH", settings.SMTP: "AUTH"}[c.protocol]
	line := c.command(verb + " " + name)
	for step := 0; strings.HasPrefix(line, "+ ") || line == "+" || strings.HasPrefix(line, "334"); step++ {
		response := initial
		if step > 0 || initial == nil {
			_, encoded, _ := strings.Cut(line, " ")
			challenge, _ := base64.StdEncoding.DecodeString(encoded)
			// A refused token is told in a challenge that wants any answer.
			if response, err = mechanism.Next(challenge); err != nil {
				response = []byte{1}
			}
		}
		if err := c.PrintfLine("%s", base64.StdEncoding.EncodeToString(response)); err != nil {
			c.t.Fatal(err)
		}
		lines := c.reply("A ")
		line = lines[len(lines)-1]
	}
	accepted := strings.HasPrefix(line, "A OK") || strings.HasPrefix(line, "+OK") || strings.HasPrefix(line, "235")
	return accepted, line
}

// xoauth2 is Google's mechanism, which go-sasl has no client for.
type xoauth2 struct{ user, token string }

func (x xoauth2) Start() (string, []byte, error) {
	return "XOAUTH2", fmt.Appendf(nil, "user=%s\x01auth=Bearer %s\x01\x01", x.user, x.token), nil
}

func (x xoauth2) Next([]byte) ([]byte, error) { return nil, nil }

// scramClient is SCRAM-SHA-256 (RFC 7677).
type scramClient struct{ conversation *scram.ClientConversation }

func newScram(t testing.TB, a realserver.Account) scramClient {
	t.Helper()
	c, err := scram.SHA256.NewClient(a.User, a.Password, "")
	if err != nil {
		t.Fatal(err)
	}
	return scramClient{c.NewConversation()}
}

func (s scramClient) Start() (string, []byte, error) {
	first, err := s.conversation.Step("")
	return "SCRAM-SHA-256", []byte(first), err
}

func (s scramClient) Next(challenge []byte) ([]byte, error) {
	next, err := s.conversation.Step(string(bytes.TrimSpace(challenge)))
	return []byte(next), err
}
