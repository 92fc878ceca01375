package target

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/discover"
	"mailprobe/internal/finding"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

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

// Mistyped returns the addresses that may be meant by one whose domain the
// catalogue does not know, where that is nearly one that it knows; none: nothing
// is near.
func (r Resolver) Mistyped(address string) []string {
	if _, known := r.Catalogue.Lookup(address); known || !strings.Contains(address, "@") {
		return nil
	}
	return r.near(nil, address)
}

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

// held says which servers of a target are not those of the provider that is
// expected. What a domain publishes is judged by its sources.
func (r Resolver) held(t Target) Target {
	if r.Expect == nil || t.Found != nil {
		return t
	}
	var hosts []string
	for _, s := range t.Settings {
		if !discover.Runs(r.Expect, s.Host) && !slices.Contains(hosts, s.Host) {
			hosts = append(hosts, s.Host)
		}
	}
	if len(hosts) > 0 {
		t.Beside = append(t.Beside, finding.Finding{Code: "settings.not_expected", Severity: finding.Error, Blame: finding.Provider,
			Args:    finding.Args{"hosts": strings.Join(hosts, ", "), "provider": r.Expect.Name},
			Message: "{hosts}: no server of {provider}, which is expected.", Remedy: "Change what names the servers, or expect another provider."})
	}
	return t
}

// Held says the same of targets that were read from files.
func (r Resolver) Held(list []Target) []Target {
	for i := range list {
		list[i] = r.held(list[i])
	}
	return list
}
