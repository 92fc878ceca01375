package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"mailprobe/internal/oauth"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

func (a *app) logoutCommand() *cobra.Command {
	var user, clientID string
	c := &cobra.Command{
		Use:   "logout PROVIDER --user ADDRESS",
		Short: "Forget the tokens of a sign-in by OAuth2",
		Long: `logout removes the stored tokens of a user at a provider, from the files and,
with --client-id, from the keyring. The provider's own record of the consent
stays until you withdraw it there.`,
		Example:           "  mailprobe logout office365 --user me@corp.com",
		Args:              oneTarget,
		ValidArgsFunction: a.completeTargets,
		RunE: func(c *cobra.Command, args []string) error {
			return a.logout(c.Context(), args[0], oauth.Key{User: user, ClientID: clientID})
		},
	}
	c.Flags().StringVarP(&user, "user", "u", "", "the `ADDRESS` that was signed in as")
	c.Flags().StringVar(&clientID, "client-id", "", "forget the sign-in with this application `ID` only")
	return c
}

func (a *app) logout(ctx context.Context, provider string, k oauth.Key) error {
	s, err := a.oauthProvider(ctx, provider)
	if err != nil {
		return err
	}
	if k.User == "" {
		return errors.New("no user; add --user ADDRESS")
	}
	k.Provider = s.ID
	n, err := forget(ctx, s, k)
	if err != nil {
		return err
	}
	if n == 0 {
		_, err = fmt.Fprintf(a.stdout, "no sign-in of %s at %s is stored\n", safe.Display(k.User), s.Name)
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "signed out %s at %s; %d stored on this computer removed\n", safe.Display(k.User), s.Name, n)
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
		c, err := oauth.New(oauth.Config{Provider: s, User: found.key.User, ClientID: found.key.ClientID, Store: found.store})
		if err != nil {
			return n, err
		}
		if err := c.SignOut(ctx); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
