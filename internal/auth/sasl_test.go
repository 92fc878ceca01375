package auth

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/emersion/go-sasl"

	"mailprobe/internal/auth/authtest"
	"mailprobe/internal/settings"
)

// odd are user names and passwords that quoting and splitting go wrong on.
var odd = []string{
	"simple",
	`p"w\ äß€ %x#' end `,
	` leading and trailing `,
	`back\slash\\`, `"quoted"`, `100%25`, "comma,equals=,", "=2C=3D", "tab\there",
	"Grüße", "пароль", "密码", "🔑 emoji", "e\u0301 decomposed", "\u00a0nbsp",
}

func clientOf(t *testing.T, kind Kind, secret string, a Attempt) sasl.Client {
	t.Helper()
	a.Host = host
	c, err := NewCredential(kind, NewSecret(secret)).Client(authtest.Permit(t, host), a)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// converse plays a client against a server of go-sasl and returns the
// server's verdict.
func converse(t *testing.T, c sasl.Client, s sasl.Server) error {
	t.Helper()
	_, answer, err := c.Start()
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		challenge, done, err := s.Next(answer)
		if done || err != nil {
			return err
		}
		if answer, err = c.Next(challenge); err != nil {
			t.Fatalf("client gives up on %q: %v", challenge, err)
		}
		if answer == nil {
			t.Fatalf("client answers %q with nil, which go-smtp takes for success", challenge)
		}
	}
	t.Fatal("no end after ten rounds")
	return nil
}

func TestPlainWithOddCharacters(t *testing.T) {
	permit := authtest.Permit(t, host)
	for _, user := range odd {
		for _, password := range odd {
			for name, wrap := range map[string]func(sasl.Client) sasl.Client{
				"initial response": func(c sasl.Client) sasl.Client { return c }, "later": withoutIR,
			} {
				c, err := NewCredential(Password, NewSecret(password)).Client(permit, Attempt{Mechanism: "PLAIN", Username: user, Host: host})
				if err != nil {
					t.Fatal(err)
				}
				var gotUser, gotPassword string
				err = converse(t, wrap(c), sasl.NewPlainServer(func(_, u, p string) error {
					gotUser, gotPassword = u, p
					return nil
				}))
				if err != nil || gotUser != user || gotPassword != password {
					t.Errorf("%s: got %q %q, %v\nwant %q %q", name, gotUser, gotPassword, err, user, password)
				}
			}
		}
	}
}

func TestExternal(t *testing.T) {
	for _, user := range []string{"", "me@example.com"} {
		for name, wrap := range map[string]func(sasl.Client) sasl.Client{"at once": func(c sasl.Client) sasl.Client { return c }, "later": withoutIR} {
			got := "unset"
			err := converse(t, wrap(clientOf(t, Certificate, "", Attempt{Mechanism: "EXTERNAL", Username: user})),
				sasl.NewExternalServer(func(identity string) error { got = identity; return nil }))
			if err != nil || got != user {
				t.Errorf("%s: got %q, %v\nwant %q", name, got, err, user)
			}
		}
	}
}

func TestLoginAnswersByPosition(t *testing.T) {
	for name, prompts := range map[string][2]string{
		"usual":   {"Username:", "Password:"},
		"old":     {"User Name\x00", "Password\x00"},
		"empty":   {"", ""},
		"foreign": {"Benutzer:", "Passwort:"},
	} {
		for _, text := range odd {
			c := clientOf(t, Password, text, Attempt{Mechanism: "LOGIN", Username: "u" + text})
			mechanism, ir, err := c.Start()
			if mechanism != "LOGIN" || ir != nil || err != nil {
				t.Fatalf("%s: Start: got %q %q %v, want no initial response", name, mechanism, ir, err)
			}
			for i, want := range []string{"u" + text, text} {
				got, err := c.Next([]byte(prompts[i]))
				if string(got) != want || err != nil {
					t.Errorf("%s: got %q, %v\nwant %q", name, got, err, want)
				}
			}
			if got, err := c.Next([]byte("more?")); err == nil {
				t.Errorf("%s: a third prompt: got %q, want an error", name, got)
			}
		}
	}
}

