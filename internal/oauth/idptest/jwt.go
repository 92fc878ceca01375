package idptest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

// JWT returns claims signed with key by HS256 (RFC 7515, RFC 7519).
func JWT(key []byte, claims map[string]any) string {
	text := segment(map[string]any{"alg": "HS256", "typ": "JWT"}) + "." + segment(claims)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func segment(v map[string]any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // claims of a test that JSON has no form for
	}
	return base64.RawURLEncoding.EncodeToString(data)
}
