package auth

import (
	"strings"

	"mailprobe/internal/secret"
)

// maxInput bounds user names and secrets, in bytes. The longest real tokens
// have a few thousand.
const maxInput = 64 << 10

// Check refuses what no mail protocol can carry, before anything is sent: a
// missing secret, and in secret and user name NUL and line breaks, by which
// one command would become two. An empty user name is not refused here. The
// error is an *InputError; it quotes nothing of the secret.
func (c *Credential) Check(username string) error {
	if c == nil {
		return &InputError{Field: Password.noun(), Fault: EmptyInput}
	}
	if err := checkInput("user name", username); err != nil {
		return err
	}
	if c.Kind == Certificate {
		return nil
	}
	if c.secret.Empty() {
		return &InputError{Field: c.Kind.noun(), Fault: EmptyInput}
	}
	if err := checkInput(c.Kind.noun(), secret.Reveal(c.secret)); err != nil {
		return err
	}
	if c.Kind == Token {
		return checkOAuth(username, secret.Reveal(c.secret))
	}
	return nil
}

func checkInput(field, text string) error {
	if len(text) > maxInput {
		return &InputError{Field: field, Fault: TooLongInput}
	}
	i := strings.IndexAny(text, "\x00\r\n")
	if i < 0 {
		return nil
	}
	fault := map[byte]InputFault{0: HoldsNUL, '\r': HoldsCR, '\n': HoldsLF}[text[i]]
	return &InputError{Field: field, Fault: fault}
}

// checkOAuth refuses ^A, which ends a field in XOAUTH2 and OAUTHBEARER, and
// white space in the token, which no token has (RFC 6750 §2.1).
func checkOAuth(username, token string) error {
	if strings.ContainsRune(username, '\x01') {
		return &InputError{Field: "user name", Fault: HoldsControl}
	}
	for i := range len(token) {
		if token[i] <= ' ' || token[i] == 0x7f {
			return &InputError{Field: Token.noun(), Fault: HoldsControl}
		}
	}
	return nil
}
