package catalog

import (
	"slices"
	"strings"

	"mailprobe/internal/settings"
)

// Lookup finds a provider by id, alias, name, mail domain or mail address, in
// any case. A domain may be written with a trailing dot or in Unicode. A
// domain is matched as a whole: a name below it belongs to the provider only
// where the provider's data says so.
func (c *Catalog) Lookup(text string) (*settings.Provider, bool) {
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		return c.byDomain(text[at+1:])
	}
	if p, ok := c.names[fold(text)]; ok {
		return p, true
	}
	return c.byDomain(text)
}

func (c *Catalog) byDomain(text string) (*settings.Provider, bool) {
	domain, err := settings.Host(strings.TrimSpace(text))
	if err != nil || c.foreign[domain] != nil {
		return nil, false
	}
	if p, ok := c.domains[domain]; ok {
		return p, true
	}
	for parent := range parents(domain) {
		if p, ok := c.domains["*."+parent]; ok {
			return p, true
		}
	}
	return nil, false
}

// ByMX finds the provider that receives a domain's mail. The hosts are in
// order of preference: the first one that is known decides, and in it the
// longest suffix.
func (c *Catalog) ByMX(hosts []string) (*settings.Provider, bool) {
	for _, text := range hosts {
		host, err := settings.Host(text)
		if err != nil {
			continue
		}
		if p, ok := c.mx["."+host]; ok {
			return p, true
		}
		for parent := range parents(host) {
			if p, ok := c.mx["."+parent]; ok {
				return p, true
			}
		}
	}
	return nil, false
}

// ByHost returns the providers that name a server host in any role, sorted by
// id. None is nil.
func (c *Catalog) ByHost(text string) []*settings.Provider {
	host, err := settings.Host(text)
	if err != nil {
		return nil
	}
	return slices.Clone(c.hosts[host])
}

// ByGreeting returns the providers whose servers greet like this, sorted by
// id. None is nil. A greeting is a hint, not a proof.
func (c *Catalog) ByGreeting(text string) []*settings.Provider {
	text = strings.ToLower(text)
	var found []*settings.Provider
	for _, p := range c.all {
		if slices.ContainsFunc(p.Greetings, func(mark string) bool {
			return strings.Contains(text, strings.ToLower(mark))
		}) {
			found = append(found, p)
		}
	}
	return found
}

// parents yields the names above a domain, nearest first.
func parents(domain string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for {
			_, parent, ok := strings.Cut(domain, ".")
			if !ok || !yield(parent) {
				return
			}
			domain = parent
		}
	}
}
