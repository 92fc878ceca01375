package auth

import (
	"crypto/md5" //nolint:gosec // RFC 1939 knows no other digest; it goes out over verified TLS only
	"encoding/hex"
	"regexp"

	"mailprobe/internal/tlscheck"
)

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
	return hex.EncodeToString(sum[:]), nil
}
