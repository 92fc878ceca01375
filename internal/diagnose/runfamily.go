package diagnose

import (
	"fmt"
	"net/netip"
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// brokenFamilyOf returns the address family that does not work at a host of
// which the other one does. One that this computer simply does not have is not
// broken: programs go on to the other at once.
func brokenFamilyOf(r *probe.Result) (probe.Family, bool) {
	ok, broken := map[probe.Family]bool{}, map[probe.Family]bool{}
	for _, t := range r.Tried {
		switch fault := faultOf(t); {
		case fault == connectUnreachable && t.Took < fromAfarAfter:
		case fault == connectRefused, fault == connectReset, fault == connectTimeout, fault == connectUnreachable:
			broken[familyOf(t.Addr.Addr())] = t.Err != nil
		}
		if t.Err == nil {
			ok[familyOf(t.Addr.Addr())] = true
		}
	}
	for _, f := range []probe.Family{probe.IPv6Only, probe.IPv4Only} {
		if broken[f] && !ok[f] && len(ok) > 0 {
			return f, true
		}
	}
	return probe.AnyFamily, false
}

func familyOf(a netip.Addr) probe.Family {
	if a.Unmap().Is4() {
		return probe.IPv4Only
	}
	return probe.IPv6Only
}

// familyKnown reports whether a run shows how a port does over a family at
// another provider.
func (s scene) familyKnown(f probe.Family, port uint16) bool {
	works, fails, _ := s.family(f, port)
	return works || fails != nil
}

// family tells whether another provider's port is reached over a family, and
// where it is not, with what was seen there; nil: nowhere.
func (s scene) family(f probe.Family, port uint16) (works bool, fails *sighting, seen finding.Observation) {
	for _, x := range s.sightings() {
		for _, t := range x.result.Tried {
			switch {
			case !x.elsewhere || x.Port != port || familyOf(t.Addr.Addr()) != f:
			case t.Err == nil:
				works = true
			case faultOf(t) != connectOther:
				fails, seen = &x, seenAt(t)
			}
		}
	}
	return works, fails, seen
}

const (
	ipv6Broken    = "net.ipv6_broken"
	ipv4Broken    = "net.ipv4_broken"
	addressBroken = "net.address_broken"
)

// familyWorks returns where a port can be reached over an address family from
// here; nil: nowhere that is known.
func (s scene) familyWorks(f probe.Family, port uint16) *sighting {
	for _, x := range s.sightings() {
		if x.Port != port {
			continue // another port may be let through
		}
		for _, t := range x.result.Tried {
			if familyOf(t.Addr.Addr()) == f && t.Err == nil {
				return &x
			}
		}
	}
	return nil
}

// brokenThere blames the server: IPv6 works from here elsewhere.
func brokenThere(f finding.Finding, other sighting) finding.Finding {
	f.Args = with(f.Args, "other", other.Host)
	f.Message = f.Message.Then("IPv6 works from here, as {other} shows.")
	f.Remedy = "Mail programs that prefer IPv6 wait in vain. The provider must mend the server behind this address or take it out of DNS."
	return f
}

func brokenIPv6(s scene) *commonCause { return brokenFamilyHere(s, probe.IPv6Only) }
func brokenIPv4(s scene) *commonCause { return brokenFamilyHere(s, probe.IPv4Only) }

// brokenFamilyHere tells that one address family does not work from here, or
// not on some ports. nil: it is not so, or nothing shows it.
func brokenFamilyHere(s scene, family probe.Family) *commonCause {
	for _, k := range s.cases {
		port := k.Result.Endpoint.Port
		broken, ok := brokenFamilyOf(k.Result)
		_, fails, there := s.family(family, port)
		if !ok || broken != family || fails == nil || s.familyWorks(family, port) != nil {
			continue
		}
		f := familyFinding(family, s.anyWorks(family))
		f.Args, f.Evidence = finding.Args{"other": fails.Host, "number": fmt.Sprint(port)}, finding.Evidence{there}
		return &commonCause{Finding: weighed(f), covers: func(k Case, f finding.Finding) bool {
			broken, ok := brokenFamilyOf(k.Result)
			return ok && broken == family && s.familyWorks(family, k.Result.Endpoint.Port) == nil &&
				(f.Code == ipv6Broken || f.Code == ipv4Broken || f.Code == addressBroken)
		}}
	}
	return nil
}

// anyWorks reports whether any port is reached over a family.
func (s scene) anyWorks(f probe.Family) bool {
	return slices.ContainsFunc(s.sightings(), func(x sighting) bool {
		return slices.ContainsFunc(x.result.Tried, func(t probe.Attempt) bool { return t.Err == nil && familyOf(t.Addr.Addr()) == f })
	})
}

// familyOfHost returns the one address family of which a host has addresses;
// AnyFamily: of both, or it is not known.
func familyOfHost(r *probe.Result) probe.Family {
	if len(r.Resolved) == 0 || r.Overridden {
		return probe.AnyFamily
	}
	family := familyOf(r.Resolved[0])
	if slices.ContainsFunc(r.Resolved, func(a netip.Addr) bool { return familyOf(a) != family }) {
		return probe.AnyFamily
	}
	return family
}

// isDead reports whether nothing is reached over a family, while a port is over
// the other one.
func (s scene) isDead(family probe.Family, port uint16) bool {
	if family == probe.AnyFamily || s.anyWorks(family) {
		return false
	}
	other := probe.IPv4Only
	if family == probe.IPv4Only {
		other = probe.IPv6Only
	}
	return s.familyWorks(other, port) != nil
}

func familyName(f probe.Family) finding.Sentence {
	if f == probe.IPv4Only {
		return "IPv4"
	}
	return "IPv6"
}

// noFamily words that the only kind of address that a host has leads nowhere
// from here.
func noFamily(family probe.Family, f finding.Finding, other sighting) finding.Finding {
	f.Code, f.Severity, f.Blame, f.HelpURL = ipv4Broken, "", "", ""
	if family == probe.IPv6Only {
		f.Code, f.Blame = ipv6Broken, finding.LocalNetwork
	}
	f.Args = finding.Args{"other": other.Host}
	f.Message = "{host} has addresses for " + familyName(family) + " alone, and from here nothing is reached over " + familyName(family) + ", {other} neither."
	f.Remedy = "Whoever runs this network must provide " + familyName(family) + ", or a translator to it; another network, such as a phone's, may have both."
	return weighed(f)
}

func familyFinding(family probe.Family, elsePorts bool) finding.Finding {
	f := finding.Finding{Code: ipv6Broken, Blame: finding.LocalNetwork,
		Message: "IPv6 does not work from here: no IPv6 address answers on port {number}, not at {other} either, while IPv4 does.",
		Remedy:  "Mail programs that prefer IPv6 wait in vain. Whoever runs this network should repair IPv6 or switch it off."}
	if family == probe.IPv4Only {
		f.Code = ipv4Broken
		f.Message = "IPv4 does not work from here: no IPv4 address answers on port {number}, not at {other} either, while IPv6 does."
		f.Remedy = "Mail programs that know only IPv4 wait in vain. Whoever runs this network should repair IPv4."
	}
	if elsePorts {
		f.Message = "Port {number} cannot be reached over " + familyName(family) + " from here, at {other} neither; other ports can, and so can this one over the other kind of address."
		f.Remedy = "Mail programs may wait in vain. Whoever runs this network should let the port through for IPv4 and IPv6 alike."
	}
	return f
}
