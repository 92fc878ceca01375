package lab_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
)

func TestIMAPBeforeTLS(t *testing.T) {
	e := endpoint(settings.IMAP, settings.StartTLS)
	l := start(t, lab.Server{Endpoint: e})
	c := dial(t, l, e)
	greeting := c.want("* OK [CAPABILITY IMAP4rev1 ")
	c.send("a CAPABILITY")
	caps := c.want("* CAPABILITY ")
	c.want("a OK")
	for _, line := range []string{greeting, caps} {
		if !strings.Contains(line, " STARTTLS") || !strings.Contains(line, " LOGINDISABLED") || strings.Contains(line, "AUTH=") {
			t.Errorf("got  %q\nwant STARTTLS and LOGINDISABLED, no AUTH=", line)
		}
	}
	c.send(`b LOGIN me "correct horse"`)
	c.want("b NO [PRIVACYREQUIRED]")
	c.send("c AUTHENTICATE PLAIN")
	c.want("c NO [PRIVACYREQUIRED]")
	c.send("d ID NIL")
	c.want("* ID (")
	c.want("d OK")
	c.send("e NONSENSE")
	c.want("e BAD")
	c.send("f LOGOUT")
	c.want("* BYE")
	c.want("f OK")
	if got, want := l.Logins()[e], (lab.Tally{Connections: 1, Cleartext: 2}); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestIMAPInsideTLS(t *testing.T) {
	for _, security := range []settings.Security{settings.TLS, settings.StartTLS} {
		t.Run(string(security), func(t *testing.T) {
			e := endpoint(settings.IMAP, security)
			c := secure(t, start(t, lab.Server{Endpoint: e}), e)
			c.send("a CAPABILITY\r\nb ID (\"name\" \"test\")\r\nc NOOP")
			caps := strings.Fields(c.want("* CAPABILITY "))
			for _, name := range []string{"IMAP4rev1", "SASL-IR", "ID", "NAMESPACE", "AUTH=PLAIN", "AUTH=LOGIN", "AUTH=XOAUTH2", "AUTH=OAUTHBEARER"} {
				if !slices.Contains(caps, name) {
					t.Errorf("got  %v\nwant %s among them", caps, name)
				}
			}
			for _, name := range []string{"STARTTLS", "LOGINDISABLED"} {
				if slices.Contains(caps, name) {
					t.Errorf("got  %v\nwant no %s", caps, name)
				}
			}
			c.want("a OK")
			c.want("* ID (")
			c.want("b OK ID completed")
			c.want("c OK NOOP completed")
			c.send("d STARTTLS")
			c.want("d NO")
			c.send(`e LOGIN me@example.com "correct horse"`)
			c.want("e OK [CAPABILITY IMAP4rev1 ")
			c.send("f NAMESPACE")
			c.want("* NAMESPACE")
			c.want("f OK")
			c.send("g EXAMINE INBOX")
			c.want("* 0 EXISTS")
			c.until("g OK")
			c.send("h LOGOUT")
			c.want("* BYE")
			c.want("h OK")
		})
	}
}

func TestIMAPGreetingListsWhatCAPABILITYLists(t *testing.T) {
	e := endpoint(settings.IMAP, settings.TLS)
	c := dial(t, start(t, lab.Server{Endpoint: e}), e)
	if err := c.tls(); err != nil {
		t.Fatal(err)
	}
	greeting := c.want("* OK [CAPABILITY ")
	c.send("a CAPABILITY")
	caps := strings.TrimPrefix(c.want("* CAPABILITY "), "* CAPABILITY ")
	if got, want := greeting, "* OK [CAPABILITY "+caps+"] "+host+" IMAP4 server ready"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestIMAPLiteralIsNoCommand(t *testing.T) {
	e := endpoint(settings.IMAP, settings.TLS)
	c := secure(t, start(t, lab.Server{Endpoint: e}), e)
	c.send(`a LOGIN me "correct horse"`)
	c.until("a OK")
	text := "Subject: test\r\n\r\nb ID NIL\r\n* CAPABILITY none\r\n"
	c.send(fmt.Sprintf("b APPEND INBOX {%d}", len(text)))
	c.want("+ ")
	c.send(text)
	c.until("b OK")
	c.send("c EXAMINE INBOX")
	c.until("c OK")
	c.send("d FETCH 1 BODY[]")
	got := c.until("d OK")
	if want := strings.ReplaceAll(text, "\r\n", "\n"); !strings.Contains(got, want) {
		t.Errorf("got  %q\nwant %q in it", got, want)
	}
}

func TestProvidersGreetAsTheyAreKnown(t *testing.T) {
	rows := []struct {
		host     string
		protocol settings.Protocol
		want     string
	}{
		{"imap.gmail.com", settings.IMAP, "* OK Gimap ready"},
		{"pop.gmail.com", settings.POP3, "+OK Gpop ready"},
		{"smtp.gmail.com", settings.SMTP, "220 smtp.gmail.com ESMTP"},
		{"outlook.office365.com", settings.IMAP, "* OK The Microsoft Exchange IMAP4 service is ready."},
		{"smtp.office365.com", settings.SMTP, "220 smtp.office365.com Microsoft ESMTP MAIL Service ready at "},
		{"mail.example.org", settings.POP3, "+OK mail.example.org POP3 server ready"},
	}
	for _, row := range rows {
		t.Run(row.host, func(t *testing.T) {
			e := settings.Endpoint{Protocol: row.protocol, Host: row.host, Port: 1, Security: settings.TLS}
			c := dial(t, start(t, lab.Server{Endpoint: e}), e)
			if err := c.tls(); err != nil {
				t.Fatal(err)
			}
			c.want(row.want)
		})
	}
}

func TestPOP3BeforeTLS(t *testing.T) {
	e := endpoint(settings.POP3, settings.StartTLS)
	l := start(t, lab.Server{Endpoint: e})
	c := dial(t, l, e)
	c.want("+OK")
	c.send("CAPA")
	if got, want := c.until("."), "+OK Capability list follows\nUIDL\nPIPELINING\nRESP-CODES\nAUTH-RESP-CODE\nSTLS\n."; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	c.send("USER me\r\nSTAT\r\nQUIT")
	c.want("-ERR [AUTH]")
	c.want("-ERR")
	c.want("+OK")
	if got, want := l.Logins()[e], (lab.Tally{Connections: 1, Cleartext: 1}); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestSMTPBeforeTLS(t *testing.T) {
	e := endpoint(settings.SMTP, settings.StartTLS)
	l := start(t, lab.Server{Endpoint: e})
	c := dial(t, l, e)
	c.want("220 ")
	c.send("EHLO test")
	got := c.until("250 ")
	if !strings.Contains(got, "250-STARTTLS") || strings.Contains(got, "AUTH") {
		t.Errorf("got  %q\nwant STARTTLS, no AUTH", got)
	}
	c.send("MAIL FROM:<me@example.com>\r\nAUTH PLAIN\r\nQUIT")
	c.want("530 5.7.0")
	c.want("538 5.7.11")
	c.want("221 ")
	if got, want := l.Logins()[e], (lab.Tally{Connections: 1, Cleartext: 1}); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestSMTPInsideTLSOffersAuth(t *testing.T) {
	for _, security := range []settings.Security{settings.TLS, settings.StartTLS} {
		t.Run(string(security), func(t *testing.T) {
			e := endpoint(settings.SMTP, security)
			c := secure(t, start(t, lab.Server{Endpoint: e}), e)
			c.send("EHLO test")
			got := strings.Split(c.until("250 "), "\n")
			for _, line := range []string{"250-" + host, "250-PIPELINING", "250-8BITMIME", "250-ENHANCEDSTATUSCODES",
				"250-AUTH PLAIN LOGIN XOAUTH2 OAUTHBEARER", "250 SIZE 1048576"} {
				if !slices.Contains(got, line) {
					t.Errorf("got  %q\nwant %q among them", got, line)
				}
			}
			if slices.Contains(got, "250-STARTTLS") {
				t.Errorf("got  %q\nwant no STARTTLS", got)
			}
		})
	}
}
