package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"mailprobe/internal/discover"
	"mailprobe/internal/oauth"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// logoutFlags are the flags of logout.
type logoutFlags struct {
	netFlags
	user, clientID string
	all            bool
	noPrompt       bool
}

func (a *app) logoutCommand() *cobra.Command {
	var f logoutFlags
	c := &cobra.Command{
		Use:   "logout PROVIDER --user ADDRESS",
		Short: "Forget the tokens of a sign-in by OAuth2",
		Long: `logout removes the stored tokens of a user at a provider, from the files and,
with --client-id, from the keyring; with --all those of everybody, from the
files. The provider's own record of the consent stays until you withdraw it
there.`,
		Example: "  mailprobe logout office365 --user me@corp.com\n  mailprobe logout --all",
		Args: func(c *cobra.Command, args []string) error {
			if f.all {
				return cobra.NoArgs(c, args)
			}
			return oneTarget(c, args)
		},
		ValidArgsFunction: a.completeTargets,
		RunE: func(c *cobra.Command, args []string) error {
			if f.all {
				return a.logoutAll(c.Context(), &f)
			}
			return a.logout(c.Context(), &f, args[0])
		},
	}
	set := c.Flags()
	set.StringVarP(&f.user, "user", "u", "", "the `ADDRESS` that was signed in as")
	set.StringVar(&f.clientID, "client-id", "", "forget the sign-in with this application `ID` only")
	set.BoolVar(&f.all, "all", false, "forget every sign-in that is stored in files")
	set.BoolVar(&f.noPrompt, "no-prompt", false, "never ask for anything (it never does)")
	f.netFlags.register(set)
	f.registerTimeout(set, 30*time.Second, "limit for finding out whose domain it is, such as 30s")
	set.SortFlags = false
	return c
}

func (a *app) logout(ctx context.Context, f *logoutFlags, provider string) error {
	switch err := f.check(); {
	case err != nil:
		return err
	case f.user == "":
		return errors.New("no user; add --user ADDRESS")
	}
	if err := checkAddress(f.user); err != nil {
		return err
	}
	f.begin(f.timeout)
	ctx, cancel := f.within(ctx)
	defer cancel()
	places, err := a.signedInAt(ctx, f, provider)
	if err != nil {
		return err
	}
	n := 0
	for _, s := range places {
		one, err := forget(ctx, s, oauth.Key{Provider: s.ID, ClientID: f.clientID, User: f.user})
		if err != nil {
			return err
		}
		n += one
	}
	name := places[0].Name
	if n == 0 {
		return fmt.Errorf("no sign-in of %s at %s is stored", safe.Display(f.user), safe.Display(name))
	}
	_, err = fmt.Fprintf(a.stdout, "signed out %s at %s; %d stored on this computer removed\n", safe.Display(f.user), safe.Display(name), n)
	return err
}

// signedInAt returns where login may have signed in by a name: where it would
// now, and at a domain's own service, which its documents need not name any
// more. It returns at least one.
func (a *app) signedInAt(ctx context.Context, f *logoutFlags, name string) (places []*settings.Provider, err error) {
	t, err := a.published(ctx, &f.netFlags, name)
	domain, none := discover.Domain(name)
	isDomain := none == nil && strings.Contains(domain, ".")
	switch {
	case err != nil && !isDomain:
		return nil, err
	case err == nil && t.Provider != nil && t.Provider.OAuth == nil:
		return nil, fmt.Errorf("%s has no sign-in by OAuth2 for mail programs", t.Provider.Name)
	case err == nil && t.Provider != nil:
		places = append(places, t.Provider)
	case err == nil && t.Domain == "":
		return nil, fmt.Errorf("%s is a server; name the provider that was signed in at, such as office365", safe.Display(name))
	}
	if isDomain {
		places = append(places, &settings.Provider{ID: domain, Name: domain})
	}
	return places, nil
}

// logoutAll forgets every sign-in in files.
func (a *app) logoutAll(ctx context.Context, f *logoutFlags) error {
	if f.user != "" || f.clientID != "" {
		return errors.New("--all forgets every sign-in; leave --user and --client-id out")
	}
	dir, err := tokenDir()
	if err != nil {
		return err
	}
	n, err := oauth.NewFiles(dir).DeleteAll(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "%d stored on this computer removed\n", n)
	return err
}

// forget removes the stored sign-ins that k names, all of the user's without
// a client id, and returns how many there were.
func forget(ctx context.Context, s *settings.Provider, k oauth.Key) (int, error) {
	stores, err := storesOf(ctx, s, k)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, found := range stores {
		if _, err := found.store.Load(ctx, found.key); errors.Is(err, oauth.ErrNotLoggedIn) {
			continue
		}
		if err := oauth.SignOut(ctx, found.store, found.key); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
