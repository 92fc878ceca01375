package diagnose

import (
	"net/netip"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// brokenFamilyOf returns the address family that does not work at a host of
// which the other one does.
func brokenFamilyOf(r *probe.Result) (probe.Family, bool) {
	ok, broken := map[probe.Family]bool{}, map[probe.Family]bool{}
	for _, t := range r.Tried {
		switch faultOf(t) {
		case connectRefused, connectReset, connectTimeout, connectUnreachable:
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

// familyKnown reports whether a run shows how a family does at another
// provider.
func (s scene) familyKnown(f probe.Family) bool {
	works, fails, _ := s.family(f)
	return works != nil || fails != nil
}

// family returns another provider at which a family works, and one at which it
// does not, with what was seen there; nil: there is none.
func (s scene) family(f probe.Family) (works, fails *sighting, seen finding.Observation) {
	for _, x := range s.sightings() {
		for _, t := range x.result.Tried {
			switch {
			case !x.elsewhere || familyOf(t.Addr.Addr()) != f:
			case t.Err == nil:
				works = &x
			case faultOf(t) != connectOther:
				fails, seen = &x, seenAt(t)
			}
		}
	}
	return works, fails, seen
}

const ipv6Broken = "net.ipv6_broken"

// familyWorks returns where an address family works from here; nil: nowhere
// that is known.
func (s scene) familyWorks(f probe.Family) *sighting {
	for _, x := range s.sightings() {
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

// brokenFamilyHere tells that one address family works nowhere from here. nil:
// it is not so, or nothing shows it.
func brokenFamilyHere(s scene, family probe.Family) *commonCause {
	_, fails, seenThere := s.family(family)
	if fails == nil {
		return nil
	}
	if s.familyWorks(family) != nil {
		return nil
	}
	seen := false
	for _, x := range s.sightings() {
		broken, ok := brokenFamilyOf(x.result)
		seen = seen || ok && broken == family && !x.elsewhere
	}
	if !seen {
		return nil
	}
	f := finding.Finding{Code: ipv6Broken, Blame: finding.LocalNetwork, Args: finding.Args{"other": fails.Host},
		Message:  "IPv6 does not work from here: no IPv6 address answers, not at {other} either, while IPv4 does.",
		Remedy:   "Mail programs that prefer IPv6 wait in vain. Whoever runs this network should repair IPv6 or switch it off.",
		Evidence: finding.Evidence{seenThere}}
	if family == probe.IPv4Only {
		f.Code = "net.ipv4_broken"
		f.Message = "IPv4 does not work from here: no IPv4 address answers, not at {other} either, while IPv6 does."
		f.Remedy = "Mail programs that know only IPv4 wait in vain. Whoever runs this network should repair IPv4."
	}
	return &commonCause{Finding: weighed(f), covers: func(k Case, f finding.Finding) bool {
		broken, ok := brokenFamilyOf(k.Result)
		return ok && broken == family && (f.Code == ipv6Broken || f.Code == "net.ipv4_broken" || f.Code == "net.address_broken")
	}}
}
