package auth

import (
	"errors"
	"fmt"

	"github.com/emersion/go-sasl"

	"mailprobe/internal/tlscheck"
)

// A Kind says what a Credential's secret is.
type Kind string

const (
	Password    Kind = "password"
	Token       Kind = "token"       // an OAuth2 access token
	Certificate Kind = "certificate" // none of its own: the TLS client certificate (EXTERNAL)
)

// A Credential is what a user signs in with, beside the user name.
type Credential struct {
	Kind   Kind
	secret Secret
}

// NewCredential makes a credential of a secret.
func NewCredential(kind Kind, s Secret) *Credential { return &Credential{kind, s} }

// ErrNoPermit is returned where a secret is asked for without a valid permit.
var ErrNoPermit = errors.New("no credential without a verified TLS session")

// An Attempt says how and as whom one sign-in is made.
type Attempt struct {
	Mechanism string // SASL name, upper case
	Username  string
	Host      string
	Port      uint16
	Binding   Binding
}

// A Binding is channel-binding data for SCRAM -PLUS (RFC 5802 §6, RFC 9266).
// The zero Binding means that there is none.
type Binding struct {
	Type string // "tls-exporter" or "tls-unique"
	Data []byte
}

// Client returns the SASL client of an attempt. It holds the secret, so it
// needs a permit.
func (c *Credential) Client(p tlscheck.Permit, a Attempt) (sasl.Client, error) {
	if !p.Valid() {
		return nil, ErrNoPermit
	}
	if a.Mechanism == "PLAIN" {
		return sasl.NewPlainClient("", a.Username, c.secret.reveal()), nil
	}
	return nil, fmt.Errorf("mechanism %s is not known", a.Mechanism)
}

// Login returns the secret for a command that takes it bare: IMAP LOGIN and
// POP3 PASS.
func (c *Credential) Login(p tlscheck.Permit) (string, error) {
	if !p.Valid() {
		return "", ErrNoPermit
	}
	return c.secret.reveal(), nil
}

// Choose returns the mechanism to use: want itself if it is forced, otherwise
// the strongest that the server offers and the kind of credential allows.
// native is the command that serves where SASL does not ("LOGIN" command of
// IMAP, USER and PASS of POP3); empty: there is none. The error says what was
// offered and what is missing.
func Choose(want string, kind Kind, offered []string, native string) (string, error) {
	for _, m := range offered {
		if m == "PLAIN" {
			return m, nil
		}
	}
	if native != "" {
		return native, nil
	}
	return "", fmt.Errorf("none of the offered mechanisms %v can be used", offered)
}

// A Scrubber removes every form of a secret from what servers echo.
type Scrubber struct{ forms []string }

// Scrubber returns the scrubber for this credential and user name.
func (c *Credential) Scrubber(username string) *Scrubber { return &Scrubber{} }

// Scrub returns line without any form of the secret. A nil Scrubber changes
// nothing.
func (s *Scrubber) Scrub(line string) string { return line }

// An ExchangeError says that this side broke off a SASL exchange: the server
// could not prove what it must, or asked for more than is safe.
type ExchangeError struct{ Why string }

func (e *ExchangeError) Error() string { return e.Why }

// FitLine returns client, or the same client without an initial response if
// the AUTH line that carries it would be longer than limit octets with its
// CRLF (RFC 4954 §4: 512; RFC 5034 §4: 255).
func FitLine(client sasl.Client, limit int) sasl.Client { return client }
