package realserver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"time"
)

const issuer = "https://idp.test"

// token returns a JSON Web Token (RFC 7519) signed by HS256, with the claims
// that Dovecot's local validation asks for.
func token(key []byte, user string, expires time.Time) string {
	issued := time.Now()
	if expires.Before(issued) {
		issued = expires
	}
	// Dovecot refuses a token from the future; clocks round.
	claims := map[string]any{
		"iss": issuer, "sub": user, "email": user,
		"iat": issued.Add(-time.Minute).Unix(), "exp": expires.Unix(),
	}
	signed := segment(map[string]any{"typ": "JWT", "alg": "HS256"}) + "." + segment(claims)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// segment encodes one part of a token. Maps of strings and numbers always
// marshal.
func segment(claims map[string]any) string {
	text, _ := json.Marshal(claims)
	return base64.RawURLEncoding.EncodeToString(text)
}

// keyName is where Dovecot looks for the key of tokens without "azp" and
// "kid"; it wants Base64.
const keyName = "keys/default/HS256/default"

func encodedKey(key []byte) []byte {
	return []byte(base64.StdEncoding.EncodeToString(key))
}
