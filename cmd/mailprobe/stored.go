package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/auth/source"
	"mailprobe/internal/oauth"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// stored returns the credential of each target that login has stored; nil for
// a target without. All of it is nil if none is stored or another secret is
// given. With --oauth that is an error.
func (a *app) stored(ctx context.Context, f *runFlags, targets []target) ([]*auth.Credential, error) {
	given := f.sources(a).Given()
	switch {
	case f.oauth.force && f.oauth.never:
		return nil, errors.New("--oauth does not go with this command: its servers are not the provider's")
	case f.oauth.force && len(given) > 0:
		return nil, &source.ConflictError{First: "--oauth", Second: given[0]}
	case f.oauth.force && f.user == "":
		return nil, errors.New("--oauth needs the user who signed in; add --user ADDRESS")
	case len(given) > 0 || !f.oauth.wanted(f):
		return nil, nil
	}
	credentials := make([]*auth.Credential, len(targets))
	found := false
	for i, t := range targets {
		c, err := a.storedFor(ctx, f, t)
		if err != nil {
			return nil, err
		}
		credentials[i], found = c, found || c != nil
	}
	if !found {
		return nil, nil
	}
	return credentials, nil
}

// storedFor returns the stored credential for one target, renewed; nil: there
// is none. It is for the hosts that the provider documents and no others.
func (a *app) storedFor(ctx context.Context, f *runFlags, t target) (*auth.Credential, error) {
	if t.settings == nil || t.settings.OAuth == nil || !a.documents(t) {
		return nil, f.oauth.missing(fmt.Errorf("a token that login has stored is sent to a provider's documented servers only, and %s is none; "+
			"name the provider, or give a token by --token-command", safe.Display(t.text)))
	}
	k := oauth.Key{Provider: t.settings.ID, User: f.user, ClientID: f.oauth.clientID}
	place, err := storedAt(ctx, t.settings, k)
	if err != nil {
		return nil, err
	}
	if place == nil {
		return nil, f.oauth.missing(fmt.Errorf("%s has not signed in at %s; run: mailprobe login %s --user %s --client-id ID",
			safe.Display(f.user), t.settings.Name, t.settings.ID, safe.Display(f.user)))
	}
	return a.renewed(ctx, t, *place)
}

// documents reports whether the catalogue knows every host of a target as the
// provider's own.
func (a *app) documents(t target) bool {
	known, ok := a.providers.Lookup(t.settings.ID)
	if !ok {
		return false
	}
	for _, e := range t.endpoints {
		own := func(s settings.Setting) bool { return strings.EqualFold(s.Host, e.Host) }
		if !slices.ContainsFunc(known.Settings(), own) {
			return false
		}
	}
	return true
}

// renewed returns a token that can be used now. What it does not allow is
// said at once; the servers are asked all the same.
func (a *app) renewed(ctx context.Context, t target, p storedKey) (*auth.Credential, error) {
	c, err := oauth.New(oauth.Config{
		Provider: t.settings, User: p.key.User, ClientID: p.key.ClientID, Store: p.store, Transport: a.transport,
	})
	if err != nil {
		return nil, err
	}
	var access auth.Secret
	for _, e := range t.endpoints {
		token, err := c.Token(ctx, e.Protocol)
		if err != nil {
			return nil, loginError(ctx, t.settings, exitUsage, err)
		}
		if access = token.Access; len(token.Missing) > 0 {
			fmt.Fprintf(a.stderr, "warning: the stored sign-in lacks %s, which %s needs; sign in again with mailprobe login\n",
				safe.Display(strings.Join(token.Missing, " ")), e.Protocol.Name())
		}
	}
	credential := auth.NewCredential(auth.Token, access)
	return credential, credential.Check(p.key.User)
}
