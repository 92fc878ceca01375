package source

import (
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

// A secretSource is one place to look.
type secretSource struct {
	name string // as the user gave it
	kind auth.Kind
	read func(context.Context, account) (string, error)
}

// given lists the sources that the user named, in a fixed order.
func (o Options) given() []secretSource {
	all := []struct {
		secretSource
		given bool
	}{
		{secretSource{"--password-file", auth.Password, o.file(o.PasswordFile)}, o.PasswordFile != ""},
		{secretSource{"--token-file", auth.Token, o.file(o.TokenFile)}, o.TokenFile != ""},
		{secretSource{"--password-command", auth.Password, o.command(o.PasswordCommand)}, o.PasswordCommand != ""},
		{secretSource{"--token-command", auth.Token, o.command(o.TokenCommand)}, o.TokenCommand != ""},
		{secretSource{PasswordVariable, auth.Password, o.variable(PasswordVariable)}, o.isSet(PasswordVariable)},
		{secretSource{TokenVariable, auth.Token, o.variable(TokenVariable)}, o.isSet(TokenVariable)},
		{secretSource{o.netrcFlag(), auth.Password, o.netrc}, o.Netrc || o.NetrcFile != ""},
		{secretSource{"--keyring", auth.Password, o.keyring}, o.Keyring},
	}
	var given []secretSource
	for _, s := range all {
		if s.given {
			given = append(given, s.secretSource)
		}
	}
	return given
}

// credential makes a credential of what a source gave.
func (s secretSource) credential(text, user string) (*auth.Credential, error) {
	clean := password
	if s.kind == auth.Token {
		clean = token
	}
	value, err := clean(text)
	if err != nil {
		return nil, err
	}
	c := auth.NewCredential(s.kind, auth.NewSecret(value))
	return c, c.Check(user)
}

func (o Options) lookup(name string) (string, bool) {
	if o.lookupEnv == nil {
		return os.LookupEnv(name)
	}
	return o.lookupEnv(name)
}

// empty lists the variables that are set but hold nothing.
func (o Options) empty() []string {
	var names []string
	for _, name := range []string{PasswordVariable, TokenVariable} {
		if value, set := o.lookup(name); set && value == "" {
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
