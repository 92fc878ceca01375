package oauth

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"mailprobe/internal/auth"
	"mailprobe/internal/secret"
	"mailprobe/internal/settings"
)

const (
	// margin is what must be left of an access token's life for it to be used.
	margin = time.Minute
	// silentLife is how long a token is used whose life the provider did not
	// say, if it can be renewed.
	silentLife = 5 * time.Minute
	maxToken   = 16 << 10
	// grace is how long the answer to a renewal is waited for after an interrupt.
	grace = 5 * time.Second
)

// A Token is an access token that can be used now.
type Token struct {
	Access  auth.Secret
	Missing []string // scopes that the protocol needs and the provider did not grant
}

// Token returns an access token for a protocol, renewed if less than a minute
// is left of the stored one. The error is ErrNotLoggedIn if nobody signed in,
// or an *Error with Reason Ended if the sign-in is over.
func (c *Client) Token(ctx context.Context, p settings.Protocol) (Token, error) {
	r, err := c.Store.Load(ctx, c.Key())
	if err != nil {
		return Token{}, err
	}
	if !r.fresh(time.Now()) {
		if r, err = c.renewOnce(ctx); err != nil {
			return Token{}, err
		}
	}
	return Token{Access: r.access, Missing: c.missing(p, r.Scopes)}, nil
}

// SignOut forgets a stored sign-in. It is no error if there is none. The
// grant at the provider stays until the user withdraws it there.
func SignOut(ctx context.Context, s Store, k Key) error {
	unlock, err := s.Lock(ctx, k)
	if err != nil {
		return err
	}
	defer unlock()
	return s.Delete(ctx, k)
}

func (r *Record) fresh(now time.Time) bool {
	switch {
	case r.access.Empty():
		return false
	case !r.Expiry.IsZero():
		return r.Expiry.Sub(now) >= margin
	default:
		return !r.Renewable() || now.Sub(r.Saved) < silentLife
	}
}

// renewOnce renews the stored sign-in under its lock. Who had to wait for the
// lock finds it renewed: a refresh token that rotates can be used only once.
func (c *Client) renewOnce(ctx context.Context) (*Record, error) {
	unlock, err := c.Store.Lock(ctx, c.Key())
	if err != nil {
		return nil, err
	}
	defer unlock()
	r, err := c.Store.Load(ctx, c.Key())
	if err != nil || r.fresh(time.Now()) {
		return r, err
	}
	calm, cancel := unhurried(ctx)
	defer cancel()
	renewed, err := c.renew(calm, r)
	if err != nil {
		return nil, err
	}
	// The old refresh token may be void by now, so an interrupt comes too late.
	if err := c.Store.Save(context.WithoutCancel(ctx), renewed); err != nil {
		return nil, fmt.Errorf("the renewed sign-in cannot be stored: %w", err)
	}
	return renewed, nil
}

// unhurried returns a context for what must not be broken off halfway: the
// provider may have made the old refresh token void before its answer comes. An
// end of ctx before anything was sent still counts; one after it leaves some
// seconds for the answer.
func unhurried(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Err() != nil {
		return context.WithCancel(ctx)
	}
	calm, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return calm, func() {
		stop()
		cancel()
	}
}

func (c *Client) renew(ctx context.Context, old *Record) (*Record, error) {
	c, err := c.with(ctx, old)
	if err != nil {
		return nil, err
	}
	if old.Flow == AppOnly {
		return c.grantApp(ctx)
	}
	if old.refresh.Empty() {
		return nil, &Error{Provider: c.Provider.Name, Reason: Ended,
			Message: "the sign-in has run out, and the provider gave nothing to renew it with", Remedy: signInAgain}
	}
	cfg, err := c.config()
	if err != nil {
		return nil, err
	}
	g, ctx := c.guard(ctx)
	tok, err := cfg.TokenSource(ctx, &oauth2.Token{RefreshToken: secret.Reveal(old.refresh)}).Token()
	if err != nil {
		return nil, c.explain(g, err)
	}
	from := c.grant(old.Flow, cfg)
	from.scopes, from.account = old.Scopes, old.Account
	return c.record(tok, from)
}

// A grant says how a token came about.
type grant struct {
	flow             Flow
	tenant, tokenURL string
	scopes           []string // in force if the answer names none (RFC 6749 §5.1)
	account          string   // who signed in; empty: not known
}

// record makes the record of a token answer and checks what the library does
// not: the token's type, alphabet and size.
func (c *Client) record(tok *oauth2.Token, from grant) (*Record, error) {
	access, refresh := tok.AccessToken, tok.RefreshToken
	switch {
	case tok.Type() != "Bearer":
		return nil, c.unexpected("the access token is no bearer token")
	case len(access) > maxToken || len(refresh) > maxToken:
		return nil, c.unexpected("a token is longer than 16 KiB")
	case !printable(access) || !printable(refresh):
		return nil, c.unexpected("a token holds characters that none may hold")
	}
	scopes := from.scopes
	if said, ok := tok.Extra("scope").(string); ok && said != "" {
		scopes = strings.Fields(said)
	}
	return &Record{
		Key: c.Key(), Flow: from.flow, Tenant: from.tenant, TokenURL: from.tokenURL, Scopes: scopes,
		Places: c.Places, Account: from.account, Expiry: tok.Expiry.Round(0), Saved: time.Now().Round(0),
		access: auth.NewSecret(access), refresh: auth.NewSecret(refresh),
	}, nil
}

func (c *Client) grant(f Flow, cfg *oauth2.Config) grant {
	return grant{flow: f, tenant: c.Tenant, tokenURL: cfg.Endpoint.TokenURL, scopes: cfg.Scopes}
}

// keep stores a new sign-in.
func (c *Client) keep(ctx context.Context, r *Record) error {
	unlock, err := c.Store.Lock(ctx, c.Key())
	if err != nil {
		return err
	}
	defer unlock()
	if err := c.Store.Save(context.WithoutCancel(ctx), r); err != nil {
		return fmt.Errorf("the sign-in cannot be stored: %w", err)
	}
	return nil
}
