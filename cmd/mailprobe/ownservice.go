package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/discover"
	"mailprobe/internal/lazyregexp"
	"mailprobe/internal/oauth"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
)

// An ownService is the sign-in service of a domain of no known provider, in
// the place of a provider's. Its name and id are the domain's.
type ownService struct {
	*settings.Provider
	registration string // where a client gets its id; empty: nowhere
}

// ownService finds it by what the domain publishes.
func (a *app) ownService(ctx context.Context, f *netFlags, t target.Target) (o ownService, err error) {
	transport, err := f.guarded(a)
	if err != nil {
		return o, err
	}
	issuer := "https://" + t.Domain
	if named, _ := namedBy(ctx, t, transport); len(named) > 0 {
		issuer = named[0].Issuer
	}
	if !runsItself(t, issuer) {
		return o, fmt.Errorf("%s names %s as its sign-in service, which is not of whoever runs its mail servers, so nobody signs in there for it", safe.Display(t.Domain), safe.Clip(issuer, 200))
	}
	m := oauth.Inspect(ctx, transport, issuer, nil).Metadata
	switch {
	case m == nil:
		return o, fmt.Errorf("%s publishes no sign-in service that can be used; mailprobe oauth %s tells more", safe.Display(t.Domain), safe.Display(t.Domain))
	case strings.TrimSuffix(m.Issuer, "/") != strings.TrimSuffix(issuer, "/"): // RFC 8414 §3.3
		return o, fmt.Errorf("%s publishes the sign-in service of another issuer, %s, so nobody signs in there", safe.Clip(issuer, 200), safe.Clip(m.Issuer, 200))
	}
	o.registration = m.Registration
	o.Provider = &settings.Provider{ID: t.Domain, Name: t.Domain, OAuth: &settings.OAuth{
		AuthURL: m.AuthURL, TokenURL: m.TokenURL, DeviceURL: m.DeviceURL, Issuer: issuer, Scopes: map[settings.Protocol][]string{},
	}}
	for _, p := range settings.Protocols() {
		o.OAuth.Scopes[p] = mailScopes(m.Scopes, p)
	}
	if slices.Contains(m.Scopes, "offline_access") {
		o.OAuth.ExtraScopes = []string{"offline_access"}
	}
	return o, nil
}

// allScopes are those that a client for all of mail asks for.
func (o ownService) allScopes() (scopes []string) {
	for _, p := range settings.Protocols() {
		scopes = append(scopes, o.OAuth.Scopes[p]...)
	}
	slices.Sort(scopes)
	return append(slices.Compact(scopes), o.OAuth.ExtraScopes...)
}

// runsItself reports whether a sign-in service is of whoever runs all of a
// domain's mail servers: a token goes to nobody else.
func runsItself(t target.Target, issuer string) bool {
	u, err := url.Parse(issuer)
	if err != nil || u.Hostname() == "" {
		return false
	}
	stranger := func(s settings.Setting) bool { return !discover.SameOwner(s.Host, u.Hostname()) }
	return !slices.ContainsFunc(t.Settings, stranger)
}

var (
	scopesOf = map[settings.Protocol]*lazyregexp.Regexp{
		settings.IMAP: lazyregexp.New(`(?i)imap`), settings.POP3: lazyregexp.New(`(?i)\bpop3?\b`), settings.SMTP: lazyregexp.New(`(?i)smtp|submission`),
	}
	anyMail = lazyregexp.New(`(?i)(^|[:/._-])mail$`)
)

// mailScopes are the published scopes for a protocol: its own, or that of mail
// as a whole.
func mailScopes(published []string, p settings.Protocol) (scopes []string) {
	for _, pattern := range []*lazyregexp.Regexp{scopesOf[p], anyMail} {
		for _, s := range published {
			if pattern.MatchString(s) {
				scopes = append(scopes, s)
			}
		}
		if len(scopes) > 0 {
			return scopes
		}
	}
	return nil
}

