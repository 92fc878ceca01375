package auth

import (
	"crypto/hmac"
	"crypto/md5"
	"encoding/hex"

	"github.com/emersion/go-sasl"

	"mailprobe/internal/secret"
)

// cramMD5 is CRAM-MD5 (RFC 2195).
type cramMD5 struct {
	username string
	secret   Secret
	answered bool
}

func newCRAMMD5(s Secret, a Attempt) sasl.Client { return &cramMD5{username: a.Username, secret: s} }

func (c *cramMD5) Start() (string, []byte, error) { return "CRAM-MD5", nil, nil }

func (c *cramMD5) Next(challenge []byte) ([]byte, error) {
	if c.answered {
		return nil, unexpected("CRAM-MD5")
	}
	if len(challenge) == 0 {
		return nil, &ExchangeError{Mechanism: "CRAM-MD5", Detail: "the server sends no challenge"}
	}
	c.answered = true
	mac := hmac.New(md5.New, []byte(secret.Reveal(c.secret)))
	mac.Write(challenge)
	return []byte(c.username + " " + hex.EncodeToString(mac.Sum(nil))), nil
}
