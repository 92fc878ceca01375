package auth

import (
	"strconv"
	"strings"

	"github.com/emersion/go-sasl"

	"mailprobe/internal/secret"
)

// A bearer is one of the two mechanisms that show an OAuth2 access token. The
// server's answer to a bad token is a challenge with a reason in it, which
// must be answered before the verdict comes.
type bearer struct {
	mechanism string
	initial   Secret
	ack       []byte // the answer to an error challenge
	challenge []byte
	failed    bool
	shown     bool
}

// newXOAuth2 makes XOAUTH2, as Google and Microsoft describe it. An error
// challenge is answered with an empty line.
func newXOAuth2(token Secret, a Attempt) sasl.Client {
	return &bearer{
		mechanism: "XOAUTH2",
		initial:   NewSecret(xoauth2(a.Username, secret.Reveal(token))),
		ack:       []byte{},
	}
}

// newOAuthBearer makes OAUTHBEARER. An error challenge is answered with ^A
// (RFC 7628 §3.2.3).
func newOAuthBearer(token Secret, a Attempt) sasl.Client {
	return &bearer{
		mechanism: "OAUTHBEARER",
		initial:   NewSecret(oauthBearer(secret.Reveal(token), a)),
		ack:       []byte{1},
	}
}

func xoauth2(username, token string) string {
	return "user=" + username + "\x01auth=Bearer " + token + "\x01\x01"
}

// oauthBearer returns the client's message of RFC 7628 §3.1.
func oauthBearer(token string, a Attempt) string {
	var b strings.Builder
	b.WriteString("n,")
	if a.Username != "" {
		b.WriteString("a=" + saslName(a.Username))
	}
	b.WriteString(",\x01")
	if a.Host != "" {
		b.WriteString("host=" + a.Host + "\x01")
	}
	if a.Port != 0 {
		b.WriteString("port=" + strconv.Itoa(int(a.Port)) + "\x01")
	}
	b.WriteString("auth=Bearer " + token + "\x01\x01")
	return b.String()
}

// saslName escapes a user name for a GS2 header (RFC 5801 §4).
func saslName(name string) string {
	return strings.NewReplacer("=", "=3D", ",", "=2C").Replace(name)
}

func (b *bearer) Start() (string, []byte, error) {
	b.shown = true
	return b.mechanism, []byte(secret.Reveal(b.initial)), nil
}

func (b *bearer) Shown() bool { return b.shown }

func (b *bearer) Next(challenge []byte) ([]byte, error) {
	if b.failed {
		return nil, unexpected(b.mechanism)
	}
	b.failed = true
	b.challenge = keep(challenge)
	return b.ack, nil
}

func (b *bearer) Challenge() []byte { return b.challenge }

// Confirm refuses a consent behind an error challenge: the server said there
// that the token was refused, and must then say so (RFC 7628 §3.2.3).
func (b *bearer) Confirm() error {
	if len(b.challenge) == 0 {
		return nil
	}
	return &ExchangeError{Mechanism: b.mechanism, Detail: "the server agrees after it has refused the token in its challenge"}
}
