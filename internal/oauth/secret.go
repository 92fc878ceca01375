package oauth

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

const redacted = "[redacted]"

// A Secret is token material that the token endpoint asks for: a client
// secret, a refresh token, an access token on its way to the caller. It cannot
// be printed, logged or marshalled: every way to do so gives "[redacted]".
// Only encode, for a Store, and the form sent to the token endpoint hold its
// value. The zero Secret is none.
type Secret struct{ value *string }

// NewSecret wraps value.
func NewSecret(value string) Secret { return Secret{&value} }

// ClientSecretFile reads a client secret from the first line of a file. A
// file that other users can read is refused.
func ClientSecretFile(path string) (Secret, error) {
	f, err := openPrivate(path)
	if err != nil {
		return Secret{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return Secret{}, fmt.Errorf("read the client secret: %w", err)
	}
	line, _, _ := strings.Cut(string(data), "\n")
	line = strings.TrimSuffix(line, "\r")
	if line == "" || !printable(line) {
		return Secret{}, fmt.Errorf("%s: the first line is no client secret", path)
	}
	return NewSecret(line), nil
}

// Empty reports whether there is no secret.
func (s Secret) Empty() bool { return s.reveal() == "" }

func (s Secret) String() string               { return redacted }
func (s Secret) GoString() string             { return redacted }
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
func (s Secret) LogValue() slog.Value         { return slog.StringValue(redacted) }

// Format answers every verb alike, so that %d or %x show no more than %v.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, redacted) }

func (s Secret) reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// printable reports whether s has no byte outside the visible ASCII
// characters and the blank: the alphabet of tokens and client secrets
// (RFC 6749 appendix A).
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}
