package lab_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
)

func b64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

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
		form     settings.Template
		username string
		want     string
	}{
		{"", "me", "a OK"},
		{"", "ME@example.com", "a OK"},
		{settings.FullAddress, "me", "a NO"},
		{settings.FullAddress, "me@example.com", "a OK"},
		{settings.LocalPart, "me", "a OK"},
		{settings.LocalPart, "me@example.com", "a NO"},
		{settings.LocalPart + "." + settings.Domain, "me.example.com", "a OK"},
		{settings.LocalPart + "." + settings.Domain, "me", "a NO"},
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

// TestLongInitialResponse holds the lab to the limits that real servers have:
// a client must send a long token in a line of its own.
func TestLongInitialResponse(t *testing.T) {
	rows := []struct {
		protocol             settings.Protocol
		begin, again, ok, no string
	}{
		{settings.IMAP, "a AUTHENTICATE ", "+ ", "a OK", "a OK"},
		{settings.POP3, "AUTH ", "+ ", "+OK", "-ERR Line too long"},
		{settings.SMTP, "AUTH ", "334 ", "235 ", "500 5.5.6 Line too long"},
	}
	long := lab.Account{Address: user.Address, Token: strings.Repeat("t", 1500)}
	for _, row := range rows {
		t.Run(string(row.protocol), func(t *testing.T) {
			e := endpoint(row.protocol, settings.TLS)
			l, err := lab.Start(t.Context(), lab.Options{Servers: lab.Servers(e), Accounts: []lab.Account{long}})
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			atOnce := open(t, l, e)
			atOnce.say(row.begin+"XOAUTH2 b64:"+tokens[0].payload, long.Token)
			atOnce.want(row.no)
			apart := open(t, l, e)
			apart.send(row.begin + "XOAUTH2")
			apart.want(row.again)
			apart.say("b64:"+tokens[0].payload, long.Token)
			apart.want(row.ok)
		})
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
