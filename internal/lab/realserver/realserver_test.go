package realserver_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"

	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/settings"
)

func TestPlainSignIn(t *testing.T) {
	rows := []struct {
		name     string
		start    func(testing.TB) *realserver.Server
		protocol settings.Protocol
		security settings.Security
	}{
		{"IMAPS", dovecot, settings.IMAP, settings.TLS},
		{"IMAP with STARTTLS", dovecot, settings.IMAP, settings.StartTLS},
		{"POP3S", dovecot, settings.POP3, settings.TLS},
		{"POP3 with STLS", dovecot, settings.POP3, settings.StartTLS},
		{"Dovecot submissions", dovecot, settings.SMTP, settings.TLS},
		{"Dovecot submission with STARTTLS", dovecot, settings.SMTP, settings.StartTLS},
		{"Postfix submissions", postfix, settings.SMTP, settings.TLS},
		{"Postfix submission with STARTTLS", postfix, settings.SMTP, settings.StartTLS},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := row.start(t)
			e := s.Endpoint(row.protocol, row.security)
			for _, a := range s.Accounts() {
				if ok, reply := dial(t, s, e).signIn(sasl.NewPlainClient("", a.User, a.Password)); !ok {
					t.Errorf("%s with the right password: %s", a.User, reply)
				}
			}
			user := s.Accounts()[0].User
			before := s.FailedLogins(t, user)
			if ok, reply := dial(t, s, e).signIn(sasl.NewPlainClient("", user, "wrong")); ok {
				t.Errorf("accepted a wrong password: %s", reply)
			}
			got, want := s.FailedLogins(t, user), before+1
			if got != want {
				t.Errorf("failed sign-ins after a wrong password:\n got %d\nwant %d", got, want)
			}
		})
	}
}

func dovecot(t testing.TB) *realserver.Server { return servers.Dovecot(t) }
func postfix(t testing.TB) *realserver.Server { return servers.Postfix(t) }

func TestMechanisms(t *testing.T) {
	s := servers.Dovecot(t)
	alice, carol := s.Accounts()[0], s.Accounts()[1]
	stranger := realserver.Account{User: alice.User, Password: "wrong"}
	good, expired := s.Token(alice.User, time.Hour), s.Token(alice.User, -time.Hour)
	rows := []struct {
		name      string
		mechanism sasl.Client
		want      bool
	}{
		{"LOGIN", sasl.NewLoginClient(carol.User, carol.Password), true},
		{"LOGIN, wrong password", sasl.NewLoginClient(alice.User, "wrong"), false},
		{"SCRAM", newScram(t, alice), true},
		{"SCRAM, wrong password", newScram(t, stranger), false},
		{"XOAUTH2", xoauth2{alice.User, good}, true},
		{"XOAUTH2, expired", xoauth2{alice.User, expired}, false},
		{"XOAUTH2, another user's token", xoauth2{carol.User, good}, false},
		{"XOAUTH2, forged", xoauth2{alice.User, good + "A"}, false},
		{"OAUTHBEARER", bearer(alice.User, good), true},
		{"OAUTHBEARER, expired", bearer(alice.User, expired), false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			before := s.FailedLogins(t, "")
			got, reply := dial(t, s, s.Endpoint(settings.IMAP, settings.TLS)).signIn(row.mechanism)
			if got != row.want {
				t.Errorf("accepted (%s):\n got %t\nwant %t", reply, got, row.want)
			}
			if failed := s.FailedLogins(t, "") - before; (failed == 0) != row.want || failed > 1 {
				t.Errorf("failed sign-ins counted: %d", failed)
			}
		})
	}
}

func bearer(user, token string) sasl.Client {
	return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: user, Token: token})
}

