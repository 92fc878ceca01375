package target

import (
	"context"
	"fmt"
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

// ownerRuns is nil if a target's servers are those of the provider to whom an
// address belongs. Of servers that the user named each counts by itself.
func (r Resolver) ownerRuns(t Target, owner *settings.Provider, address, domain string) error {
	each := []Target{t}
	if t.Provider == nil {
		each = nil
		for _, s := range t.Settings {
			each = append(each, Target{Settings: []settings.Setting{s}})
		}
	}
	var found error
	for _, one := range each {
		if runs(owner, one) {
			continue
		}
		why, chosen := r.runBy(one, owner, domain)
		if found == nil || !chosen {
			found = &StrangerError{Address: address, Why: why, Owner: owner, Chosen: chosen}
		}
	}
	return found
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

// runs reports whether a provider is a target's own, or has one of its servers.
func runs(p *settings.Provider, t Target) bool {
	if t.Provider != nil && t.Provider.ID == p.ID {
		return true
	}
	own := p.Settings()
	return slices.ContainsFunc(t.Settings, func(s settings.Setting) bool {
		return slices.ContainsFunc(own, func(o settings.Setting) bool { return strings.EqualFold(o.Host, s.Host) })
	})
}

// runBy says that a domain is its owner's and the target somebody else's, or
// not known to be anybody's.
func (r Resolver) runBy(t Target, owner *settings.Provider, domain string) (why string, chosen bool) {
	other := t.Provider
	if other == nil {
		other = r.Catalogue.Recognise(t.Host(), "")
	}
	if other == nil {
		return fmt.Sprintf("%s is a domain of %s, and %s is no server of it that is known", safe.Display(domain), owner.Name, safe.Display(t.Host())), true
	}
	return fmt.Sprintf("%s is a domain of %s, not of %s", safe.Display(domain), owner.Name, other.Name), false
}

// elsewhere says why a domain that the catalogue does not know is not shown to
// be a provider's; empty: it receives its mail there.
func (r Resolver) elsewhere(ctx context.Context, p *settings.Provider, domain string) string {
	shown := safe.Clip(domain, 100)
	if host, err := settings.Host(domain); err != nil || !strings.Contains(host, ".") {
		return fmt.Sprintf("%s is no mail domain of %s", shown, p.Name)
	}
	if r.MX == nil {
		return fmt.Sprintf("%s is no domain of %s that is known, and there is no DNS server to ask where it receives its mail", shown, p.Name)
	}
	ctx, cancel := context.WithTimeout(ctx, mxLimit)
	defer cancel()
	mx, err := r.MX.MX(ctx, domain)
	if err != nil {
		return fmt.Sprintf("%s is no domain of %s that is known, and its mail servers (MX) cannot be found: %s", shown, p.Name, safe.Clip(err.Error(), 160))
	}
	host, ok := r.Catalogue.ByMX(mx)
	switch {
	case ok && (host.ID == p.ID || sharesServer(host, p)):
		return ""
	case ok:
		return fmt.Sprintf("%s receives its mail at %s, which belongs to %s, not to %s", shown, safe.Clip(mx[0], 100), host.Name, p.Name)
	}
	return fmt.Sprintf("%s receives its mail %s; nothing shows that it is %s", shown, noProvider(mx), p.Name)
}

// sharesServer reports whether two providers are reached at one server.
func sharesServer(p, q *settings.Provider) bool { return runs(p, Target{Settings: q.Settings()}) }

// near returns the addresses that may be meant by a mistyped one: those of a
// provider's own (nil: nobody's), or else of others.
func (r Resolver) near(own *settings.Provider, address string) []string {
	local, _, _ := Cut(address)
	var near []string
	for _, word := range r.Catalogue.Suggest(address) {
		p, ok := r.Catalogue.Lookup(word)
		if !ok || len(p.Domains) == 0 {
			continue
		}
		if !strings.Contains(word, ".") {
			word = p.Domains[0]
		}
		if own != nil && p.ID == own.ID {
			return []string{local + "@" + word}
		}
		near = append(near, local+"@"+word)
	}
	return near
}
