package oauth

import (
	"fmt"
	"io"
	"strings"

	"mailprobe/internal/auth"
)

// ClientSecretFile reads a client secret from the first line of a file. A
// file that other users can read is refused.
func ClientSecretFile(path string) (auth.Secret, error) {
	f, err := openPrivate(path)
	if err != nil {
		return auth.Secret{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return auth.Secret{}, fmt.Errorf("read the client secret: %w", err)
	}
	line, _, _ := strings.Cut(string(data), "\n")
	line = strings.TrimSuffix(line, "\r")
	if line == "" || !printable(line) {
		return auth.Secret{}, fmt.Errorf("%s: the first line is no client secret", path)
	}
	return auth.NewSecret(line), nil
}

// printable reports whether s has no byte outside the visible ASCII
// characters and the blank: the alphabet of tokens and client secrets
// (RFC 6749 appendix A).
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}
