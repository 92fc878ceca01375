package auth

import (
	"errors"
	"strings"
	"testing"

	"mailprobe/internal/auth/authtest"
	"mailprobe/internal/tlscheck"
)

const host = "mail.example.com"

func TestClientNeedsThePermitOfItsHost(t *testing.T) {
	permit := authtest.Permit(t, host)
	c := NewCredential(Password, NewSecret("geheim"))
	for _, row := range []struct {
		name   string
		permit tlscheck.Permit
		host   string
		ok     bool
	}{
		{"the host", permit, host, true},
		{"other case", permit, "MAIL.Example.COM", true},
		{"root dot", permit, host + ".", true},
		{"another host", permit, "mail.example.org", false},
		{"a longer name", permit, "x." + host, false},
		{"no host", permit, "", false},
		{"no permit", tlscheck.Permit{}, host, false},
		{"no permit, no host", tlscheck.Permit{}, "", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			client, err := c.Client(row.permit, Attempt{Mechanism: "PLAIN", Username: "me", Host: row.host})
			if (err == nil) != row.ok || (client != nil) != row.ok {
				t.Errorf("Client: got %v, %v", client, err)
			}
			text, err := c.Login(row.permit, row.host, "me")
			if (err == nil) != row.ok || (text != "") != row.ok {
				t.Errorf("LoginTo: got %q, %v", text, err)
			}
			var wrong *HostError
			if !row.ok && !errors.Is(err, ErrNoPermit) && !errors.As(err, &wrong) {
				t.Errorf("error: got %T, want ErrNoPermit or *HostError", err)
			}
		})
	}
	if text, err := c.Login(tlscheck.Permit{}, host, "me"); err != ErrNoPermit || text != "" {
		t.Errorf("Login without permit: got %q, %v", text, err)
	}
	if text, err := c.Login(permit, permit.ServerName(), ""); err != nil || text != "geheim" {
		t.Errorf("Login with permit: got %q, %v", text, err)
	}
}

func TestTokenIsNeverAPassword(t *testing.T) {
	permit := authtest.Permit(t, host)
	token := NewCredential(Token, NewSecret("ya29.token"))
	for _, m := range []string{"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "EXTERNAL"} {
		_, err := token.Client(permit, Attempt{Mechanism: m, Username: "me", Host: host})
		var e *MechanismError
		if !errors.As(err, &e) || e.Reason != WrongKind {
			t.Errorf("%s: got %v, want reason %s", m, err, WrongKind)
		}
	}
	if text, err := token.Login(permit, permit.ServerName(), ""); err == nil || text != "" {
		t.Errorf("Login: got %q, %v, want a refusal", text, err)
	}
}

func TestInputIsRefusedBeforeAnythingElse(t *testing.T) {
	for _, row := range []struct {
		name, user, secret string
		kind               Kind
		fault              InputFault
	}{
		{"NUL in user", "a\x00b", "pw", Password, HoldsNUL},
		{"CR in user", "a\rb", "pw", Password, HoldsCR},
		{"LF in user", "a\nCAPA", "pw", Password, HoldsLF},
		{"NUL in password", "me", "p\x00w", Password, HoldsNUL},
		{"CR in password", "me", "pw\r", Password, HoldsCR},
		{"CRLF in password", "me", "pw\r\nQUIT", Password, HoldsCR},
		{"LF in password", "me", "pw\n", Password, HoldsLF},
		{"no password", "me", "", Password, EmptyInput},
		{"long password", "me", strings.Repeat("x", maxInput+1), Password, TooLongInput},
		{"long user", strings.Repeat("x", maxInput+1), "pw", Password, TooLongInput},
		{"LF in token", "me", "tok\nen", Token, HoldsLF},
		{"blank in token", "me", "tok en", Token, HoldsControl},
		{"^A in token", "me", "tok\x01en", Token, HoldsControl},
		{"^A in user with token", "m\x01e", "token", Token, HoldsControl},
		{"LF in user with certificate", "m\ne", "", Certificate, HoldsLF},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := NewCredential(row.kind, NewSecret(row.secret))
			_, err := c.Client(tlscheck.Permit{}, Attempt{Mechanism: "PLAIN", Username: row.user})
			var e *InputError
			if !errors.As(err, &e) || e.Fault != row.fault {
				t.Fatalf("got %v\nwant fault %s", err, row.fault)
			}
			if row.secret != "" && strings.Contains(err.Error(), row.secret) {
				t.Errorf("the error quotes the secret: %v", err)
			}
		})
	}
	if err := (*Credential)(nil).Check("me"); err == nil {
		t.Error("no credential: got no error")
	}
	if err := NewCredential(Certificate, Secret{}).Check(""); err != nil {
		t.Errorf("certificate alone: got %v", err)
	}
}

func TestUserNameIsNeeded(t *testing.T) {
	permit := authtest.Permit(t, host)
	for _, m := range mechanisms {
		c := NewCredential(m.kind, NewSecret("secret"))
		_, err := c.Client(permit, Attempt{Mechanism: m.name, Host: host, Binding: Binding{"tls-unique", []byte{1}}})
		if got := err == nil; got != m.anonymous {
			t.Errorf("%s without user name: got %v", m.name, err)
		}
	}
}

func TestPlusNeedsABinding(t *testing.T) {
	c := NewCredential(Password, NewSecret("pw"))
	_, err := c.Client(authtest.Permit(t, host), Attempt{Mechanism: "SCRAM-SHA-256-PLUS", Username: "me", Host: host})
	var e *MechanismError
	if !errors.As(err, &e) || e.Reason != NoBinding {
		t.Errorf("got %v, want reason %s", err, NoBinding)
	}
}

// A secret that is no access token leaves in no mechanism.
func TestNoTokenIsNeverSent(t *testing.T) {
	permit := authtest.Permit(t, "h.example")
	for _, text := range []string{"GOCSPX-abcdefghijklmnopqrstuvwxyz", "1//0gAbCdEfGhIjKlMnOpQrStUvWxYz-0123456789", `{"access_token":"x"}`, "null", "Bearer x"} {
		for _, mechanism := range []string{"XOAUTH2", "OAUTHBEARER"} {
			_, err := NewCredential(Token, NewSecret(text)).Client(permit, Attempt{Mechanism: mechanism, Username: "me", Host: "h.example"})
			var refused *InputError
			if !errors.As(err, &refused) || strings.Contains(err.Error(), text) {
				t.Errorf("%s of %q\ngot  %v\nwant an *InputError without the text", mechanism, text, err)
			}
		}
	}
}
