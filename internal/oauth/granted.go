package oauth

import (
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/settings"
)

// Granted says what a sign-in came to.
type Granted struct {
	Account   string                         // who signed in, as the provider says; empty: it does not say
	Scopes    []string                       // granted; empty: the provider did not say
	Missing   map[settings.Protocol][]string // scopes that a protocol needs and that were not granted
	Renewable bool                           // it outlives its access token
	Expiry    time.Time                      // of the access token; zero: not said
}

// Granted returns what the stored sign-in allows. The error is ErrNotLoggedIn
// if nobody signed in.
func (c *Client) Granted(ctx context.Context) (Granted, error) {
	r, err := c.Store.Load(ctx, c.Key())
	if err != nil {
		return Granted{}, err
	}
	g := Granted{Account: r.Account, Scopes: r.Scopes, Missing: map[settings.Protocol][]string{}, Renewable: r.Renewable(), Expiry: r.Expiry}
	for _, p := range settings.Protocols() {
		if lacking := c.missing(p, r.Scopes); len(lacking) > 0 && r.Flow != AppOnly {
			g.Missing[p] = lacking
		}
	}
	return g, nil
}

// accept stores a user's new sign-in if it is that of the user who was named
// and allows something of mail.
func (c *Client) accept(ctx context.Context, tok *oauth2.Token, from grant) error {
	names := namesIn(tok)
	if len(names) > 0 {
		from.account = names[0]
	}
	is := func(name string) bool { return strings.EqualFold(name, c.User) }
	if i := slices.IndexFunc(names, is); i >= 0 {
		from.account = names[i]
	} else if len(names) > 0 {
		return c.another(names[0])
	}
	r, err := c.record(tok, from)
	if err != nil {
		return err
	}
	if c.allowsNothing(r.Scopes) {
		return &Error{Provider: c.Provider.Name, Reason: Consent, Finding: "auth.token_scope",
			Message: "the sign-in does not allow mail, so nothing was stored",
			Remedy:  "sign in again and leave the permission for mail ticked on the provider's page",
			Detail:  escape(clip(strings.Join(r.Scopes, " ")))}
	}
	return c.keep(ctx, r)
}

// another says that somebody else signed in than the user who was named.
func (c *Client) another(who string) error {
	if strings.Contains(who, guestMark) {
		return &Error{Provider: c.Provider.Name, Reason: Tenant, Finding: "auth.oauth_tenant",
			Message: "it was " + escape(clip(who)) + " who signed in: a guest of that organisation, who has no mailbox there; nothing was stored",
			Remedy:  "sign in at the organisation that " + escape(c.User) + " belongs to: pass --tenant with its domain"}
	}
	return &Error{Provider: c.Provider.Name, Reason: Account, Finding: "auth.token_user",
		Message: "it was " + escape(clip(who)) + " who signed in, and --user is " + escape(c.User) + "; nothing was stored",
		Remedy:  "sign in again and choose " + escape(c.User) + " on the provider's page (a private window of the browser asks for it), or pass --user " + escape(clip(who))}
}

// guestMark stands in the name of a guest from another organisation (Microsoft's
// page on the properties of B2B users).
const guestMark = "#EXT#"

// namesIn returns under which names the one who signed in is known, by the ID
// token and the access token of an answer. Neither is verified: both come
// from the token endpoint itself, over TLS (OpenID Connect Core §3.1.3.7).
func namesIn(tok *oauth2.Token) []string {
	var names []string
	id, _ := tok.Extra("id_token").(string)
	for _, text := range []string{id, tok.AccessToken} {
		if c := token.Read(text).Claims; c != nil {
			names = append(names, slices.DeleteFunc(c.Names, func(n string) bool { return !strings.Contains(n, "@") })...)
		}
	}
	return names
}

// allowsNothing reports whether no protocol has all its scopes.
func (c *Client) allowsNothing(granted []string) bool {
	return len(granted) > 0 && !slices.ContainsFunc(settings.Protocols(), func(p settings.Protocol) bool {
		return len(c.oauth.Scopes[p]) > 0 && len(c.missing(p, granted)) == 0
	})
}
