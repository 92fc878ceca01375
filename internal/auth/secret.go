// Package auth holds the credential and the SASL mechanisms by which it is
// shown to a server. A secret leaves this package only against a
// tlscheck.Permit.
package auth

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// A Secret is a password or token. It cannot be printed, logged or
// marshalled: every way to do so gives "[redacted]". The zero Secret is empty.
type Secret struct {
	// A function, not a string: reflection cannot look into it, so a printer
	// that ignores the methods below finds nothing either.
	value func() string
}

// NewSecret wraps value.
func NewSecret(value string) Secret {
	return Secret{func() string { return value }}
}

// Empty reports whether there is no secret.
func (s Secret) Empty() bool { return s.reveal() == "" }

func (s Secret) String() string                 { return redacted }
func (s Secret) GoString() string               { return redacted }
func (s Secret) Format(f fmt.State, _ rune)     { io.WriteString(f, redacted) }
func (s Secret) MarshalText() ([]byte, error)   { return []byte(redacted), nil }
func (s Secret) MarshalJSON() ([]byte, error)   { return []byte(`"` + redacted + `"`), nil }
func (s Secret) MarshalBinary() ([]byte, error) { return []byte(redacted), nil }
func (s Secret) LogValue() slog.Value           { return slog.StringValue(redacted) }

func (s Secret) reveal() string {
	if s.value == nil {
		return ""
	}
	return s.value()
}
