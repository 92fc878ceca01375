package lab

import (
	"bytes"
	"strings"

	"github.com/emersion/go-sasl"
)

// A bearerServer takes any answer to its error challenge as the dummy that
// RFC 7628 §3.2.3 wants.
type bearerServer struct {
	sasl.Server
	failed bool
}

func (b *bearerServer) Next(response []byte) ([]byte, bool, error) {
	if b.failed {
		response = []byte{1}
	}
	challenge, done, err := b.Server.Next(response)
	b.failed = len(challenge) > 0
	return challenge, done, err
}

// A loginServer is the server's side of LOGIN (draft-murchison-sasl-login).
type loginServer struct {
	signIn   *signIn
	username *string
}

func (l *loginServer) Next(response []byte) ([]byte, bool, error) {
	switch {
	case response == nil:
		return []byte("Username:"), false, nil
	case l.username == nil:
		name := string(response)
		l.username = &name
		return []byte("Password:"), false, nil
	}
	return nil, true, l.signIn.password(*l.username, string(response))
}

// xoauth2 is Google's and Microsoft's mechanism for OAuth2 access tokens.
const xoauth2 = "XOAUTH2"

// An xoauth2Server is the server's side of XOAUTH2.
type xoauth2Server struct {
	signIn *signIn
	err    error // told after the client has answered the error challenge
}

func (x *xoauth2Server) Next(response []byte) ([]byte, bool, error) {
	if x.err != nil {
		return nil, true, x.err
	}
	if response == nil {
		return []byte{}, false, nil
	}
	var username, token string
	for _, part := range bytes.Split(response, []byte{1}) {
		key, value, _ := strings.Cut(string(part), "=")
		switch key {
		case "user":
			username = value
		case "auth":
			token = bearerToken(value)
		}
	}
	if x.err = x.signIn.token(username, token); x.err != nil {
		return []byte(`{"status":"401","schemes":"bearer"}`), false, nil
	}
	return nil, true, nil
}

func bearerToken(value string) string {
	scheme, token, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return token
}