func TestExternal(t *testing.T) {
	s := realserver.Dovecot(t, realserver.DovecotOptions{Mechanisms: []string{"PLAIN", "EXTERNAL"}})
	for user, want := range map[string]bool{"alice@example.org": true, "nobody@example.org": false} {
		certificate, err := s.ClientCertificate(user)
		if err != nil {
			t.Fatal(err)
		}
		got, reply := dial(t, s, s.Endpoint(settings.IMAP, settings.TLS), certificate).signIn(sasl.NewExternalClient(""))
		if got != want {
			t.Errorf("accepted the certificate of %s (%s):\n got %t\nwant %t", user, reply, got, want)
		}
	}
}

// A password must not be asked for before TLS, or a probe that sends it there
// would not be found out.
func TestLoginDisabledBeforeTLS(t *testing.T) {
	s := servers.Dovecot(t)
	got := dial(t, s, s.Endpoint(settings.IMAP, settings.Plain)).banner[0]
	if !strings.Contains(got, "LOGINDISABLED") {
		t.Errorf("greeting before TLS:\n got %q\nwant LOGINDISABLED in it", got)
	}
	p := servers.Postfix(t)
	e := p.Endpoint(settings.SMTP, settings.StartTLS)
	e.Security = settings.Plain
	c := dial(t, p, e)
	for _, line := range c.send("EHLO client.test") {
		if strings.Contains(line, "AUTH") {
			t.Errorf("Postfix offers %q before TLS", line)
		}
	}
}

func TestPostfixPort25(t *testing.T) {
	s := servers.Postfix(t)
	e := s.Endpoint(settings.SMTP, settings.Plain)
	e.Security = settings.StartTLS
	a := s.Accounts()[0]
	if ok, reply := dial(t, s, e).signIn(sasl.NewPlainClient("", a.User, a.Password)); !ok {
		t.Errorf("sign-in: %s", reply)
	}
	c := dial(t, s, e)
	c.command("MAIL FROM:<alice@example.org>")
	got := c.send("RCPT TO:<someone@elsewhere.test>")[0]
	if !strings.HasPrefix(got, "554 5.7.1") {
		t.Errorf("mail for elsewhere without sign-in:\n got %s\nwant 554 5.7.1", got)
	}
}

func TestDelivery(t *testing.T) {
	rows := []struct {
		name  string
		start func(testing.TB) *realserver.Server
		to    realserver.Account
	}{
		{"through Postfix", postfix, realserver.DefaultAccounts()[1]},
		{"through Dovecot", dovecot, realserver.DefaultAccounts()[2]},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := row.start(t)
			from := s.Accounts()[0]
			c := dial(t, s, s.Endpoint(settings.SMTP, settings.TLS))
			if ok, reply := c.signIn(sasl.NewPlainClient("", from.User, from.Password)); !ok {
				t.Fatal(reply)
			}
			c.send("MAIL FROM:<" + from.User + ">")
			c.send("RCPT TO:<" + row.to.User + ">")
			c.send("DATA")
			got := c.send("Subject: " + row.name + "\r\n\r\nHello.\r\n.")[0]
			if !strings.HasPrefix(got, "250") {
				t.Fatalf("message:\n got %s\nwant 250", got)
			}
			awaitMessage(t, row.to, row.name)
		})
	}
}

// awaitMessage looks for a subject in an account's inbox until it is there or
// the client's time is up.
func awaitMessage(t *testing.T, a realserver.Account, subject string) {
	t.Helper()
	s := servers.Dovecot(t)
	c := dial(t, s, s.Endpoint(settings.IMAP, settings.TLS))
	if ok, reply := c.signIn(sasl.NewPlainClient("", a.User, a.Password)); !ok {
		t.Fatal(reply)
	}
	c.send("SELECT INBOX")
	for !found(c.send(`SEARCH SUBJECT "` + subject + `"`)) {
		c.send("NOOP")
	}
}

func found(search []string) bool {
	return slices.ContainsFunc(search, func(line string) bool { return strings.HasPrefix(line, "* SEARCH ") })
}
