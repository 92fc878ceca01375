package lab_test

import (
	"crypto/tls"
	"net"
	"net/smtp"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
	"github.com/knadh/go-pop3"

	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
)

// TestMailArrives sends with one library and reads with the others.
func TestMailArrives(t *testing.T) {
	l := start(t, lab.Servers(encrypted()...)...)
	config := &tls.Config{RootCAs: l.CAPool(), ServerName: host}
	text := "Subject: hello\r\n\r\n.a line with a dot\r\nlast line\r\n"
	sendMail(t, l, config, text)
	if got := l.Mail("ME@example.com"); len(got) != 1 || !strings.HasSuffix(got[0], text) {
		t.Errorf("got  %q\nwant %q", got, text)
	}

	t.Run("imap", func(t *testing.T) {
		conn, err := tls.Dial("tcp", l.Address(endpoint(settings.IMAP, settings.TLS)), config)
		if err != nil {
			t.Fatal(err)
		}
		c := imapclient.New(conn, nil)
		defer c.Close()
		if err := c.Authenticate(sasl.NewPlainClient("", user.Address, user.Password)); err != nil {
			t.Fatal(err)
		}
		data, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
		if err != nil || data.NumMessages != 1 {
			t.Fatalf("got  %+v, %v\nwant one message", data, err)
		}
	})
	t.Run("pop3", func(t *testing.T) {
		p := pop3.New(pop3.Opt{Dialer: dialer(func() (net.Conn, error) {
			return tls.Dial("tcp", l.Address(endpoint(settings.POP3, settings.TLS)), config)
		})})
		c, err := p.NewConn()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Auth(user.Address, user.Password); err != nil {
			t.Fatal(err)
		}
		body, err := c.RetrRaw(1)
		if err != nil {
			t.Fatal(err)
		}
		if got := body.String(); !strings.Contains(got, ".a line with a dot") || strings.Contains(got, "..a") {
			t.Errorf("got  %q\nwant %q", got, text)
		}
		c.Quit()
	})
}

type dialer func() (net.Conn, error)

func (d dialer) Dial(_, _ string) (net.Conn, error) { return d() }

func sendMail(t *testing.T, l *lab.Lab, config *tls.Config, text string) {
	t.Helper()
	conn, err := net.Dial("tcp", l.Address(endpoint(settings.SMTP, settings.StartTLS)))
	if err != nil {
		t.Fatal(err)
	}
	c, err := gosmtp.NewClientStartTLS(conn, config)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Auth(sasl.NewPlainClient("", user.Address, user.Password)); err != nil {
		t.Fatal(err)
	}
	if err := c.SendMail(user.Address, []string{user.Address}, strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	if err := c.Rcpt("stranger@example.net", nil); err == nil {
		t.Error("got mail for a stranger accepted\nwant it refused")
	}
}

func TestStandardSMTPClientSignsIn(t *testing.T) {
	e := endpoint(settings.SMTP, settings.TLS)
	l := start(t, lab.Server{Endpoint: e})
	conn, err := tls.Dial("tcp", l.Address(e), &tls.Config{RootCAs: l.CAPool(), ServerName: host})
	if err != nil {
		t.Fatal(err)
	}
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Auth(smtp.PlainAuth("", user.Address, user.Password, host)); err != nil {
		t.Error(err)
	}
}

func TestPOP3Maildrop(t *testing.T) {
	l := start(t, lab.Servers(encrypted()...)...)
	config := &tls.Config{RootCAs: l.CAPool(), ServerName: host}
	sendMail(t, l, config, "one\r\n")
	sendMail(t, l, config, "number two\r\n")
	login := func() *client {
		c := open(t, l, endpoint(settings.POP3, settings.StartTLS))
		c.send("USER me\r\nPASS " + user.Password + "\r\nSTAT")
		c.want("+OK")
		c.want("+OK")
		return c
	}
	c := login()
	c.want("+OK 2 17")
	c.send("LIST\r\nUIDL 2\r\nDELE 1\r\nLIST\r\nRETR 1\r\nRSET\r\nDELE 2\r\nNOOP\r\nTOP 1 1\r\nQUIT")
	for _, want := range []string{"+OK", "1 5", "2 12", ".", "+OK 2 2", "+OK", "+OK", "2 12", ".", "-ERR", "+OK", "+OK", "+OK", "-ERR", "+OK"} {
		c.want(want)
	}
	login().want("+OK 1 5")
}

func TestAccountIsBounded(t *testing.T) {
	l := start(t, lab.Servers(encrypted()...)...)
	c := open(t, l, endpoint(settings.SMTP, settings.TLS))
	c.say("AUTH PLAIN b64:\x00me\x00%s", user.Password)
	c.want("235 ")
	text := strings.Repeat("0123456789abcde\r\n", 60_000)
	for range 100 {
		c.send("MAIL FROM:<>\r\nRCPT TO:<me@example.com>\r\nDATA")
		c.want("250 ")
		c.want("250 ")
		c.want("354 ")
		c.send(text + ".")
		if strings.HasPrefix(c.line(), "452 4.2.2") {
			return
		}
	}
	t.Error("got 100 MB taken in\nwant the mailbox full")
}
