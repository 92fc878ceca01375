package lab_test

import (
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"net/smtp"
	"slices"
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

func b64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

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

// signIns holds every way to show a password. The answer to the last line is
// the verdict.
var signIns = []struct {
	name     string
	protocol settings.Protocol
	lines    []string // %s: the secret; b64: what follows is sent in base64
	ok, no   string
}{
	{"LOGIN command", settings.IMAP, []string{`a LOGIN me "%s"`}, "a OK", "a NO [AUTHENTICATIONFAILED]"},
	{"PLAIN", settings.IMAP, []string{"a AUTHENTICATE PLAIN", "b64:\x00me@example.com\x00%s"}, "a OK", "a NO [AUTHENTICATIONFAILED]"},
	{"PLAIN at once", settings.IMAP, []string{"a AUTHENTICATE PLAIN b64:\x00me@example.com\x00%s"}, "a OK", "a NO [AUTHENTICATIONFAILED]"},
	{"LOGIN", settings.IMAP, []string{"a AUTHENTICATE LOGIN", "b64:me", "b64:%s"}, "a OK", "a NO [AUTHENTICATIONFAILED]"},
	{"USER and PASS", settings.POP3, []string{"USER me", "PASS %s"}, "+OK", "-ERR [AUTH]"},
	{"PLAIN", settings.POP3, []string{"AUTH PLAIN", "b64:\x00me@example.com\x00%s"}, "+OK", "-ERR [AUTH]"},
	{"PLAIN at once", settings.POP3, []string{"AUTH PLAIN b64:\x00me@example.com\x00%s"}, "+OK", "-ERR [AUTH]"},
	{"LOGIN", settings.POP3, []string{"AUTH LOGIN", "b64:me", "b64:%s"}, "+OK", "-ERR [AUTH]"},
	{"PLAIN", settings.SMTP, []string{"AUTH PLAIN", "b64:\x00me@example.com\x00%s"}, "235 ", "535 5.7.8"},
	{"PLAIN at once", settings.SMTP, []string{"AUTH PLAIN b64:\x00me@example.com\x00%s"}, "235 ", "535 5.7.8"},
	{"LOGIN", settings.SMTP, []string{"AUTH LOGIN", "b64:me", "b64:%s"}, "235 ", "535 5.7.8"},
}

// say sends line with the secret in its place, encoded where b64: says so.
func (c *client) say(line, secret string) {
	c.t.Helper()
	line = strings.ReplaceAll(line, "%s", secret)
	if before, after, ok := strings.Cut(line, "b64:"); ok {
		line = before + b64(after)
	}
	c.send(line)
}

// open gets an encrypted connection on which signing in comes next.
func open(t *testing.T, l *lab.Lab, e settings.Endpoint) *client {
	t.Helper()
	c := secure(t, l, e)
	if e.Protocol == settings.SMTP {
		c.send("EHLO test")
		c.until("250 ")
	}
	return c
}

func TestSignIns(t *testing.T) {
	for _, row := range signIns {
		for _, secret := range []string{user.Password, "wrong"} {
			t.Run(fmt.Sprintf("%s %s %s", row.protocol, row.name, secret), func(t *testing.T) {
				e := endpoint(row.protocol, settings.StartTLS)
				l := start(t, lab.Server{Endpoint: e})
				c := open(t, l, e)
				answer, tally := row.no, lab.Tally{Connections: 1, Refused: 1}
				if secret == user.Password {
					answer, tally = row.ok, lab.Tally{Connections: 1, Accepted: 1}
				}
				for i, line := range row.lines {
					c.say(line, secret)
					if i < len(row.lines)-1 {
						c.line()
					}
				}
				c.want(answer)
				if got, want := l.Logins()[e], tally; got != want {
					t.Errorf("got  %+v\nwant %+v", got, want)
				}
			})
		}
	}
}

func TestUsernameForms(t *testing.T) {
	rows := []struct {
		form     settings.UsernameForm
		username string
		want     string
	}{
		{"", "me", "a OK"},
		{"", "ME@example.com", "a OK"},
		{settings.FullAddress, "me", "a NO"},
		{settings.FullAddress, "me@example.com", "a OK"},
		{settings.LocalPart, "me", "a OK"},
		{settings.LocalPart, "me@example.com", "a NO"},
		{"", "you", "a NO"},
		{"", "", "a NO"},
	}
	for _, row := range rows {
		t.Run(fmt.Sprintf("%s %q", row.form, row.username), func(t *testing.T) {
			e := endpoint(settings.IMAP, settings.TLS)
			c := open(t, start(t, lab.Server{Endpoint: e, Username: row.form}), e)
			c.send(fmt.Sprintf(`a LOGIN "%s" "%s"`, row.username, user.Password))
			c.want(row.want)
		})
	}
}

func TestEmptySecretOpensNothing(t *testing.T) {
	e := endpoint(settings.IMAP, settings.TLS)
	l, err := lab.Start(t.Context(), lab.Options{Servers: lab.Servers(e), Accounts: []lab.Account{{Address: "me@example.com"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := open(t, l, e)
	c.send(`a LOGIN me ""`)
	c.want("a NO")
}

var tokens = []struct {
	mechanism string
	payload   string // %s: the token
	dummy     string // the answer to the error challenge
}{
	{"XOAUTH2", "user=me@example.com\x01auth=Bearer %s\x01\x01", ""},
	{"OAUTHBEARER", "n,a=me@example.com,\x01host=mail.example.com\x01port=993\x01auth=Bearer %s\x01\x01", "AQ=="},
}

func TestTokens(t *testing.T) {
	rows := []struct {
		protocol             settings.Protocol
		begin, ok, no, again string
	}{
		{settings.IMAP, "a AUTHENTICATE ", "a OK", "a NO [AUTHENTICATIONFAILED]", "+ "},
		{settings.POP3, "AUTH ", "+OK", "-ERR [AUTH]", "+ "},
		{settings.SMTP, "AUTH ", "235 ", "535 5.7.8", "334 "},
	}
	for _, row := range rows {
		for _, m := range tokens {
			t.Run(string(row.protocol)+" "+m.mechanism, func(t *testing.T) {
				e := endpoint(row.protocol, settings.TLS)
				l := start(t, lab.Server{Endpoint: e})
				good := open(t, l, e)
				good.say(row.begin+m.mechanism+" b64:"+m.payload, user.Token)
				good.want(row.ok)

				bad := open(t, l, e)
				bad.send(row.begin + m.mechanism)
				bad.want(row.again)
				bad.say("b64:"+m.payload, "wrong")
				text := strings.TrimPrefix(bad.want(row.again), row.again)
				challenge, err := base64.StdEncoding.DecodeString(text)
				if err != nil || !strings.Contains(string(challenge), `"schemes":"bearer"`) {
					t.Errorf("got  %q, %v\nwant an error challenge", challenge, err)
				}
				bad.send(m.dummy)
				bad.want(row.no)
				if got, want := l.Logins()[e], (lab.Tally{Connections: 2, Accepted: 1, Refused: 1}); got != want {
					t.Errorf("got  %+v\nwant %+v", got, want)
				}
			})
		}
	}
}

func TestCancelledExchangeIsNoSignIn(t *testing.T) {
	rows := []struct {
		protocol       settings.Protocol
		begin, end, ok string
	}{
		{settings.IMAP, "a AUTHENTICATE PLAIN", "a BAD", "+ "},
		{settings.POP3, "AUTH PLAIN", "-ERR", "+ "},
		{settings.SMTP, "AUTH PLAIN", "501 ", "334 "},
	}
	for _, row := range rows {
		t.Run(string(row.protocol), func(t *testing.T) {
			e := endpoint(row.protocol, settings.TLS)
			l := start(t, lab.Server{Endpoint: e})
			c := open(t, l, e)
			c.send(row.begin)
			if got := c.line(); got != row.ok {
				t.Errorf("got  %q\nwant %q", got, row.ok)
			}
			c.send("*")
			c.want(row.end)
			if got := l.Total().SignIns(); got != 0 {
				t.Errorf("got  %d sign-ins\nwant 0", got)
			}
		})
	}
}

// TestMailArrives sends with one library and reads with the others.
func TestMailArrives(t *testing.T) {
	l := start(t, lab.Servers(encrypted()...)...)
	config := &tls.Config{RootCAs: l.CAPool(), ServerName: host}
	text := "Subject: hello\r\n\r\n.a line with a dot\r\nlast line\r\n"
	sendMail(t, l, config, text)

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
