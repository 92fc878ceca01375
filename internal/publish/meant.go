package publish

import (
	"net/netip"
	"slices"
	"strings"

	"mailprobe/internal/settings"
)

// Meant parts settings by whether they are for addresses of these domains. Where
// some are for addresses of all of them alone, such as those at one domain of a
// provider that has servers for it, those of the protocol are meant; otherwise
// those that are for everybody. Where none are for everybody, all of the
// protocol are.
func Meant(list []settings.Setting, domains []string) (kept, left []settings.Setting) {
	for _, p := range settings.Protocols() {
		of := slices.DeleteFunc(slices.Clone(list), func(s settings.Setting) bool { return s.Protocol != p })
		meant := func(settings.Setting) bool { return true }
		general := func(s settings.Setting) bool { return s.When == "" }
		own := func(s settings.Setting) bool {
			return slices.ContainsFunc(domains, func(d string) bool { return names(s.When, d) })
		}
		switch {
		case len(domains) > 0 && !slices.ContainsFunc(domains, func(d string) bool { return !hasOwn(of, d) }):
			meant = own
		case slices.ContainsFunc(of, general):
			meant = general
		}
		for _, s := range of {
			if meant(s) {
				kept = append(kept, s)
			} else {
				left = append(left, s)
			}
		}
	}
	return kept, left
}

// names reports whether a condition in words names a domain.
func names(when, domain string) bool {
	return slices.Contains(strings.FieldsFunc(when, func(r rune) bool { return r == ' ' || r == ',' }), domain)
}

// hasOwn reports whether there are settings for addresses of a domain alone.
func hasOwn(list []settings.Setting, domain string) bool {
	return slices.ContainsFunc(list, func(s settings.Setting) bool { return names(s.When, domain) })
}

// meant takes the settings that are meant, and of the domains those for which
// they are.
func (d *draft) meant() {
	kept, left := Meant(d.Servers, d.Domains)
	for _, s := range left {
		d.note("%s is left out: it is for %s", server{Setting: s}.says(), s.When)
	}
	for _, s := range kept {
		if ip, err := netip.ParseAddr(s.Host); err == nil && ip.IsLoopback() {
			d.note("%s is a program on the user's own computer", server{Setting: s}.says())
		}
		if s.When != "" {
			d.note("%s is for %s", server{Setting: s}.says(), s.When)
		}
	}
	d.Servers = kept
	others := slices.DeleteFunc(slices.Clone(d.Domains), func(domain string) bool { return hasOwn(left, domain) })
	if len(others) == len(d.Domains) || len(others) == 0 {
		return
	}
	for _, domain := range d.Domains {
		if !slices.Contains(others, domain) {
			d.note("%s has servers of its own and is left out; write them with --domain %s", domain, domain)
		}
	}
	d.Domains = others
}
