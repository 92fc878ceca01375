package main

import (
	"context"
	"errors"

	"github.com/spf13/pflag"

	"mailprobe/internal/auth"
	"mailprobe/internal/auth/source"
)

// secretFlags say where the password or token comes from. None of them takes
// the secret itself.
type secretFlags struct {
	passwordFile, passwordCommand string
	tokenFile, tokenCommand       string
	netrc                         bool
	netrcFile                     string
	keyring                       bool
	noPrompt                      bool
}

func (f *secretFlags) register(set *pflag.FlagSet) {
	set.StringVar(&f.passwordFile, "password-file", "", "read the password from the first line of `FILE` (- is the standard input)")
	set.StringVar(&f.passwordCommand, "password-command", "", "take the password from the output of this shell `COMMAND`")
	set.StringVar(&f.tokenFile, "token-file", "", "read an OAuth2 access token from `FILE` (- is the standard input)")
	set.StringVar(&f.tokenCommand, "token-command", "", "take an OAuth2 access token from the output of this shell `COMMAND`")
	set.BoolVar(&f.netrc, "netrc", false, "look the password up in ~/.netrc")
	set.StringVar(&f.netrcFile, "netrc-file", "", "look the password up in this netrc `FILE`")
	set.BoolVar(&f.keyring, "keyring", false, "look the password up in the keyring of this computer")
	set.BoolVar(&f.noPrompt, "no-prompt", false, "never ask for a password at the terminal")
}

// given reports whether a flag names a secret.
func (f *secretFlags) given() bool {
	return f.passwordFile != "" || f.passwordCommand != "" || f.tokenFile != "" || f.tokenCommand != "" ||
		f.netrc || f.netrcFile != "" || f.keyring
}

// find returns the credential to sign in with; nil: signing in is not tested.
// asked says that the user named the account to sign in to.
func (a *app) find(ctx context.Context, f *runFlags, host string, asked bool) (*auth.Credential, error) {
	s := f.secrets
	if f.user == "" && f.username == "" {
		if s.given() {
			return nil, errors.New("there is a password but no user; add --user ADDRESS")
		}
		return nil, nil
	}
	c, _, err := source.Find(ctx, source.Options{
		PasswordFile: s.passwordFile, PasswordCommand: s.passwordCommand,
		TokenFile: s.tokenFile, TokenCommand: s.tokenCommand,
		Netrc: s.netrc, NetrcFile: s.netrcFile, Keyring: s.keyring,
		NoPrompt: s.noPrompt || !asked,
		Stdin:    a.stdin, Stderr: a.stderr,
	}, f.account(), host)
	if err != nil && ctx.Err() != nil {
		return nil, &statusError{status: exitInterrupted, err: errors.New("interrupted")}
	}
	return c, err
}

// account is whom the secret belongs to.
func (f *runFlags) account() string {
	if f.user != "" {
		return f.user
	}
	return f.username
}
