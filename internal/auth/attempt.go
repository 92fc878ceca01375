package auth

import (
	"strings"

	"github.com/emersion/go-sasl"

	"mailprobe/internal/secret"
	"mailprobe/internal/tlscheck"
)

// An Attempt says how and as whom one sign-in is made.
type Attempt struct {
	Mechanism string // SASL name; case does not matter
	Username  string // empty only with EXTERNAL and OAUTHBEARER: whom the certificate or token names
	Host      string // the server that is signed in to, as in the permit
	Port      uint16 // named in OAUTHBEARER; 0: not named
	Binding   Binding
	Scrubber  *Scrubber // is told each response that is computed from the secret; nil: nobody is
}

// A Binding is channel-binding data for SCRAM -PLUS (RFC 5802 §6, RFC 9266).
// The zero Binding means that there is none.
type Binding struct {
	Type string // "tls-exporter" or "tls-unique"
	Data []byte
}

func (b Binding) usable() bool { return b.Type != "" && len(b.Data) > 0 }

// Client returns the SASL client of an attempt. It holds the secret, so it
// needs a permit, and one for the attempt's host. Errors: *InputError,
// ErrNoPermit, *HostError, *MechanismError.
//
// The client never answers (nil, nil). After the exchange, Challenge gives
// what the server said of a refusal and Confirm whether the server proved to
// know the secret, where the mechanism has such a proof.
func (c *Credential) Client(p tlscheck.Permit, a Attempt) (sasl.Client, error) {
	if err := c.Check(a.Username); err != nil {
		return nil, err
	}
	if err := permits(p, a.Host); err != nil {
		return nil, err
	}
	if r, isToken := c.Reading(); isToken && !r.Usable() {
		return nil, &InputError{Field: Token.noun(), Fault: NoToken}
	}
	m, known := mechanismNamed(a.Mechanism)
	switch {
	case !known:
		return nil, &MechanismError{Want: a.Mechanism, Kind: c.Kind, Reason: NotKnown}
	case m.kind != c.Kind:
		return nil, &MechanismError{Want: m.name, Kind: c.Kind, Reason: WrongKind}
	case m.binds && !a.Binding.usable():
		return nil, &MechanismError{Want: m.name, Kind: c.Kind, Reason: NoBinding}
	case a.Username == "" && !m.anonymous:
		return nil, &InputError{Field: "user name", Fault: EmptyInput}
	}
	return m.client(c.secret, a), nil
}

// Login returns the secret for a command that takes it bare: IMAP LOGIN and
// POP3 PASS. Only a password is ever sent so, and to no other host than the
// permit's. Errors: *InputError, ErrNoPermit, *HostError, *MechanismError.
func (c *Credential) Login(p tlscheck.Permit, host, username string) (string, error) {
	if err := c.Check(username); err != nil {
		return "", err
	}
	if err := permits(p, host); err != nil {
		return "", err
	}
	if c.Kind != Password {
		return "", &MechanismError{Kind: c.Kind, Reason: WrongKind}
	}
	return secret.Reveal(c.secret), nil
}

// permits reports whether p allows a credential to be shown to host.
func permits(p tlscheck.Permit, host string) error {
	if !p.Valid() {
		return ErrNoPermit
	}
	if !strings.EqualFold(strings.TrimSuffix(host, "."), strings.TrimSuffix(p.ServerName(), ".")) {
		return &HostError{Permitted: p.ServerName(), Host: host}
	}
	return nil
}
