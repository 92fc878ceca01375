package source

import (
	"cmp"
	"context"
	"os"

	"mailprobe/internal/auth"
)

// Given returns the flags and variables by which the user names a secret, in
// a fixed order. It reads none of them.
func (o Options) Given() []string {
	o.Stderr = nil // Find warns
	var names []string
	for _, s := range o.given() {
		names = append(names, s.name)
	}
	return names
}

// GivenKind returns what kind of secret the user names; empty: none is named.
func (o Options) GivenKind() auth.Kind {
	o.Stderr = nil // Find warns
	if given := o.given(); len(given) > 0 {
		return given[0].kind
	}
	return ""
}

// A secretSource is one place to look.
type secretSource struct {
	name string // as the user gave it
	kind auth.Kind
	read func(context.Context, account) (string, error)
	each func(context.Context, account) (map[string]string, error) // a password for each host; nil: read gives one secret for all
}

// given lists the sources that the user named, in a fixed order.
func (o Options) given() []secretSource {
	passwordEnv, tokenEnv := o.variables()
	all := []struct {
		secretSource
		given bool
	}{
		{secretSource{name: "--password-file", kind: auth.Password, read: o.file(o.PasswordFile)}, o.PasswordFile != ""},
		{secretSource{name: "--token-file", kind: auth.Token, read: o.file(o.TokenFile)}, o.TokenFile != ""},
		{secretSource{name: "--password-command", kind: auth.Password, read: o.command(o.PasswordCommand)}, o.PasswordCommand != ""},
		{secretSource{name: "--token-command", kind: auth.Token, read: o.command(o.TokenCommand)}, o.TokenCommand != ""},
		{secretSource{name: passwordEnv, kind: auth.Password, read: o.variable(passwordEnv)}, !o.TokenAlone && o.isSet(passwordEnv)},
		{secretSource{name: tokenEnv, kind: auth.Token, read: o.variable(tokenEnv)}, o.isSet(tokenEnv)},
		{secretSource{name: o.netrcFlag(), kind: auth.Password, each: o.netrc}, o.Netrc || o.NetrcFile != ""},
		{secretSource{name: "--keyring", kind: auth.Password, read: o.keyring}, o.Keyring},
	}
	var given []secretSource
	for _, s := range all {
		if s.given && (s.kind == auth.Token || !o.TokenAlone) {
			given = append(given, s.secretSource)
		}
	}
	return given
}

// variables returns the names of the variables that may hold a secret; empty:
// none may.
func (o Options) variables() (password, token string) {
	if o.NoVariables {
		return o.PasswordEnv, o.TokenEnv
	}
	return cmp.Or(o.PasswordEnv, PasswordVariable), cmp.Or(o.TokenEnv, TokenVariable)
}

// find reads a source and makes a credential of what it gave.
func (s secretSource) find(ctx context.Context, a account) (*auth.Credential, error) {
	if s.each == nil {
		text, err := s.read(ctx, a)
		if err != nil {
			return nil, err
		}
		c, _, err := s.credential(text, a.user)
		return c, err
	}
	texts, err := s.each(ctx, a)
	if err != nil {
		return nil, err
	}
	byHost := make(map[string]auth.Secret, len(texts))
	for host, text := range texts {
		if _, byHost[host], err = s.credential(text, a.user); err != nil {
			return nil, err
		}
	}
	return auth.NewPasswords(byHost), nil
}

// credential makes a credential of one text, and its secret alone.
func (s secretSource) credential(text, user string) (*auth.Credential, auth.Secret, error) {
	clean := password
	if s.kind == auth.Token {
		clean = token
	}
	value, err := clean(text)
	if err != nil {
		return nil, auth.Secret{}, err
	}
	secret := auth.NewSecret(value)
	c := auth.NewCredential(s.kind, secret)
	if r, isToken := c.Reading(); isToken && !r.Usable() {
		return c, secret, nil // it is judged, and sent nowhere
	}
	return c, secret, c.Check(user)
}

func (o Options) lookup(name string) (string, bool) {
	if o.lookupEnv == nil {
		return os.LookupEnv(name)
	}
	return o.lookupEnv(name)
}

// empty lists the variables that are set, or named, but hold nothing.
func (o Options) empty() []string {
	var names []string
	passwordEnv, tokenEnv := o.variables()
	for _, name := range []string{passwordEnv, tokenEnv} {
		named := name != "" && (name == o.PasswordEnv || name == o.TokenEnv)
		if value, set := o.lookup(name); (set || named) && value == "" {
			names = append(names, name)
		}
	}
	return names
}

// isSet reports whether a variable holds something. An empty one is how a
// shell clears it and how a build service passes a secret that it lacks.
func (o Options) isSet(name string) bool {
	value, set := o.lookup(name)
	if set && value == "" {
		o.warn(name + " is set but empty: it is ignored")
	}
	return value != ""
}

func (o Options) variable(name string) func(context.Context, account) (string, error) {
	return func(context.Context, account) (string, error) {
		value, _ := o.lookup(name)
		return value, nil
	}
}
