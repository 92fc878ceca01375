package auth

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/emersion/go-sasl"
)

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

// An OAuthChallenge is what a server says of a refused access token
// (RFC 7628 §3.2.2). Empty fields were not sent.
type OAuthChallenge struct {
	Status        string // "invalid_token", "insufficient_scope", "400", "401", ...
	Schemes       string
	Scope         string
	Configuration string // URL of the authorization server's description
}

// ParseOAuthChallenge reads an error challenge and reports whether it was one.
// Servers send the status as a string or a number, and lists where the RFC
// wants a string; both are taken.
func ParseOAuthChallenge(challenge []byte) (OAuthChallenge, bool) {
	var raw map[string]json.RawMessage
	if len(challenge) > maxChallenge || json.Unmarshal(challenge, &raw) != nil || len(raw) == 0 {
		return OAuthChallenge{}, false
	}
	return OAuthChallenge{
		Status:        words(raw["status"]),
		Schemes:       words(raw["schemes"]),
		Scope:         words(raw["scope"]),
		Configuration: words(raw["openid-configuration"]),
	}, true
}

// words returns a JSON string, number, or list of them as one string; other
// values give "".
func words(raw json.RawMessage) string {
	return strings.Join(list(raw), " ")
}

// list returns a JSON string, number, or list of them.
func list(raw json.RawMessage) []string {
	var many []json.RawMessage
	if json.Unmarshal(raw, &many) != nil {
		many = []json.RawMessage{raw}
	}
	var all []string
	for _, one := range many[:min(len(many), maxClaimValues)] {
		if text, err := scalar(one); err == nil {
			all = append(all, text)
		}
	}
	return all
}

var errNoScalar = errors.New("neither a string nor a number")

func scalar(raw json.RawMessage) (string, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil && string(raw) != "null" {
		return text, nil
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil && number != "" {
		return number.String(), nil
	}
	return "", errNoScalar
}
