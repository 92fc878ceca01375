package auth

import "github.com/emersion/go-sasl"

// maxChallenge bounds how much of a server's error challenge is kept, in
// bytes.
const maxChallenge = 8 << 10

func keep(challenge []byte) []byte {
	return append([]byte{}, challenge[:min(len(challenge), maxChallenge)]...)
}

// Challenge returns the error challenge that the server sent during the
// exchange: JSON with OAUTHBEARER and XOAUTH2, "e=..." with SCRAM. It is as
// received: scrub and escape it before output. Nil: there was none, or the
// mechanism has none.
func Challenge(c sasl.Client) []byte {
	if k, ok := c.(interface{ Challenge() []byte }); ok {
		return k.Challenge()
	}
	return nil
}

// Confirm asks, once the server has accepted the sign-in, whether it also
// proved to know the secret. It returns nil for mechanisms without such a
// proof and otherwise an *ExchangeError if the proof is missing or false
// (RFC 5802 §5: then the client must not go on).
func Confirm(c sasl.Client) error {
	if k, ok := c.(interface{ Confirm() error }); ok {
		return k.Confirm()
	}
	return nil
}
