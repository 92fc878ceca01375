package diagnose

import (
	"cmp"
	"net"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// alike returns up to n endpoints of other providers with e's port, those of
// its protocol and security first, no two of one domain, and none that was
// compared with r already. r may be nil.
func (p *picker) alike(e settings.Endpoint, n int, r *probe.Result) []settings.Endpoint {
	fitting := slices.DeleteFunc(slices.Clone(p.others), func(x settings.Endpoint) bool {
		return x.Port != e.Port || p.concerns(x.Host) || r != nil && p.wasCompared(x, r)
	})
	slices.SortStableFunc(fitting, func(a, b settings.Endpoint) int { return cmp.Compare(unlike(a, e), unlike(b, e)) })
	var list []settings.Endpoint
	for _, x := range fitting {
		if len(list) < n && !slices.ContainsFunc(list, func(y settings.Endpoint) bool { return related(x.Host, y.Host) }) {
			list = append(list, x)
		}
	}
	return list
}

// wasCompared reports whether it is known how an endpoint does over the address
// family of a dialogue.
func (p *picker) wasCompared(x settings.Endpoint, r *probe.Result) bool {
	return slices.ContainsFunc(p.controls, func(c Control) bool {
		return c.Result.Endpoint.Address() == x.Address() && sameFamily(r, c.Result)
	})
}

func unlike(a, b settings.Endpoint) int {
	n := 0
	if a.Protocol != b.Protocol {
		n++
	}
	if a.Security != b.Security {
		n += 2
	}
	return n
}

// stranger returns an endpoint at a host that the run is not about, with a
// port of its own if possible: where one port is blocked, another may answer.
func (p *picker) stranger() *settings.Endpoint {
	var first *settings.Endpoint
	for i := range p.others {
		switch {
		case p.concerns(p.others[i].Host):
		case !p.uses(p.others[i].Port):
			return &p.others[i]
		case first == nil:
			first = &p.others[i]
		}
	}
	return first
}

func (s scene) uses(port uint16) bool {
	return slices.ContainsFunc(s.cases, func(k Case) bool { return k.Result.Endpoint.Port == port })
}

// concerns reports whether a run is about a host or one that belongs to it.
func (s scene) concerns(host string) bool {
	return slices.ContainsFunc(s.cases, func(k Case) bool { return related(k.Result.Endpoint.Host, host) })
}

// related reports whether two hosts are, by their names, of one owner: both
// lie in one domain that somebody can register (the Public Suffix List), so
// that mail.a.co.uk and mail.b.co.uk do not.
func related(a, b string) bool {
	if sameHost(a, b) {
		return true
	}
	own := registered(a)
	return own != "" && own == registered(b)
}

// registered returns the domain below a public suffix in which a host lies;
// empty: it lies in none, such as an address.
func registered(host string) string {
	if net.ParseIP(host) != nil {
		return ""
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(strings.TrimSuffix(host, ".")))
	if err != nil {
		return ""
	}
	return domain
}

// neighbours wants other usual ports of e's host, unless it is known whether
// the host is up.
func (p *picker) neighbours(e settings.Endpoint) {
	if p.neighbour(e) != nil || p.askedNextDoor(e) {
		return
	}
	for _, protocol := range append([]settings.Protocol{e.Protocol}, settings.Protocols()...) {
		for _, security := range []settings.Security{settings.TLS, settings.StartTLS} {
			x := settings.Endpoint{Protocol: protocol, Host: e.Host, Port: settings.DefaultPort(protocol, security), Security: security}
			if !p.tried(x) {
				p.append(Comparison{Endpoint: x, Until: probe.Connect, Family: probe.AnyFamily})
				return
			}
		}
	}
}

// askedNextDoor reports whether another port of e's host was tried for
// comparison already: one is enough.
func (s scene) askedNextDoor(e settings.Endpoint) bool {
	return slices.ContainsFunc(s.controls, func(c Control) bool {
		return sameHost(c.Result.Endpoint.Host, e.Host) && c.Result.Endpoint.Port != e.Port
	})
}

func (s scene) tried(e settings.Endpoint) bool {
	return slices.ContainsFunc(s.sightings(), func(x sighting) bool { return sameHost(x.Host, e.Host) && x.Port == e.Port })
}
