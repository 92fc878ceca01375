// Package source finds the secret to sign in with: in a file, from a
// command, in the environment, a netrc file, the keyring, or typed at the
// terminal. A secret is never the value of a flag, where other users of the
// machine can read it.
package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
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
	Offered         bool   // nobody has asked for a sign-in: an empty answer at the terminal, or its end, is a no, and there is a *NoneError
	NoVariables     bool   // look in no other variables than those that are named here
	PasswordEnv     string // the variable with the password; empty: the standard one
	TokenEnv        string // the variable with the token; empty: the standard one
	TokenAlone      bool   // look for a token only

	Stdin  io.Reader // nil: nothing can be read there
	Stderr io.Writer // warnings, and what a command says there; nil: lost

	// For tests; nil and zero mean the system's own and the standard time.
	lookupEnv func(string) (string, bool)
	tty       func() (*os.File, error)
	keyringOf func(service, user string) (string, error)
	timeouts  timeouts
}

// timeouts bound each source that may hang; zero means the default.
type timeouts struct {
	command time.Duration // zero: 60 s
	file    time.Duration // a pipe that nobody writes to; zero: 60 s
	keyring time.Duration // zero: 10 s
}

// Find returns the credential of user for hosts and says where it was found. A
// netrc file has a password for each host, and none for one that it does not
// name; every other source has one secret for all.
// Exactly one source may be given: two are a *ConflictError. If there is none
// and nobody can be asked, the error is a *NoneError. Other failures are an
// *Error, or ctx's.
func Find(ctx context.Context, o Options, user string, hosts ...string) (*auth.Credential, string, error) {
	given := o.given()
	if len(given) > 1 {
		return nil, "", &ConflictError{First: given[0].name, Second: given[1].name}
	}
	s := o.prompt()
	if len(given) == 1 {
		s = given[0]
	}
	found, err := s.find(ctx, account{user, hosts})
	switch {
	case errors.Is(err, errNobody):
		return nil, "", &NoneError{Empty: o.empty(), NoPrompt: o.NoPrompt}
	case ctx.Err() != nil:
		return nil, "", ctx.Err()
	case err != nil:
		return nil, "", &Error{Source: s.name, Err: err}
	}
	return found, s.name, nil
}

// An account says whose secret is looked for, and for which hosts.
type account struct {
	user  string
	hosts []string
}

// host returns the first host, by which people are told; empty: none.
func (a account) host() string {
	if len(a.hosts) == 0 {
		return ""
	}
	return a.hosts[0]
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

// errNoEntry is inside the *Error of a netrc file or keyring that has no
// entry for the account.
var errNoEntry = errors.New("no entry")

// errNobody says that there is nobody to ask.
var errNobody = errors.New("no terminal")

// A NoneError says that no secret is given and nobody can be asked for one.
type NoneError struct {
	Empty    []string // variables that are set but empty, as where a build service lacks a secret
	NoPrompt bool     // to ask is forbidden; otherwise there is no terminal
}

func (e *NoneError) Error() string {
	switch {
	case len(e.Empty) > 0:
		return "no password or token was given: " + strings.Join(e.Empty, " and ") + " is empty"
	case e.NoPrompt:
		return "no password or token was given, and --no-prompt forbids to ask for one"
	}
	return "no password or token was given, and there is no terminal to ask for one"
}

// A ConflictError says that two secrets are given.
type ConflictError struct{ First, Second string }

func (e *ConflictError) Error() string {
	cure := "leave one of them out"
	for _, name := range []string{e.First, e.Second} {
		if strings.HasPrefix(name, "MAILPROBE_") {
			cure = "leave one of them out (unset " + name + " to use the other)"
			break
		}
	}
	return fmt.Sprintf("two secrets are given, by %s and by %s; %s", e.First, e.Second, cure)
}

// An Error says why a source gave no secret. It quotes nothing that may be
// secret.
type Error struct {
	Source string // the flag or variable
	Err    error
}

func (e *Error) Error() string { return e.Source + ": " + e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }
