package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"mailprobe/internal/auth"
	"mailprobe/internal/auth/source"
	"mailprobe/internal/oauth"
	"mailprobe/internal/probe"
	"mailprobe/internal/safe"
	"mailprobe/internal/target"
)

// secretFlags say where the password or token comes from. None of them takes
// the secret itself.
type secretFlags struct {
	passwordFile, passwordCommand string
	tokenFile, tokenCommand       string
	netrc                         bool
	netrcFile                     string
	keyring                       bool
	noPrompt, yes                 bool

	named                 bool // by a suite, which looks in no other variables
	passwordEnv, tokenEnv string
}

func (f *secretFlags) register(set *pflag.FlagSet) {
	set.StringVar(&f.passwordFile, "password-file", "", "read the password from the first line of `FILE` (- is the standard input)")
	set.StringVar(&f.passwordCommand, "password-command", "", "take the password from the output of this shell `COMMAND`")
	set.StringVar(&f.tokenFile, "token-file", "", "read an OAuth2 access token from `FILE` (- is the standard input)")
	set.StringVar(&f.tokenCommand, "token-command", "", "take an OAuth2 access token from the output of this shell `COMMAND`")
	set.BoolVar(&f.netrc, "netrc", false, "look the password up in ~/.netrc")
	set.StringVar(&f.netrcFile, "netrc-file", "", "look the password up in this netrc `FILE`")
	set.BoolVar(&f.keyring, "keyring", false, "look the password up in the keyring of this computer")
	set.BoolVar(&f.noPrompt, "no-prompt", false, "never ask for anything at the terminal")
	set.BoolVar(&f.yes, "yes", false, "sign in also where nothing shows that the account is one of the provider's")
}

// given reports whether a flag names a secret.
func (f *secretFlags) given() bool {
	return f.passwordFile != "" || f.passwordCommand != "" || f.tokenFile != "" || f.tokenCommand != "" ||
		f.netrc || f.netrcFile != "" || f.keyring || f.passwordEnv != "" || f.tokenEnv != ""
}

// A shown is what a target is signed in to with.
type shown struct {
	credential *auth.Credential // nil: none
	missing    string           // why there is none although signing in is asked for; empty: it is not asked for, or there is one
}

// showTo gives a run what there is to sign in with at its target.
func (s shown) showTo(o *probe.Options, t target.Target) {
	o.Credential, o.Missing = s.credential, s.missing
	if t.Guessed && o.Credential != nil {
		o.Credential, o.Missing = nil, "nobody publishes these servers, they are guessed: no password goes to them"
	}
}

// secrets are what there is to sign in with at each target, looked at before
// anything is dialled.
func (a *app) secrets(ctx context.Context, f *runFlags, who signIn, targets []target.Target) ([]shown, error) {
	secrets, err := a.credentials(ctx, f, who, targets)
	switch {
	case err != nil && f.late(ctx):
		fmt.Fprintf(a.stderr, "mailprobe: the time for the whole run (%s) was over before there was anything to sign in with; repeat with a longer --timeout\n", f.timeout)
		late := shown{missing: "the time for the whole run was over before there was anything to sign in with"}
		secrets = slices.Repeat([]shown{late}, len(targets)) // the report says that nothing was begun
	case err != nil:
		return nil, err
	}
	if f.oauth.never {
		return secrets, nil
	}
	return secrets, a.look(secrets, targets)
}

