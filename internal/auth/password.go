package auth

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // the digest of RFC 1939 and RFC 2195; it goes out over verified TLS only
	"encoding/hex"
	"regexp"

	"github.com/emersion/go-sasl"

	"mailprobe/internal/secret"
	"mailprobe/internal/tlscheck"
)

// plain is PLAIN (RFC 4616). It makes the library's client, whose fields any
// printer can read, only when the exchange starts.
type plain struct {
	username string
	secret   Secret
	shown    bool
}

func newPlain(s Secret, a Attempt) sasl.Client { return &plain{username: a.Username, secret: s} }

func (p *plain) Shown() bool { return p.shown }

func (p *plain) Start() (string, []byte, error) {
	p.shown = true
	return sasl.NewPlainClient("", p.username, secret.Reveal(p.secret)).Start()
}

func (p *plain) Next([]byte) ([]byte, error) { return nil, unexpected("PLAIN") }

// login is LOGIN (draft-murchison-sasl-login). It has no initial response,
// and answers by position: the prompts' wording is not standardised.
type login struct {
	username string
	secret   Secret
	asked    int
}

func newLogin(s Secret, a Attempt) sasl.Client { return &login{username: a.Username, secret: s} }

func (l *login) Start() (string, []byte, error) { return "LOGIN", nil, nil }

func (l *login) Shown() bool { return l.asked >= 2 }

func (l *login) Next([]byte) ([]byte, error) {
	l.asked++
	switch l.asked {
	case 1:
		return []byte(l.username), nil
	case 2:
		return []byte(secret.Reveal(l.secret)), nil
	}
	return nil, unexpected("LOGIN")
}

// cramMD5 is CRAM-MD5 (RFC 2195).
type cramMD5 struct {
	username string
	secret   Secret
	scrubber *Scrubber
	answered bool
}

func newCRAMMD5(s Secret, a Attempt) sasl.Client {
	return &cramMD5{username: a.Username, secret: s, scrubber: a.Scrubber}
}

func (c *cramMD5) Shown() bool { return c.answered }

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
	digest := mac.Sum(nil)
	c.scrubber.Learn(NewSecret(string(digest)))
	c.scrubber.Learn(NewSecret(hex.EncodeToString(digest)))
	return []byte(c.username + " " + hex.EncodeToString(digest)), nil
}

// timestamp is what a POP3 greeting must hold for APOP: a msg-id (RFC 1939
// §7). A looser one would let a server choose text that helps it to find the
// password.
var timestamp = regexp.MustCompile(`<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,200}>`)

// APOPTimestamp returns the timestamp in a POP3 greeting; empty: the server
// does not offer APOP.
func APOPTimestamp(greeting string) string { return timestamp.FindString(greeting) }

// APOP returns the digest by which the POP3 command APOP shows a password for
// a timestamp of the server (RFC 1939 §7). Errors: *InputError, ErrNoPermit,
// *HostError, *MechanismError, *ExchangeError.
func (c *Credential) APOP(p tlscheck.Permit, a Attempt, timestamp string) (string, error) {
	password, err := c.Login(p, a.Host, a.Username)
	if err != nil {
		return "", err
	}
	if APOPTimestamp(timestamp) != timestamp || timestamp == "" {
		return "", &ExchangeError{Mechanism: "APOP", Detail: "the server's greeting holds no timestamp"}
	}
	sum := md5.Sum([]byte(timestamp + password)) //nolint:gosec // as above
	a.Scrubber.Learn(NewSecret(string(sum[:])))
	a.Scrubber.Learn(NewSecret(hex.EncodeToString(sum[:])))
	return hex.EncodeToString(sum[:]), nil
}
