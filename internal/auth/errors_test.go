package auth

import (
	"strings"
	"testing"

	"mailprobe/internal/auth/authtest"
	"mailprobe/internal/tlscheck"
)

// What a user reads, from the call that says it.
func TestErrorWords(t *testing.T) {
	permit, none := authtest.Permit(t, host), tlscheck.Permit{}
	password, token := NewCredential(Password, NewSecret("pw")), NewCredential(Token, NewSecret("tok"))
	certificate := NewCredential(Certificate, Secret{})
	long := strings.Repeat("x", maxInput)
	check := func(c *Credential, user string) error { return c.Check(user) }
	client := func(c *Credential, p tlscheck.Permit, a Attempt) error { _, err := c.Client(p, a); return err }
	login := func(c *Credential, p tlscheck.Permit, host string) error {
		_, err := c.Login(p, host, "me")
		return err
	}
	choose := func(o Offer) error { _, err := o.Ways(); return err }
	for _, row := range []struct {
		err  error
		want string // empty: no error
	}{
		{check((*Credential)(nil), "me"), "the password is empty"},
		{check(NewCredential(Password, Secret{}), "me"), "the password is empty"},
		{check(NewCredential(Token, Secret{}), "me"), "the access token is empty"},
		{check(password, ""), ""},
		{check(password, long), ""},
		{check(password, long+"x"), "the user name is longer than 64 KiB"},
		{check(NewCredential(Password, NewSecret(long+"x")), "me"), "the password is longer than 64 KiB"},
		{check(password, "\x00"), "the user name holds a NUL character"},
		{check(NewCredential(Password, NewSecret("\rpw")), "me"), "the password holds a line break (CR)"},
		{check(NewCredential(Token, NewSecret("to\nk")), "me"), "the access token holds a line break (LF)"},
		{check(NewCredential(Token, NewSecret("to k")), "me"), "the access token holds a blank or control character"},
		{check(NewCredential(Token, NewSecret("tok\x7f")), "me"), "the access token holds a blank or control character"},
		{check(NewCredential(Token, NewSecret("tok!~")), "me"), ""},
		{check(token, "m\x01e"), "the user name holds a blank or control character"},

		{client(password, none, Attempt{Mechanism: "PLAIN", Username: "me", Host: host}), "no credential without a verified TLS session"},
		{client(password, permit, Attempt{Mechanism: "PLAIN", Username: "me", Host: "x.example"}), `the TLS session was verified for "mail.example.com", not for "x.example"`},
		{client(password, permit, Attempt{Mechanism: "PLAIN", Host: host}), "the user name is empty"},
		{client(token, permit, Attempt{Mechanism: "GSSAPI", Username: "me", Host: host}), `this program cannot sign in by "GSSAPI"`},
		{client(token, permit, Attempt{Mechanism: "plain", Username: "me", Host: host}), `"PLAIN" needs a password, and an access token was given`},
		{client(password, permit, Attempt{Mechanism: "SCRAM-SHA-1-PLUS", Username: "me", Host: host}), `"SCRAM-SHA-1-PLUS" needs channel-binding data, and this TLS session has none`},
		{login(token, permit, host), "an access token is never sent where a password belongs"},
		{login(certificate, permit, host), "a client certificate is never sent where a password belongs"},

		{choose(Offer{Want: "PLAIN", Kind: Password}), `the server does not offer "PLAIN"; it offers nothing`},
		{choose(Offer{Want: "PLAIN", Kind: Password, Native: "USER", Offered: []string{"LOGIN", "NTLM"}}), `the server does not offer "PLAIN"; it offers "LOGIN", "NTLM", the command USER`},
		{choose(Offer{Want: "XOAUTH2", Kind: Password}), `"XOAUTH2" needs an access token, and a password was given`},
		{choose(Offer{Want: "EXTERNAL", Kind: Password}), `"EXTERNAL" needs a client certificate, and a password was given`},
		{choose(Offer{Want: "USER", Kind: Token, Native: "USER"}), `"USER" needs a password, and an access token was given`},
		{choose(Offer{Kind: Password, Offered: []string{"XOAUTH2"}}), `the server takes no password, only an OAuth2 access token; it offers "XOAUTH2"`},
		{choose(Offer{Kind: Token, Offered: []string{"PLAIN"}}), `the server takes no access token; it offers "PLAIN"`},
		{choose(Offer{Kind: Certificate}), "a client certificate cannot be used with what the server offers: nothing"},
		{choose(Offer{Kind: Token}), "an access token cannot be used with what the server offers: nothing"},
	} {
		got := ""
		if row.err != nil {
			got = row.err.Error()
		}
		if got != row.want {
			t.Errorf("got  %s\nwant %s", got, row.want)
		}
	}
}