// credentials returns what each target is signed in to with. A token that
// login has stored is for its own provider; what the user gives by a flag is
// for every target.
func (a *app) credentials(ctx context.Context, f *runFlags, who signIn, targets []target.Target) ([]shown, error) {
	if f.noSignIn() {
		return make([]shown, len(targets)), nil
	}
	if f.grant.asked() {
		limited, cancel := f.within(ctx)
		defer cancel()
		if got, err := a.unattended(limited, f, who, targets); got != nil || err != nil {
			return got, err
		}
	}
	var damaged *oauth.DamagedError
	stored, err := a.kept(ctx, f, who, targets)
	if stored != nil || err != nil && (f.oauth.forced() || !errors.As(err, &damaged)) {
		return stored, err
	}
	if err := a.confirm(ctx, f, who, targets); err != nil {
		return nil, err
	}
	s, err := a.find(ctx, f, who, targets)
	if err == nil && s.credential == nil && damaged != nil {
		err = damaged
	}
	if s.missing != "" {
		s.missing += f.oauth.unsearched(targets)
	}
	return slices.Repeat([]shown{s}, len(targets)), err
}

// kept returns what login has stored: where a sign-in was asked for, and where a
// person would be asked for a password otherwise. That one need not be of use.
func (a *app) kept(ctx context.Context, f *runFlags, who signIn, targets []target.Target) ([]shown, error) {
	offered := !who.asked && !f.oauth.forced()
	if offered && (who.Address == "" || !a.offers(f, targets)) {
		return nil, nil
	}
	limited, cancel := f.within(ctx)
	defer cancel()
	stored, err := a.stored(limited, f, who, targets)
	switch {
	case !offered:
	case err != nil && ctx.Err() == nil:
		fmt.Fprintf(a.stderr, "mailprobe: what 'mailprobe login' has stored for %s is of no use: %v\n", safe.Display(who.Address), err)
		return nil, nil
	case stored != nil:
		fmt.Fprintf(a.stderr, "mailprobe: signing in as %s with what 'mailprobe login' has stored (--auth none: do not sign in)\n", safe.Display(who.Address))
	}
	return stored, err
}

// find returns the credential to sign in with.
func (a *app) find(ctx context.Context, f *runFlags, who signIn, targets []target.Target) (shown, error) {
	if !who.Known() {
		if f.secrets.given() {
			return shown{}, errors.New("there is a password but no user; add --user ADDRESS")
		}
		return shown{}, nil
	}
	o := f.sources(a)
	if f.certificate.file != "" && len(o.Given()) == 0 {
		return shown{credential: auth.NewCredential(auth.Certificate, auth.Secret{})}, nil
	}
	o.Offered = !who.asked
	o.NoPrompt = o.NoPrompt || !who.asked && !a.offers(f, targets)
	if len(o.Given()) == 0 {
		defer f.stopClock()() // whoever types a password takes the time that it takes
	} else {
		var cancel context.CancelFunc
		ctx, cancel = f.within(ctx)
		defer cancel()
	}
	c, _, err := source.Find(ctx, o, who.Owner(), hosts(targets)...)
	var none *source.NoneError
	switch {
	case err != nil && errors.Is(ctx.Err(), context.Canceled):
		return shown{}, interrupted()
	case errors.As(err, &none) && !who.asked && len(none.Empty) == 0: // an address as target asks for no sign-in by itself
		return shown{}, nil
	case errors.As(err, &none):
		return shown{missing: none.Error()}, nil
	}
	return shown{credential: c}, err
}

// hosts returns every host of the targets once.
func hosts(targets []target.Target) []string {
	var all []string
	for _, t := range targets {
		for _, s := range t.Settings {
			if !slices.Contains(all, s.Host) {
				all = append(all, s.Host)
			}
		}
	}
	return all
}

// sources says where a secret may come from.
func (f *runFlags) sources(a *app) source.Options {
	s := f.secrets
	return source.Options{
		PasswordFile: s.passwordFile, PasswordCommand: s.passwordCommand,
		TokenFile: s.tokenFile, TokenCommand: s.tokenCommand,
		Netrc: s.netrc, NetrcFile: s.netrcFile, Keyring: s.keyring,
		NoVariables: s.named, PasswordEnv: s.passwordEnv, TokenEnv: s.tokenEnv,
		NoPrompt: s.noPrompt, Stdin: a.stdin, Stderr: a.stderr,
	}
}