// clientAt returns the id of the client that signs in at a domain's own
// service: the one that signed in before, or one that is registered now.
func (a *app) clientAt(ctx context.Context, f *loginFlags, o ownService) (string, error) {
	dir, err := tokenDir()
	if err != nil {
		return "", err
	}
	if keys, err := oauth.NewFiles(dir).Find(ctx, o.ID, f.user); err == nil && len(keys) == 1 {
		return keys[0].ClientID, nil
	}
	if o.registration == "" {
		return "", fmt.Errorf("no client id; %s registers none by itself, so ask whoever runs it for one and add --client-id ID", safe.Display(o.Name))
	}
	transport, err := f.guarded(a)
	if err != nil {
		return "", err
	}
	id, err := oauth.Register(ctx, transport, o.registration, strings.Join(o.allScopes(), " "))
	if err != nil {
		return "", &statusError{exitFails, fmt.Errorf("%s does not register mailprobe as an application (%s): %w", safe.Display(o.Name), safe.Clip(o.registration, 200), err)}
	}
	fmt.Fprintf(a.stderr, "mailprobe: registered at %s as the application %s\n", safe.Display(o.Name), safe.Clip(id, 100))
	return id, nil
}

// A signInPlace is where a name signs in: at a provider that is known, or at a
// domain's own sign-in service.
type signInPlace struct {
	target.Target
	provider *settings.Provider // never nil
	own      *ownService        // nil: the provider is known
}

// signInPlace finds it, by what a domain publishes and where it receives its
// mail as in a run.
func (a *app) signInPlace(ctx context.Context, f *loginFlags, name string) (p signInPlace, err error) {
	if p.Target, err = a.published(ctx, &f.netFlags, name); err != nil {
		return p, err
	}
	switch t := p.Target; {
	case t.Provider != nil && t.Provider.OAuth != nil:
		p.provider = t.Provider
		return p, nil
	case t.Provider != nil:
		return p, fmt.Errorf("%s has no sign-in by OAuth2 for mail programs", t.Provider.Name)
	case t.Domain == "":
		return p, fmt.Errorf("%s is a server; name the provider to sign in at, such as office365", safe.Display(name))
	case f.flow == flowApp || f.tenant != "":
		return p, errors.New("--flow app and --tenant are for providers that are known; at a domain's own sign-in service a user signs in")
	case t.Guessed || len(t.Settings) == 0:
		return p, fmt.Errorf("%s publishes no mail servers, so there is nothing that its token would be for", safe.Display(t.Domain))
	}
	o, err := a.ownService(ctx, &f.netFlags, p.Target)
	p.provider, p.own = o.Provider, &o
	return p, err
}

// signInAt returns the provider to sign in at, and the client id that is to be
// used there: the user's, or at a domain's own service one that it gives.
func (a *app) signInAt(ctx context.Context, f *loginFlags, name string) (*settings.Provider, string, error) {
	p, err := a.signInPlace(ctx, f, name)
	if err != nil {
		return nil, "", err
	}
	id := f.clientID()
	if id == "" && p.own != nil {
		id, err = a.clientAt(ctx, f, *p.own)
	}
	return p.provider, id, err
}

// storedOfDomain returns the credential that login has stored for a domain's
// own servers, renewed; nil: none is.
func (a *app) storedOfDomain(ctx context.Context, f *runFlags, who signIn, t target.Target) (*auth.Credential, error) {
	key := oauth.Key{Provider: t.Domain, User: who.Address, ClientID: f.oauth.clientID}
	place, err := storedAt(ctx, &settings.Provider{ID: t.Domain, Name: t.Domain}, key)
	if err != nil || place == nil {
		return nil, err
	}
	o, err := a.ownService(ctx, &f.netFlags, t)
	if err != nil {
		return nil, err
	}
	t.Provider = o.Provider
	return a.renewed(ctx, f, t, *place)
}