// The example of RFC 2195 §2.
func TestCRAMMD5(t *testing.T) {
	c := clientOf(t, Password, "tanstaaftanstaaf", Attempt{Mechanism: "CRAM-MD5", Username: "tim"})
	if _, ir, err := c.Start(); ir != nil || err != nil {
		t.Fatalf("Start: got %q, %v", ir, err)
	}
	got, err := c.Next([]byte("<1896.697170952@postoffice.reston.mci.net>"))
	want := "tim b913a602c7eda7a495b4e6e7334d3890"
	if string(got) != want || err != nil {
		t.Errorf("got  %q, %v\nwant %q", got, err, want)
	}
	if _, err := c.Next([]byte("<again>")); err == nil {
		t.Error("a second challenge: got no error")
	}
	if _, err := clientOf(t, Password, "x", Attempt{Mechanism: "CRAM-MD5", Username: "tim"}).Next(nil); err == nil {
		t.Error("an empty challenge: got no error")
	}
}

// The format of Google's documentation, "SASL XOAUTH2 mechanism".
func TestXOAuth2(t *testing.T) {
	c := clientOf(t, Token, "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg", Attempt{Mechanism: "xoauth2", Username: "someuser@example.com"})
	mechanism, ir, err := c.Start()
	got := base64.StdEncoding.EncodeToString(ir)
	want := "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ=="
	if mechanism != "XOAUTH2" || got != want || err != nil {
		t.Errorf("got  %s %s, %v\nwant XOAUTH2 %s", mechanism, got, err, want)
	}
}

