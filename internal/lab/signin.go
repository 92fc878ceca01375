package lab

import (
	"slices"
	"strings"

	"github.com/emersion/go-sasl"
)

// A verdict is what a server thinks of a sign-in.
type verdict int

const (
	accepted verdict = iota
	rejected
	unavailable // for the moment
	disabled    // for the organisation
	unknownMechanism
)

// A signIn judges the attempts of one connection to sign in. words turns a
// verdict other than accepted into the error that the protocol wants.
type signIn struct {
	server  *server
	words   func(verdict) error
	account *account // nil: nobody is signed in
}

// mechanisms lists the SASL mechanisms that are announced.
func (s *server) mechanisms() []string {
	var list []string
	if s.Fault != OAuthOnly {
		list = append(list, sasl.Plain, sasl.Login)
	}
	if s.Fault == OAuthOnly || s.lab.haveToken() {
		list = append(list, xoauth2, sasl.OAuthBearer)
	}
	return list
}

// password judges a user name and password.
func (i *signIn) password(username, password string) error {
	if i.server.Fault == OAuthOnly {
		return i.conclude(nil)
	}
	return i.conclude(i.server.lab.byPassword(i.server.Username, username, password))
}

// token judges a user name and OAuth2 access token.
func (i *signIn) token(username, token string) error {
	return i.conclude(i.server.lab.byToken(i.server.Username, username, token))
}

// conclude counts the attempt and says what came of it. Nil stands for
// nobody.
func (i *signIn) conclude(a *account) error {
	i.server.try()
	i.server.dawdle()
	v := i.server.judge(a)
	if v != accepted {
		i.server.count(func(t *Tally) { t.Refused++ })
		return i.words(v)
	}
	i.server.count(func(t *Tally) { t.Accepted++ })
	i.account = a
	return nil
}

func (s *server) judge(a *account) verdict {
	switch {
	case s.Fault == TemporaryFailure:
		return unavailable
	case s.Fault == SMTPAuthDisabled:
		return disabled
	case s.Fault == LoginRefused, a == nil:
		return rejected
	}
	return accepted
}

// sasl returns the server's side of a mechanism.
func (i *signIn) sasl(mechanism string) (sasl.Server, error) {
	if !slices.Contains(i.server.mechanisms(), mechanism) {
		return nil, i.words(unknownMechanism)
	}
	return &guarded{i, i.start(mechanism)}, nil
}

func (i *signIn) start(mechanism string) sasl.Server {
	switch mechanism {
	case sasl.Login:
		return &loginServer{signIn: i}
	case xoauth2:
		return &xoauth2Server{signIn: i}
	case sasl.OAuthBearer:
		return &bearerServer{Server: sasl.NewOAuthBearerServer(i.bearer)}
	}
	return sasl.NewPlainServer(func(identity, username, password string) error {
		if identity != "" && identity != username {
			return i.conclude(nil)
		}
		return i.password(username, password)
	})
}

func (i *signIn) bearer(o sasl.OAuthBearerOptions) *sasl.OAuthBearerError {
	name := strings.NewReplacer("=2C", ",", "=3D", "=").Replace(o.Username) // saslname, RFC 5801 §4
	if i.token(name, o.Token) != nil {
		return &sasl.OAuthBearerError{Status: "invalid_token", Schemes: "bearer"}
	}
	return nil
}

// guarded gives every failure of a mechanism the protocol's own words.
type guarded struct {
	signIn *signIn
	sasl.Server
}

func (g *guarded) Next(response []byte) ([]byte, bool, error) {
	challenge, done, err := g.Server.Next(response)
	if err == nil {
		return challenge, done, nil
	}
	v := g.signIn.server.judge(nil)
	return nil, true, g.signIn.words(v)
}
