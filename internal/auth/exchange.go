package auth

import (
	"encoding/base64"

	"github.com/emersion/go-sasl"

	"mailprobe/internal/secret"
	"mailprobe/internal/settings"
)

// maxChallenge bounds how much of a server's error challenge is kept, in
// bytes.
const maxChallenge = 8 << 10

func keep(challenge []byte) []byte {
	return append([]byte{}, challenge[:min(len(challenge), maxChallenge)]...)
}

// Challenge returns the error challenge that the server sent during the
// exchange: JSON with OAUTHBEARER and XOAUTH2, "e=..." with SCRAM. It is as
// received: scrub and escape it before output. Nil: there was none, or the
// mechanism has none.
func Challenge(c sasl.Client) []byte {
	if k, ok := c.(interface{ Challenge() []byte }); ok {
		return k.Challenge()
	}
	return nil
}

// Confirm asks, once the server has accepted the sign-in, whether it also
// proved to know the secret. It returns nil for mechanisms without such a
// proof and otherwise an *ExchangeError if the proof is missing or false
// (RFC 5802 §5: then the client must not go on).
func Confirm(c sasl.Client) error {
	if k, ok := c.(interface{ Confirm() error }); ok {
		return k.Confirm()
	}
	return nil
}

// Shown reports whether the client has given out the message that holds the
// secret, or the proof of it: before that a server has nothing to judge, and
// its consent is none (RFC 4422 §3.6).
func Shown(c sasl.Client) bool {
	k, ok := c.(interface{ Shown() bool })
	return ok && k.Shown()
}

func unexpected(mechanism string) error {
	return &ExchangeError{Mechanism: mechanism, Detail: "the server asks for more than the mechanism has"}
}

// irFits reports whether an initial response may stand on the line of the
// command that starts the mechanism. SMTP allows 512 octets (RFC 4954 §4),
// POP3 255 (RFC 5034 §4), both with CRLF; servers answer a longer line as if
// the token were bad. IMAP has no limit, but wants SASL-IR announced
// (RFC 4959), to which the client library sees. A nil ir always fits.
func irFits(p settings.Protocol, mechanism string, ir []byte) bool {
	if ir == nil {
		return true
	}
	line := len("AUTH ") + len(mechanism) + len(" ") + max(base64.StdEncoding.EncodedLen(len(ir)), len("=")) + len("\r\n")
	switch p {
	case settings.SMTP:
		return line <= 512
	case settings.POP3:
		return line <= 255
	}
	return true
}

// FitIR returns c with its initial response if that fits on the command's line
// in the protocol, and otherwise without: what c would send at once, it then
// gives to the server's first challenge.
func FitIR(p settings.Protocol, c sasl.Client) sasl.Client {
	return &laterIR{Client: c, fits: func(mechanism string, ir []byte) bool { return irFits(p, mechanism, ir) }}
}

// WithoutIR returns c without an initial response, for servers that take none:
// what c would send at once, it then gives to the server's first challenge.
func WithoutIR(c sasl.Client) sasl.Client {
	return &laterIR{Client: c, fits: func(string, []byte) bool { return false }}
}

type laterIR struct {
	sasl.Client
	fits    func(mechanism string, ir []byte) bool
	pending Secret
	holding bool
}

func (l *laterIR) Start() (string, []byte, error) {
	mechanism, ir, err := l.Client.Start()
	if err != nil || ir == nil || l.fits(mechanism, ir) {
		return mechanism, ir, err
	}
	l.pending, l.holding = NewSecret(string(ir)), true
	return mechanism, nil, nil
}

func (l *laterIR) Next(challenge []byte) ([]byte, error) {
	if !l.holding {
		return l.Client.Next(challenge)
	}
	ir := []byte(secret.Reveal(l.pending))
	l.pending, l.holding = Secret{}, false
	return ir, nil
}

func (l *laterIR) Challenge() []byte { return Challenge(l.Client) }
func (l *laterIR) Confirm() error    { return Confirm(l.Client) }
func (l *laterIR) Shown() bool       { return !l.holding && Shown(l.Client) }
