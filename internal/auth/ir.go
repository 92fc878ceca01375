package auth

import (
	"encoding/base64"

	"github.com/emersion/go-sasl"

	"mailprobe/internal/secret"
	"mailprobe/internal/settings"
)

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
