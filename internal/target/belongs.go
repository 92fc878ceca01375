package target

import (
	"context"
	"slices"
	"strings"

	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// A StrangerError says that nothing shows an account to be one of the provider
// whose servers would be shown its secret.
type StrangerError struct {
	Address string
	Why     string             // what is known instead, escaped
	Owner   *settings.Provider // to whom the account is known to belong; nil: not known
	Near    []string           // addresses that may be meant, the nearest first
	Chosen  bool               // the user named the server itself, and whose it is is not known
}

func (e *StrangerError) Error() string {
	text := safe.Display(e.Address) + ": " + e.Why
	switch {
	case e.Owner != nil && e.Chosen:
	case e.Owner != nil:
		text += "; its own settings are verified by 'mailprobe " + e.Owner.ID + "'"
	case len(e.Near) > 0:
		text += "; did you mean " + safe.Display(strings.Join(e.Near, " or ")) + "?"
	}
	return text
}

// Belongs says whether an account may be one of a target's provider, so that
// its secret may be shown there: the catalogue says so of its domain, or the
// domain receives its mail at that provider alone (MX). A server that the user
// named is the user's own choice, unless it is known to be another provider's
// than the account, or the address looks mistyped. A name that is no address
// belongs nowhere where whole addresses are documented. The error is a
// *StrangerError. DNS is asked only for a domain that the catalogue does not
// know.
func (r Resolver) Belongs(ctx context.Context, t Target, a Account) error {
	address := a.sent()
	_, domain, isAddress := Cut(address)
	switch {
	case len(t.Domains) > 0 && isAddress:
		if err := t.forAccount(address, domain); err != nil {
			return err
		}
	case t.Domain != "" && !t.all(t.Provider) && isAddress:
		return t.publishedFor(address, domain)
	case t.Domain != "" && !t.all(t.Provider):
		return t.publishedFor(address, t.Domain)
	case !isAddress:
		return r.bare(t, a)
	case t.names(domain):
		return nil
	}
	if owner, ok := r.Catalogue.Lookup(address); ok {
		return r.ownerRuns(t, owner, address, domain)
	}
	if t.Provider == nil {
		return r.atServer(ctx, t, address)
	}
	why := r.elsewhere(ctx, t.Provider, domain)
	if why == "" {
		return nil
	}
	return &StrangerError{Address: address, Why: why, Near: r.near(t.Provider, address)}
}

// atServer is for servers that the user named, and an address whose domain the
// catalogue does not know.
func (r Resolver) atServer(ctx context.Context, t Target, address string) error {
	_, domain, _ := Cut(address)
	known := r.recognised(t)
	near := r.near(known, address)
	switch {
	case known != nil && (r.MX != nil || len(near) > 0):
		if why := r.elsewhere(ctx, known, domain); why != "" {
			return &StrangerError{Address: address, Why: why, Near: near, Chosen: len(near) == 0}
		}
	case len(near) > 0:
		return &StrangerError{Address: address, Why: safe.Display(domain) + " is no domain of a provider that is known", Near: near, Chosen: true}
	}
	return nil
}

// bare is for an account without an address.
func (r Resolver) bare(t Target, a Account) error {
	p := t.Provider
	if p == nil {
		p = r.recognised(t)
	}
	takesIt := func(s settings.Setting) bool { return s.Username == settings.LocalPart }
	if a.Name == "" || a.Address != "" || p == nil || slices.ContainsFunc(append(p.Settings(), t.Settings...), takesIt) {
		return nil
	}
	e := &StrangerError{Address: a.Name, Why: p.Name + " wants the whole address as user name"}
	manifold := func(domain string) bool { return strings.Contains(domain, "*") }
	switch named := strings.TrimSuffix(t.Text, "."); {
	case t.Provider != nil && strings.Contains(named, "."):
		e.Near = []string{a.Name + "@" + named}
	case len(p.Domains) > 0 && !slices.ContainsFunc(p.Domains, manifold): // else its customers have their own
		e.Near = []string{a.Name + "@" + p.Domains[0]}
	}
	return e
}

// recognised is the provider to whom a server of the target is known to
// belong; nil: none.
func (r Resolver) recognised(t Target) *settings.Provider {
	for _, s := range t.Settings {
		if p := r.Catalogue.Recognise(s.Host, ""); p != nil {
			return p
		}
	}
	return nil
}

// sent returns the name that is sent where it is an address, else the address.
func (a Account) sent() string {
	if strings.Contains(a.Name, "@") {
		return a.Name
	}
	return a.Address
}

// names reports whether the target is understood by this very domain.
func (t Target) names(domain string) bool {
	named := t.Text
	if _, after, ok := Cut(t.Text); ok {
		named = after
	}
	return t.Provider != nil && strings.Contains(domain, ".") && strings.EqualFold(strings.TrimSuffix(named, "."), strings.TrimSuffix(domain, "."))
}
