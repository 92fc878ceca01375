// Package secret keeps a text from being shown by accident. Only who imports
// this package can open what it keeps; a test lists every place that does.
package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// Redacted stands wherever a secret is printed.
const Redacted = "[redacted]"

// A Value is a password, a token or a key. It cannot be printed, logged or
// marshalled: every way to do so gives Redacted. The zero Value is empty.
type Value struct {
	// A function, not a string: reflection cannot look into it, so a printer
	// that ignores the methods below finds nothing either.
	open func() string
}

// New keeps text.
func New(text string) Value { return Value{func() string { return text }} }

// Reveal returns the text of v. It is a function of this package and no
// method, so that whoever is only handed a Value cannot call it.
func Reveal(v Value) string {
	if v.open == nil {
		return ""
	}
	return v.open()
}

// Empty reports whether there is no secret.
func (v Value) Empty() bool { return Reveal(v) == "" }

func (v Value) String() string                 { return Redacted }
func (v Value) GoString() string               { return Redacted }
func (v Value) Format(f fmt.State, _ rune)     { io.WriteString(f, Redacted) }
func (v Value) MarshalText() ([]byte, error)   { return []byte(Redacted), nil }
func (v Value) MarshalJSON() ([]byte, error)   { return []byte(`"` + Redacted + `"`), nil }
func (v Value) MarshalBinary() ([]byte, error) { return []byte(Redacted), nil }
func (v Value) LogValue() slog.Value           { return slog.StringValue(Redacted) }
