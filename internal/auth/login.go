package auth

import (
	"github.com/emersion/go-sasl"

	"mailprobe/internal/secret"
)

// login is LOGIN (draft-murchison-sasl-login). It has no initial response,
// and answers by position: the prompts' wording is not standardised.
type login struct {
	username string
	secret   Secret
	asked    int
}

func newLogin(s Secret, a Attempt) sasl.Client { return &login{username: a.Username, secret: s} }

func (l *login) Start() (string, []byte, error) { return "LOGIN", nil, nil }

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