// The first example of RFC 7628 §4.1, and §4.3 for the refusal.
func TestOAuthBearer(t *testing.T) {
	c := NewCredential(Token, NewSecret("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="))
	client, err := c.Client(authtest.Permit(t, "server.example.com"),
		Attempt{Mechanism: "OAUTHBEARER", Username: "user@example.com", Host: "server.example.com", Port: 143})
	if err != nil {
		t.Fatal(err)
	}
	_, ir, err := client.Start()
	got := base64.StdEncoding.EncodeToString(ir)
	want := "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB"
	if got != want || err != nil {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
	answer, err := client.Next([]byte(`{"status":"invalid_token"}`))
	if base64.StdEncoding.EncodeToString(answer) != "AQ==" || err != nil {
		t.Errorf("answer to the refusal: got %q, %v\nwant ^A", answer, err)
	}
}

func TestOAuthBearerNamesNoPortZero(t *testing.T) {
	for port, want := range map[uint16]string{
		0: "n,a=me,\x01host=" + host + "\x01auth=Bearer tok\x01\x01",
		1: "n,a=me,\x01host=" + host + "\x01port=1\x01auth=Bearer tok\x01\x01",
	} {
		_, ir, err := clientOf(t, Token, "tok", Attempt{Mechanism: "OAUTHBEARER", Username: "me", Port: port}).Start()
		if string(ir) != want || err != nil {
			t.Errorf("port %d: got  %q, %v\nwant %q", port, ir, err, want)
		}
	}
}

func TestOAuthBearerEscapesTheUserName(t *testing.T) {
	var got sasl.OAuthBearerOptions
	c := clientOf(t, Token, "tok", Attempt{Mechanism: "OAUTHBEARER", Username: "a=b,c@example.com", Port: 993})
	err := converse(t, c, sasl.NewOAuthBearerServer(func(o sasl.OAuthBearerOptions) *sasl.OAuthBearerError { got = o; return nil }))
	want := sasl.OAuthBearerOptions{Username: "a=3Db=2Cc@example.com", Token: "tok", Host: host, Port: 993}
	if err != nil || got != want {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
	}
}

func TestErrorChallengeIsAnsweredAndKept(t *testing.T) {
	long := bytes.Repeat([]byte("x"), maxChallenge+100)
	for _, row := range []struct {
		mechanism string
		challenge []byte
		answer    string
		kept      int
	}{
		{"XOAUTH2", []byte(`{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}`), "", -1},
		{"XOAUTH2", nil, "", -1},
		{"XOAUTH2", long, "", maxChallenge},
		{"OAUTHBEARER", []byte(`{"status":"401"}`), "\x01", -1},
		{"OAUTHBEARER", long, "\x01", maxChallenge},
	} {
		for name, wrap := range map[string]func(sasl.Client) sasl.Client{"at once": func(c sasl.Client) sasl.Client { return c }, "later": withoutIR} {
			c := wrap(clientOf(t, Token, "token", Attempt{Mechanism: row.mechanism, Username: "me"}))
			if Challenge(c) != nil {
				t.Errorf("%s %s: challenge before the exchange: %q", row.mechanism, name, Challenge(c))
			}
			if _, ir, _ := c.Start(); ir == nil {
				if _, err := c.Next([]byte{}); err != nil {
					t.Fatal(err)
				}
			}
			answer, err := c.Next(row.challenge)
			if answer == nil || string(answer) != row.answer || err != nil {
				t.Errorf("%s %s: got %#v, %v\nwant %q", row.mechanism, name, answer, err, row.answer)
			}
			want := row.challenge
			if row.kept >= 0 {
				want = want[:row.kept]
			}
			if !bytes.Equal(Challenge(c), want) {
				t.Errorf("%s %s: kept %d bytes, want %d", row.mechanism, name, len(Challenge(c)), len(want))
			}
			if got, err := c.Next([]byte("more")); err == nil {
				t.Errorf("%s %s: a second challenge: got %q, want an error", row.mechanism, name, got)
			}
		}
	}
}

func TestUnexpectedChallenge(t *testing.T) {
	for _, m := range []struct {
		kind Kind
		name string
	}{{Password, "PLAIN"}, {Certificate, "EXTERNAL"}} {
		c := clientOf(t, m.kind, "x", Attempt{Mechanism: m.name, Username: "me"})
		if _, _, err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if got, err := c.Next([]byte("what else?")); err == nil {
			t.Errorf("%s: got %q, want an error", m.name, got)
		}
	}
}

func TestIRFits(t *testing.T) {
	// "AUTH PLAIN " is 11 octets, CRLF two.
	for _, row := range []struct {
		protocol settings.Protocol
		size     int // of the response, before base64
		want     bool
	}{
		{settings.SMTP, 372, true},  // 496 in base64: 509
		{settings.SMTP, 375, false}, // 500: 513
		{settings.POP3, 180, true},  // 240: 253
		{settings.POP3, 183, false}, // 244: 257
		{settings.IMAP, 20000, true},
		{settings.SMTP, 0, true},
	} {
		if got := irFits(row.protocol, "PLAIN", make([]byte, row.size)); got != row.want {
			t.Errorf("%s, %d bytes: got %v, want %v", row.protocol, row.size, got, row.want)
		}
	}
	// The nearest to 512 that base64 allows: "AUTH XOAUTH2 " 13 + 496 + 2 is
	// 511, and "AUTH OAUTHBEARER " has four more.
	if !irFits(settings.SMTP, "XOAUTH2", make([]byte, 372)) {
		t.Error("XOAUTH2 with 511 octets does not fit")
	}
	if irFits(settings.SMTP, "OAUTHBEARER", make([]byte, 372)) {
		t.Error("OAUTHBEARER with 515 octets fits")
	}
	if !irFits(settings.POP3, strings.Repeat("X", 1000), nil) {
		t.Error("no response does not fit")
	}
}

func TestFitIR(t *testing.T) {
	for _, row := range []struct {
		protocol settings.Protocol
		token    int
		atOnce   bool
	}{
		{settings.SMTP, 100, true}, {settings.SMTP, 1028, false},
		{settings.POP3, 100, true}, {settings.POP3, 200, false},
		{settings.IMAP, 4000, true},
	} {
		token := strings.Repeat("t", row.token)
		c := FitIR(row.protocol, clientOf(t, Token, token, Attempt{Mechanism: "XOAUTH2", Username: "me"}))
		_, ir, err := c.Start()
		if err != nil || (ir != nil) != row.atOnce {
			t.Errorf("%s, %d: got %v bytes at once, %v; want at once %v", row.protocol, row.token, len(ir), err, row.atOnce)
		}
		if ir == nil {
			if ir, err = c.Next(nil); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Contains(ir, []byte(token)) {
			t.Errorf("%s, %d: the token is never sent", row.protocol, row.token)
		}
	}
}

func TestConfirmWithoutProof(t *testing.T) {
	if err := Confirm(withoutIR(clientOf(t, Password, "pw", Attempt{Mechanism: "PLAIN", Username: "me"}))); err != nil {
		t.Errorf("PLAIN: got %v, want nil: it has no proof", err)
	}
	var e *ExchangeError
	if err := Confirm(withoutIR(clientOf(t, Password, "pw", Attempt{Mechanism: "SCRAM-SHA-1", Username: "me"}))); !errors.As(err, &e) {
		t.Errorf("SCRAM before the exchange: got %v, want *ExchangeError", err)
	}
}

// withoutIR returns c without an initial response: what c would send at once,
// it gives to the server's first challenge.
func withoutIR(c sasl.Client) sasl.Client {
	return &laterIR{Client: c, fits: func(string, []byte) bool { return false }}
}
