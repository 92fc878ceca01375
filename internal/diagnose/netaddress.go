package diagnose

import (
	"net/netip"
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// brokenAddresses tells of addresses that do not accept although another one of
// the same host does. A computer without IPv6 is no fault of the server.
func brokenAddresses(r *probe.Result) []finding.Finding {
	if !accepted(r, func(probe.Attempt) bool { return true }) {
		return nil
	}
	var six, other []probe.Attempt
	v6Works := accepted(r, isSix)
	for _, t := range r.Tried {
		switch fault := faultOf(t); {
		case notPublic(t.Addr.Addr()) && !isPrivateOnly(r): // DNS is at fault, and says so
		case t.Err == nil || fault == connectUnreachable || fault == connectForbidden || fault == connectOther:
		case fault == connectReset && r.FailedStep() != nil: // cut as early as the dialogue was cut later; what cuts is told of that
		case isSix(t) && !v6Works:
			six = append(six, t)
		default:
			other = append(other, t)
		}
	}
	var all []finding.Finding
	if len(other) > 0 {
		all = append(all, about(r, someBroken(other)))
	}
	if len(six) > 0 {
		all = append(all, about(r, sixBroken(six)))
	}
	return all
}

// isPrivateOnly reports whether no address of a host is public.
func isPrivateOnly(r *probe.Result) bool {
	return !slices.ContainsFunc(r.Resolved, func(a netip.Addr) bool { return !notPublic(a) })
}

func isSix(t probe.Attempt) bool { return t.Addr.Addr().Is6() }

// accepted reports whether an address that fits accepted the connection.
func accepted(r *probe.Result, fits func(probe.Attempt) bool) bool {
	return slices.ContainsFunc(r.Tried, func(t probe.Attempt) bool { return t.Err == nil && fits(t) })
}

func someBroken(dead []probe.Attempt) finding.Finding {
	f := broken(addressBroken, dead)
	f.Message = "{server} has an address that does not work: {address}."
	f.Remedy = "Mail programs that try this address first fail or hang. The provider must mend the server behind it or take it out of DNS."
	if len(dead) > 1 {
		f.Message = "{server} has addresses that do not work: {address}."
		f.Remedy = "Mail programs that try one of these first fail or hang. The provider must mend the servers behind them or take them out of DNS."
	}
	return f
}

func sixBroken(dead []probe.Attempt) finding.Finding {
	f := broken("net.ipv6_broken", dead)
	f.Message = "{server} cannot be reached over IPv6 ({address}); over IPv4 it can."
	f.Remedy = "Mail programs that prefer IPv6 wait in vain. Check IPv6 on this network first; if it works elsewhere on the internet, the provider must mend it."
	return f
}

func broken(code string, dead []probe.Attempt) finding.Finding {
	f := finding.Finding{Code: code, Phase: probe.Connect}
	var names []string
	for _, t := range dead {
		names = append(names, t.Addr.Addr().String()+" "+reachWords[connectReach[faultOf(t)]])
		f.Evidence = append(f.Evidence, seenAt(t))
	}
	f.Args = finding.Args{"address": few(names)}
	return f
}
