// Package source finds the secret to sign in with: in a file, from a
// command, in the environment, a netrc file, the keyring, or typed at the
// terminal. A secret is never the value of a flag, where other users of the
// machine can read it.
package source

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"mailprobe/internal/auth"
)

// The environment variables that may hold a secret.
const (
	PasswordVariable = "MAILPROBE_PASSWORD"
	TokenVariable    = "MAILPROBE_TOKEN"
)

// Options say where to look. The zero Options look in the environment and
// then ask at the terminal.
type Options struct {
	PasswordFile    string // "-": Stdin
	PasswordCommand string // for the shell
	TokenFile       string // "-": Stdin
	TokenCommand    string // for the shell
	Netrc           bool   // look in NetrcFile
	NetrcFile       string // empty: $NETRC, or else .netrc in the home directory; naming one is as good as Netrc
	Keyring         bool   // look in the operating system's keyring
	NoPrompt        bool   // never ask at the terminal

	LookupEnv func(string) (string, bool)                // nil: os.LookupEnv
	Stdin     io.Reader                                  // nil: nothing can be read there
	Stderr    io.Writer                                  // warnings, and what a command says there; nil: lost
	OpenTTY   func() (*os.File, error)                   // nil: the controlling terminal
	KeyringOf func(service, user string) (string, error) // nil: the operating system's keyring
	Timeouts  Timeouts
}

// Timeouts bound each source that may hang; zero means the default.
type Timeouts struct {
	Command time.Duration // zero: 60 s
	File    time.Duration // a pipe that nobody writes to; zero: 60 s
	Keyring time.Duration // zero: 10 s
}

// Find returns the credential of user for host and says where it was found.
// Exactly one source may be given: two are a *ConflictError. If there is none
// and nobody can be asked, the credential is nil, and the error too. Other
// failures are an *Error, or ctx's.
func Find(ctx context.Context, o Options, user, host string) (*auth.Credential, string, error) {
	given := o.given()
	if len(given) > 1 {
		return nil, "", &ConflictError{First: given[0].name, Second: given[1].name}
	}
	s := o.prompt()
	if len(given) == 1 {
		s = given[0]
	}
	text, err := s.read(ctx, account{user, host})
	switch {
	case errors.Is(err, errNobody):
		return nil, "", nil
	case ctx.Err() != nil:
		return nil, "", ctx.Err()
	case err != nil:
		return nil, "", &Error{Source: s.name, Err: err}
	}
	c, err := s.credential(text, user)
	if err != nil {
		return nil, "", &Error{Source: s.name, Err: err}
	}
	return c, s.name, nil
}

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

// An account says whose secret is looked for.
type account struct{ user, host string }

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
	if o.LookupEnv == nil {
		return os.LookupEnv(name)
	}
	return o.LookupEnv(name)
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

func (o Options) warn(line string) {
	if o.Stderr != nil {
		io.WriteString(o.Stderr, "warning: "+line+"\n")
	}
}

func orElse(d, standard time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return standard
}
