package diagnose

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"syscall"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/tlscheck"
)

// addressFindings compares the dialogue of a run with the same dialogue at the
// host's other addresses. A server that fails where another one works is a
// warning, not an error: mail programs try the next address. They do not where a
// server has not proved who it is: its certificate is an error.
func addressFindings(main *probe.Result, others []*probe.Result) []finding.Finding {
	if len(others) == 0 {
		return nil
	}
	nodes := []node{nodeOf(main, main.RemoteAddr.Addr())}
	for _, o := range others {
		if len(o.Resolved) > 0 {
			nodes = append(nodes, nodeOf(o, o.Resolved[0]))
		}
	}
	all := slices.Concat(brokenNodes(nodes), differentOffers(nodes), differentTLS(nodes), differentCertificates(nodes), outOfReach(nodes))
	for i := range all {
		all[i] = about(main, all[i])
	}
	return all
}

// Unanswered returns the addresses of a dialogue of which nothing is known
// because no answer came in the time that this program waits, or there is no way
// there from here. Who refuses or hangs up has answered.
func Unanswered(r *probe.Result) []netip.Addr {
	var addrs []netip.Addr
	for _, t := range r.Tried {
		if fault := faultOf(t); t.Err != nil && (fault == connectTimeout || fault == connectUnreachable) {
			addrs = append(addrs, t.Addr.Addr())
		}
	}
	var handshake *tlscheck.HandshakeError
	f := r.FailedStep()
	silent := f != nil && (probe.FaultOf(f.Err) == probe.Silent || errors.As(f.Err, &handshake) && handshake.Failure == tlscheck.Timeout)
	if silent && r.Auth.Status != probe.AuthUnknown && r.RemoteAddr.IsValid() {
		addrs = append(addrs, r.RemoteAddr.Addr())
	}
	return addrs
}

// brokenNodes names the addresses whose dialogue fails where another's works:
// one finding for failures of TLS and one for all others.
func brokenNodes(nodes []node) []finding.Finding {
	good, bad := split(nodes, node.works, node.unreachable)
	if len(good) == 0 || len(bad) == 0 {
		return nil
	}
	inTLS, elsewhere := split(bad, failsInTLS, none)
	var all []finding.Finding
	if len(elsewhere) > 0 {
		all = append(all, brokenFinding("net.address_inconsistent", elsewhere, good))
	}
	if len(inTLS) > 0 {
		all = append(all, brokenFinding("tls.inconsistent_addresses", inTLS, good))
	}
	return all
}

func failsInTLS(n node) bool {
	var handshake *tlscheck.HandshakeError
	return probe.FaultOf(n.failed.Err) == "" && errors.As(n.failed.Err, &handshake)
}

func brokenFinding(code string, bad, good []node) finding.Finding {
	f := finding.Finding{Code: code, Phase: bad[0].failed.Phase,
		Message: "The addresses of {server} behave differently: {faults}; with {good} all is well.",
		Remedy:  "Mail programs that meet this server fail now and then. The provider must mend it or take its address out of DNS."}
	var what []string
	for _, n := range bad {
		what = append(what, n.String()+" "+failure(n))
		f.Evidence = append(f.Evidence, finding.Observation{At: n.String(), What: withoutAddresses(n.failed.Err)})
	}
	f.Evidence = append(f.Evidence, finding.Observation{At: list(good), What: "no fault"})
	f.Args = finding.Args{"faults": strings.Join(what, ", "), "good": list(good)}
	return f
}

// failure says in a few words how a node fails.
func failure(n node) string {
	switch fault := probe.FaultOf(n.failed.Err); {
	case n.failed.Phase == probe.Connect:
		return "does not accept connections"
	case fault == probe.NotOffered, fault == probe.Masked:
		return "does not offer STARTTLS"
	case fault == probe.SpeaksClear:
		return "does not speak TLS"
	case fault == probe.SpeaksTLS:
		return "expects TLS at once"
	case fault == probe.Silent:
		return "says nothing"
	case n.failed.Phase == probe.TLS:
		return "fails in the TLS handshake"
	case n.failed.Phase == probe.Greeting:
		return "does not greet properly"
	case n.failed.Phase == probe.StartTLS:
		return "fails in the switch to encryption"
	}
	return "fails in the phase " + n.failed.Phase
}

// untested says of which addresses nothing is known: those of a family to which
// there is no way from here by themselves, because that is no fault of the
// server, and everybody without that family does without them.
func untested(k Case) []finding.Finding {
	var all []finding.Finding
	var others []string
	missing := map[probe.Family][]string{}
	for _, a := range k.Untested {
		if k.noWayTo(a) {
			missing[familyOf(a)] = append(missing[familyOf(a)], a.String())
		} else {
			others = append(others, a.String())
		}
	}
	for _, f := range []probe.Family{probe.IPv6Only, probe.IPv4Only} {
		if len(missing[f]) > 0 {
			all = append(all, about(k.Result, familyMissing(f, missing[f])))
		}
	}
	if len(others) > 0 {
		all = append(all, about(k.Result, finding.Finding{Code: "net.address_untested", Phase: probe.Connect,
			Message: "Nothing is known of some addresses of {server}: {addresses}. They were not tested, or no answer came in time.",
			Remedy:  "Test each of them with --resolve {host}:{port}:ADDRESS.",
			Args:    finding.Args{"addresses": few(others)}}))
	}
	return all
}

func familyMissing(family probe.Family, addrs []string) finding.Finding {
	only := "-4"
	if family == probe.IPv4Only {
		only = "-6"
	}
	return finding.Finding{Code: "net.address_untested", Phase: probe.Connect, Blame: finding.LocalNetwork,
		Message: "There is no way to {family} from here, so the {family} addresses of {server} were not tested: {addresses}. That is no fault of the server, but they were asked for, so its verdict stays open.",
		Remedy:  "Repeat it with {only} to leave them out, or where there is {family} to test them, too.",
		Args:    finding.Args{"family": string(familyName(family)), "addresses": few(addrs), "only": only}}
}

// noWayTo reports whether no address of the family of a could be called at all:
// this computer has no address of that family, or no route.
func (k Case) noWayTo(a netip.Addr) bool {
	tried := false
	for _, r := range append([]*probe.Result{k.Result}, k.Addresses...) {
		for _, t := range r.Tried {
			if familyOf(t.Addr.Addr()) != familyOf(a) {
				continue
			}
			if tried = true; !isAny(t.Err, syscall.ENETUNREACH, syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT) {
				return false
			}
		}
	}
	return tried
}

func isAny(err error, targets ...error) bool {
	return slices.ContainsFunc(targets, func(t error) bool { return errors.Is(err, t) })
}

// outOfReach says which addresses were left untested.
func outOfReach(nodes []node) []finding.Finding {
	_, far := split(nodes[1:], func(n node) bool { return !n.unreachable() }, none)
	if len(far) == 0 {
		return nil
	}
	return []finding.Finding{{Code: "net.unreachable", Severity: finding.Info, Phase: probe.Connect, // another address works
		Message:  "This computer has no way to {addresses} of {server}, so what is there was not tested.",
		Args:     finding.Args{"addresses": list(far)},
		Evidence: finding.Evidence{{At: far[0].String(), What: withoutAddresses(far[0].failed.Err)}}}}
}
