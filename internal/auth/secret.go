// Package auth holds the credential and the SASL mechanisms by which it is
// shown to a server. A secret leaves this package only against a
// tlscheck.Permit.
package auth

import "log/slog"

const redacted = "[redacted]"

// A Secret is a password or token. It cannot be printed, logged or
// marshalled: every way to do so gives "[redacted]".
type Secret struct{ value *string }

// NewSecret wraps value.
func NewSecret(value string) Secret { return Secret{&value} }

// Empty reports whether there is no secret.
func (s Secret) Empty() bool { return s.value == nil || *s.value == "" }

func (s Secret) String() string               { return redacted }
func (s Secret) GoString() string             { return redacted }
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
func (s Secret) LogValue() slog.Value         { return slog.StringValue(redacted) }

func (s Secret) reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}
