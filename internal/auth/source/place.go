package source

import (
	"context"

	"mailprobe/internal/auth"
)

// The environment variables that may hold an application's secret, and a
// refresh token.
const (
	ClientSecretVariable = "MAILPROBE_CLIENT_SECRET"
	RefreshTokenVariable = "MAILPROBE_REFRESH_TOKEN"
)

// A Place is where a secret lies that is no account's password or token, such
// as an application's.
type Place struct {
	Flag     string // "--client-secret": its forms end in -file and -command
	File     string // "-": Stdin
	Command  string // for the shell
	Variable string // of the environment; it counts only if the others are empty
}

// Read returns the secret of a place, the first line of what is there. It is
// empty where the place names nothing. A file and a command at once are a
// *ConflictError; other failures are an *Error, or ctx's.
func (o Options) Read(ctx context.Context, p Place) (auth.Secret, error) {
	s := secretSource{name: p.Variable, read: o.variable(p.Variable)}
	switch {
	case p.File != "" && p.Command != "":
		return auth.Secret{}, &ConflictError{First: p.Flag + "-file", Second: p.Flag + "-command"}
	case p.File != "":
		s = secretSource{name: p.Flag + "-file", read: o.file(p.File)}
	case p.Command != "":
		s = secretSource{name: p.Flag + "-command", read: o.command(p.Command)}
	case p.Variable == "" || !o.isSet(p.Variable):
		return auth.Secret{}, nil
	}
	text, err := s.read(ctx, account{})
	if err == nil {
		text, err = password(text)
	}
	switch {
	case ctx.Err() != nil:
		return auth.Secret{}, ctx.Err()
	case err != nil:
		return auth.Secret{}, &Error{Source: s.name, Err: err}
	}
	return auth.NewSecret(text), nil
}
