// Package auth holds the credential and the SASL mechanisms by which it is
// shown to a server. A secret leaves this package only against a
// tlscheck.Permit.
package auth

import (
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/emersion/go-sasl"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/secret"
	"mailprobe/internal/tlscheck"
)

// A Secret is a password or token that cannot be printed. The rooms above
// know it by this name and cannot open it.
type Secret = secret.Value

// NewSecret makes a Secret of text.
func NewSecret(text string) Secret { return secret.New(text) }

// A Kind says what a Credential's secret is.
type Kind string

const (
	Password    Kind = "password"
	Token       Kind = "token"       // an OAuth2 access token
	Certificate Kind = "certificate" // none of its own: the TLS client certificate (EXTERNAL)
)

// noun returns what a user calls the kind.
func (k Kind) noun() string {
	switch k {
	case Token:
		return "access token"
	case Certificate:
		return "client certificate"
	}
	return "password"
}

// one returns the noun with its article.
func (k Kind) one() string {
	if k == Token {
		return "an " + k.noun()
	}
	return "a " + k.noun()
}

// Ways returns what a settings.SignIn calls the ways by which a credential of
// this kind may sign in. A password shows by nothing whether it is one that the
// provider made for mail programs.
func (k Kind) Ways() []string {
	switch k {
	case Password:
		return []string{"app-password", "password", "encrypted"}
	case Token:
		return []string{"oauth2"}
	}
	return nil
}

// A Credential is what a user signs in with, beside the user name.
type Credential struct {
	Kind   Kind
	secret Secret
	each   map[string]Secret // by host, in lower case; nil: secret is for whatever host
}

// NewCredential makes a credential of a secret. With Certificate the secret
// is not used.
func NewCredential(kind Kind, s Secret) *Credential { return &Credential{Kind: kind, secret: s} }

// NewPasswords makes a credential of a password for each host. It can be shown
// to none: only what For returns can.
func NewPasswords(byHost map[string]Secret) *Credential {
	c := &Credential{Kind: Password, each: make(map[string]Secret, len(byHost))}
	for host, s := range byHost {
		c.each[hostKey(host)] = s
	}
	return c
}

// For returns what of c is for a host; nil: nothing is.
func (c *Credential) For(host string) *Credential {
	if c == nil || c.each == nil {
		return c
	}
	s, ok := c.each[hostKey(host)]
	if !ok {
		return nil
	}
	return NewCredential(c.Kind, s)
}

func hostKey(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }

// Same reports whether two credentials are of one kind and hold one secret: a
// server that counts what it rejects does not know that they came from two
// places. nil is the same as nothing.
func (c *Credential) Same(d *Credential) bool {
	if c == nil || d == nil {
		return false
	}
	return c.Kind == d.Kind && secret.Reveal(c.secret) == secret.Reveal(d.secret)
}

// Format writes the kind alone, whatever the verb.
func (c Credential) Format(f fmt.State, _ rune) {
	io.WriteString(f, string(c.Kind)+" "+secret.Redacted)
}

// LogValue is the kind alone.
func (c Credential) LogValue() slog.Value {
	return slog.StringValue(string(c.Kind) + " " + secret.Redacted)
}

// Reading returns what the text of an access token shows. It reports false if
// the credential is none.
func (c *Credential) Reading() (token.Reading, bool) {
	if c == nil || c.Kind != Token {
		return token.Reading{}, false
	}
	return token.Read(secret.Reveal(c.secret)), true
}

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
