package oauth

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

const assertionLife = 5 * time.Minute

// assertion returns a JWT by which the application shows that it has the key
// of its certificate (RFC 7523 §2.2 and §3), in the form that Microsoft asks
// for: PS256 and the certificate's SHA-256 thumbprint.
func (c *Client) assertion(tokenURL string) (string, error) {
	key, ok := c.Certificate.PrivateKey.(*rsa.PrivateKey)
	if !ok || len(c.Certificate.Certificate) == 0 {
		return "", errors.New("the client certificate needs an RSA key")
	}
	thumbprint := sha256.Sum256(c.Certificate.Certificate[0])
	now := time.Now()
	header := map[string]any{"alg": "PS256", "typ": "JWT", "x5t#S256": base64.RawURLEncoding.EncodeToString(thumbprint[:])}
	claims := map[string]any{
		"aud": tokenURL, "iss": c.ClientID, "sub": c.ClientID, "jti": rand.Text(),
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	}
	text := segment(header) + "." + segment(claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPSS(rand.Reader, key, crypto.SHA256, sum[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	if err != nil {
		return "", fmt.Errorf("sign with the client certificate: %w", err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

func segment(v map[string]any) string {
	data, _ := json.Marshal(v)
	return base64.RawURLEncoding.EncodeToString(data)
}
