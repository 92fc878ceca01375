package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/auth/source"
	"mailprobe/internal/oauth"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// tokenStore returns where login keeps tokens, and what a user calls that
// place.
func tokenStore(keyring bool) (oauth.Store, string, error) {
	dir, err := tokenDir()
	switch {
	case err != nil:
		return nil, "", err
	case keyring:
		return oauth.NewKeyring(dir), "the keyring", nil
	}
	return oauth.NewFiles(dir), dir, nil
}

func tokenDir() (string, error) { return oauth.Dir(runtime.GOOS, os.Getenv) }

// A storedKey is where a sign-in may be stored.
type storedKey struct {
	store oauth.Store
	key   oauth.Key
}

// storesOf lists where the sign-ins that k names may be: in files, and with a
// client id, without which it cannot be searched, in the keyring.
func storesOf(s *settings.Settings, k oauth.Key) ([]storedKey, error) {
	dir, err := tokenDir()
	if err != nil {
		return nil, err
	}
	files := oauth.NewFiles(dir)
	if k.ClientID != "" {
		return []storedKey{{files, k}, {oauth.NewKeyring(dir), k}}, nil
	}
	keys, err := files.Find(s.ID, k.User)
	var all []storedKey
	for _, key := range keys {
		all = append(all, storedKey{files, key})
	}
	return all, err
}

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
		if !slices.ContainsFunc(known.Endpoints, own) {
			return false
		}
	}
	return true
}

// storedAt returns where the sign-in that k names is; nil: nowhere.
func storedAt(ctx context.Context, s *settings.Settings, k oauth.Key) (*storedKey, error) {
	places, err := storesOf(s, k)
	if err != nil {
		return nil, err
	}
	if k.ClientID == "" && len(places) > 1 {
		return nil, fmt.Errorf("%s has signed in at %s with %d applications; name one by --client-id ID",
			safe.Display(k.User), s.Name, len(places))
	}
	for _, p := range places {
		if _, err := p.store.Load(ctx, p.key); err == nil {
			return &p, nil
		} else if !errors.Is(err, oauth.ErrNotLoggedIn) && k.ClientID == "" {
			return nil, err
		}
	}
	return nil, nil
}

// renewed returns a token that can be used now. What it does not allow is
// said at once; the servers are asked all the same.
func (a *app) renewed(ctx context.Context, t target, p storedKey) (*auth.Credential, error) {
	c, err := oauth.New(oauth.Config{
		Settings: t.settings, User: p.key.User, ClientID: p.key.ClientID, Store: p.store, Transport: a.transport,
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

// oauthFlags choose a sign-in that login has stored.
type oauthFlags struct {
	force    bool
	clientID string
	never    bool // the command reaches no provider
}

// wanted reports whether a stored token is to be looked for.
func (o oauthFlags) wanted(f *runFlags) bool {
	if o.force {
		return true
	}
	_, err := tokenDir()
	return err == nil && !o.never && f.user != "" && f.certificate.file == "" && !strings.EqualFold(f.auth, "none")
}

// missing is err if a stored token was demanded; otherwise nil.
func (f oauthFlags) missing(err error) error {
	if f.force {
		return err
	}
	return nil
}
