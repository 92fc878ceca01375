package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/discover"
	"mailprobe/internal/oauth"
	"mailprobe/internal/target"
	"mailprobe/internal/tlscheck"
)

// published finds out what a domain of no known provider publishes; a domain
// that publishes no servers may still have a sign-in service.
func (a *app) published(ctx context.Context, f *netFlags, what string) (target.Target, error) {
	r, err := f.resolver(a)
	if err != nil {
		return target.Target{}, err
	}
	o, err := f.asker(a, publishedFlags{}, tlscheck.Config{})
	if err != nil {
		return target.Target{}, err
	}
	r.Domains = o
	t, err := r.Resolve(ctx, what)
	var unknown *target.UnknownError
	domain, none := discover.Domain(what)
	if errors.As(err, &unknown) && none == nil && strings.Contains(domain, ".") {
		return target.Target{Text: what, Domain: domain}, nil
	}
	return t, err
}

// namedBy returns who names an issuer for a domain: its documents, then its
// mail servers' hosts and itself (RFC 9728), and what was asked for it. Where
// nobody does, the domain is taken for the issuer.
func namedBy(ctx context.Context, t target.Target, transport http.RoundTripper) (named []diagnose.NamedIssuer, asked []oauth.Asked) {
	if t.Found != nil {
		for _, s := range t.Found.Sources {
			if s.Issuer != "" {
				named = append(named, diagnose.NamedIssuer{By: s.Where, Issuer: asAddress(s.Issuer)})
			}
		}
	}
	for _, host := range hostsOf(t) {
		one, issuers := oauth.Resource(ctx, transport, host)
		if len(issuers) == 0 {
			continue // that nothing is published there is no fault
		}
		asked = append(asked, one)
		for _, issuer := range issuers {
			named = append(named, diagnose.NamedIssuer{By: one.URL, Issuer: issuer})
		}
	}
	return named, asked
}

// asAddress makes an address of an issuer that is written as a host, as
// autoconfig has it.
func asAddress(issuer string) string {
	if strings.Contains(issuer, "://") {
		return issuer
	}
	return "https://" + issuer
}

// maxResources bounds the hosts that are asked for their sign-in service.
const maxResources = 5

// hostsOf are the domain and its mail servers, each once.
func hostsOf(t target.Target) []string {
	hosts := []string{t.Domain}
	for _, s := range t.Settings {
		if host := strings.ToLower(s.Host); !slices.Contains(hosts, host) && len(hosts) < maxResources && !strings.Contains(host, "%") {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

// A guardedTransport asks what others name: it goes to no address of this
// computer or a private network unless the user leads there by hand, or a
// proxy goes in its place.
type guardedTransport struct{ plain, guarded http.RoundTripper }

func (t guardedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if proxy, err := http.ProxyFromEnvironment(r); err == nil && proxy != nil {
		return t.plain.RoundTrip(r)
	}
	return t.guarded.RoundTrip(r)
}

// guarded returns the way to addresses that others name.
func (f *netFlags) guarded(a *app) (http.RoundTripper, error) {
	plain, err := f.transport(a)
	if err != nil || a.transport != nil {
		return plain, err
	}
	way, err := f.way()
	if err != nil {
		return nil, err
	}
	roots, err := f.roots()
	if err != nil {
		return nil, err
	}
	guard := discover.Guard{Overrides: way.Overrides}
	way.Dialer = &net.Dialer{Control: guard.Control}
	return guardedTransport{plain, oauth.NewTransport(way.DialContext, roots)}, nil
}
