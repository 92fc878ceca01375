// Package auth holds the credential and the SASL mechanisms by which it is
// shown to a server. A secret leaves this package only against a
// tlscheck.Permit.
package auth

import (
	"fmt"
	"io"
	"log/slog"
	"strings"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/secret"
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
