package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"

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
func storesOf(ctx context.Context, s *settings.Provider, k oauth.Key) ([]storedKey, error) {
	dir, err := tokenDir()
	if err != nil {
		return nil, err
	}
	files := oauth.NewFiles(dir)
	if k.ClientID != "" {
		return []storedKey{{files, k}, {oauth.NewKeyring(dir), k}}, nil
	}
	keys, err := files.Find(ctx, s.ID, k.User)
	var all []storedKey
	for _, key := range keys {
		all = append(all, storedKey{files, key})
	}
	return all, err
}

// storedAt returns where the sign-in that k names is; nil: nowhere.
func storedAt(ctx context.Context, s *settings.Provider, k oauth.Key) (*storedKey, error) {
	places, err := storesOf(ctx, s, k)
	if err != nil {
		return nil, err
	}
	if k.ClientID == "" && len(places) > 1 {
		return nil, fmt.Errorf("%s has signed in at %s with %d applications; name one by --client-id ID",
			safe.Display(k.User), s.Name, len(places))
	}
	var unreadable error // of the file; a keyring that cannot be reached says nothing
	for i, p := range places {
		_, err := p.store.Load(ctx, p.key)
		if err == nil {
			return &p, nil
		}
		if !errors.Is(err, oauth.ErrNotLoggedIn) && i == 0 {
			unreadable = err
		}
	}
	return nil, unreadable
}
