package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"mailprobe/internal/auth"
	"mailprobe/internal/auth/source"
	"mailprobe/internal/oauth"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
)

// oauthFlags choose a sign-in that login has stored.
type oauthFlags struct {
	force    bool
	clientID string
	never    bool // the command reaches no provider
}

func (o *oauthFlags) register(set *pflag.FlagSet) {
	set.BoolVar(&o.force, "oauth", false, "sign in with the token that 'mailprobe login' has stored (the default where there is one)")
	set.StringVar(&o.clientID, "client-id", "", "use the stored token of the application with this `ID`, and no other secret")
}

// forced reports whether a stored token is demanded: to name the application is
// as good as --oauth.
func (o oauthFlags) forced() bool { return o.force || o.clientID != "" }

// wanted reports whether a stored token is to be looked for.
func (o oauthFlags) wanted(f *runFlags, who signIn) bool {
	if o.forced() {
		return true
	}
	_, err := tokenDir()
	return err == nil && !o.never && who.Address != "" && f.certificate.file == "" && !f.noSignIn()
}

// unsearched says that there is no place where login keeps sign-ins, so that
// none was looked for; empty: there is, or the targets have no such sign-in.
func (o oauthFlags) unsearched(targets []target.Target) string {
	_, err := tokenDir()
	signsIn := func(t target.Target) bool { return t.Provider != nil && t.Provider.OAuth != nil }
	if err == nil || o.never || !slices.ContainsFunc(targets, signsIn) {
		return ""
	}
	return "; and there is " + err.Error()
}

// missing is err if a stored token was demanded; otherwise nil.
func (o oauthFlags) missing(err error) error {
	if o.forced() {
		return err
	}
	return nil
}

// stored returns the credential of each target that login has stored, and for
// a target without why it has none. All of it is nil if none is stored or
// another secret is given. With --oauth that is an error.
func (a *app) stored(ctx context.Context, f *runFlags, who signIn, targets []target.Target) ([]shown, error) {
	given := f.sources(a).Given()
	switch {
	case f.oauth.forced() && f.oauth.never:
		return nil, errors.New("--oauth does not go with this command: its servers are not the provider's")
	case f.oauth.forced() && len(given) > 0:
		first := "--oauth"
		if !f.oauth.force {
			first = "--client-id"
		}
		return nil, &source.ConflictError{First: first, Second: given[0]}
	case f.oauth.forced() && who.Address == "":
		return nil, errors.New("--oauth needs the user who signed in; add --user ADDRESS")
	case len(given) > 0 || !f.oauth.wanted(f, who):
		return nil, nil
	}
	var all []shown
	renewed := make(map[*settings.Provider]*auth.Credential) // of one account there is one, however often it is named
	for _, t := range targets {
		c := renewed[t.Provider]
		if c == nil {
			var err error
			if c, err = a.storedFor(ctx, f, who, t); err != nil {
				return nil, err
			}
			renewed[t.Provider] = c
		}
		s := shown{credential: c}
		if c == nil {
			s.missing = fmt.Sprintf("no sign-in of %s is stored for %s; elsewhere the stored one is used, which is for its own provider", who.Address, t.Text)
		}
		all = append(all, s)
	}
	if !slices.ContainsFunc(all, func(s shown) bool { return s.credential != nil }) {
		return nil, nil
	}
	return all, nil
}

// storedFor returns the stored credential for one target, renewed; nil: there
// is none. It is for the hosts that the provider documents and no others.
func (a *app) storedFor(ctx context.Context, f *runFlags, who signIn, t target.Target) (*auth.Credential, error) {
	if t.Provider == nil && t.Domain != "" && !t.Guessed && len(t.Doubtful) == 0 {
		if own, err := a.storedOfDomain(ctx, f, who, t); err != nil || own != nil {
			return own, err
		}
	}
	if t.Provider == nil || t.Provider.OAuth == nil || !a.documents(t) {
		return nil, f.oauth.missing(fmt.Errorf("a token that login has stored is sent to a provider's documented servers only, and %s is none; "+
			"name the provider, or give a token by --token-command", safe.Display(t.Text)))
	}
	k := oauth.Key{Provider: t.Provider.ID, User: who.Address, ClientID: f.oauth.clientID}
	place, err := storedAt(ctx, t.Provider, k)
	if err != nil {
		return nil, err
	}
	if place == nil {
		if other, err := storedAt(ctx, t.Provider, oauth.Key{Provider: k.Provider, User: k.User}); k.ClientID != "" && err == nil && other != nil {
			return nil, f.oauth.missing(fmt.Errorf("%s has not signed in at %s with the application %s, but with another: pass --client-id %s, or --oauth alone",
				safe.Display(who.Address), t.Provider.Name, safe.Display(k.ClientID), safe.Display(other.key.ClientID)))
		}
		return nil, f.oauth.missing(fmt.Errorf("%s has not signed in at %s; run: mailprobe login %s --user %s --client-id ID",
			safe.Display(who.Address), t.Provider.Name, t.Provider.ID, safe.Display(who.Address)))
	}
	return a.renewed(ctx, f, t, *place)
}

// documents reports whether the catalogue knows every host of a target as the
// provider's own.
func (a *app) documents(t target.Target) bool {
	known, ok := a.providers.Lookup(t.Provider.ID)
	if !ok {
		return false
	}
	for _, e := range t.Settings {
		own := func(s settings.Setting) bool { return strings.EqualFold(s.Host, e.Host) }
		if !slices.ContainsFunc(known.Settings(), own) {
			return false
		}
	}
	return true
}

// renewed returns a token that can be used now. What it does not allow is
// said at once; the servers are asked all the same.
func (a *app) renewed(ctx context.Context, f *runFlags, t target.Target, p storedKey) (*auth.Credential, error) {
	transport, err := f.transport(a)
	if err != nil {
		return nil, err
	}
	secret, err := source.Options{Stderr: a.stderr}.Read(ctx, source.Place{Variable: source.ClientSecretVariable})
	if err != nil {
		return nil, err
	}
	c, err := oauth.New(oauth.Config{
		Provider: t.Provider, User: p.key.User, ClientID: p.key.ClientID, Secret: secret, Store: p.store, Transport: transport, Command: a.secretCommand, Workload: a.federated,
	})
	if err != nil {
		return nil, err
	}
	var access auth.Secret
	for _, e := range t.Settings {
		token, err := c.Token(ctx, e.Protocol)
		if err != nil {
			return nil, loginError(ctx, t.Provider, exitUsage, err)
		}
		if access = token.Access; len(token.Missing) > 0 {
			fmt.Fprintf(a.stderr, "warning: the stored sign-in lacks %s, which %s needs; sign in again with mailprobe login\n",
				safe.Display(strings.Join(token.Missing, " ")), e.Protocol.Name())
		}
	}
	credential := auth.NewCredential(auth.Token, access)
	return credential, credential.Check(p.key.User)
}
