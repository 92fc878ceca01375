package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"maps"
	"slices"

	"mailprobe/internal/secret"
)

// Fingerprint tells a credential from one with another secret and says nothing
// else of it: an HMAC-SHA-256 (RFC 2104) under a key that whoever remembers it
// draws at random and keeps nowhere. That of nil is all zero.
func (c *Credential) Fingerprint(key []byte) (sum [sha256.Size]byte) {
	if c == nil {
		return sum
	}
	mac := hmac.New(sha256.New, key)
	part := func(text string) {
		one := sha256.Sum256([]byte(text)) // of one size, so that no two lists of parts are alike
		mac.Write(one[:])
	}
	part(string(c.Kind))
	part(secret.Reveal(c.secret))
	for _, host := range slices.Sorted(maps.Keys(c.each)) {
		part(host)
		part(secret.Reveal(c.each[host]))
	}
	return [sha256.Size]byte(mac.Sum(nil))
}
