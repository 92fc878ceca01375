package auth

import (
	"github.com/emersion/go-sasl"

	"mailprobe/internal/secret"
)

// plain is PLAIN (RFC 4616). It makes the library's client, whose fields any
// printer can read, only when the exchange starts.
type plain struct {
	username string
	secret   Secret
}

func newPlain(s Secret, a Attempt) sasl.Client { return &plain{a.Username, s} }

func (p *plain) Start() (string, []byte, error) {
	return sasl.NewPlainClient("", p.username, secret.Reveal(p.secret)).Start()
}

func (p *plain) Next([]byte) ([]byte, error) { return nil, unexpected("PLAIN") }

// newExternal makes EXTERNAL (RFC 4422 appendix A). An empty user name leaves
// it to the server to take the one in the certificate.
func newExternal(_ Secret, a Attempt) sasl.Client { return sasl.NewExternalClient(a.Username) }

func unexpected(mechanism string) error {
	return &ExchangeError{Mechanism: mechanism, Detail: "the server asks for more than the mechanism has"}
}
