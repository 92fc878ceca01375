package diagnose

import (
	"net/netip"
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// explainSilence decides between a server that does not answer and a network
// that lets nothing through to it. One that is silent here and elsewhere is
// not judged.
func (s scene) explainSilence(k Case, f finding.Finding, c comparison) finding.Finding {
	switch only := familyOfHost(k.Result); {
	case c.alike != nil && s.isDead(only, k.Result.Endpoint.Port):
		return noFamily(only, f, *c.alike)
	case c.clear != nil && c.up != nil:
		return notServed(k, f, *c.up, *c.clear)
	case c.clear != nil && isTranslated(k.Result) && !s.translates():
		return translatorSilent(k, f, *c.clear)
	case c.clear != nil:
		return s.hostDown(k, f, *c.clear)
	case c.alike != nil && (c.up != nil || s.anyAnswers()):
		return s.blocked(k, f, c, "answers")
	case c.up != nil:
		f.Args = with(f.Args, "open_port", portOf(*c.up))
		f.Message = "{server} does not answer. " + ofSameHost(*c.up) + ", so the host is up: either it does not serve port {port}, or a firewall on the way drops the connection."
	}
	return f
}

// explainRefusal decides between a port that nobody serves, a host that is
// down or bars this address, and a network that rejects the port.
func (s scene) explainRefusal(k Case, f finding.Finding, c comparison) finding.Finding {
	switch up := c.up; {
	case c.alike != nil:
		return s.blocked(k, f, c, "is open")
	case c.clear == nil:
		return f
	case up != nil && up.how == answers:
		f.Args = with(with(f.Args, "other", c.clear.Host), "open_port", portOf(*up))
		f.Message = "{server} refuses connections. " + ofSameHost(*up) + ", and so does port {port} of {other}: this network lets the port through, and no server listens on it there."
		return useInstead(k, f, up)
	}
	return s.hostRefuses(k, f)
}

// hostRefuses blames the server, as far as one network can tell. It names
// another host that answers, the same for every port of this one.
func (s scene) hostRefuses(k Case, f finding.Finding) finding.Finding {
	f.Blame, f.Args = finding.Provider, finding.Args{}
	if other := s.answering(k); other != "" {
		f.Args["other"] = other
	}
	f.Message = "{host} refuses every connection from here"
	if quiet := silentAddresses(k.Result); len(quiet) > 0 {
		f.Args["address"] = few(quiet)
		f.Message = "{host} takes no connection from here (there is no answer from {address}, and a refusal otherwise)"
	}
	if f.Args["other"] != "" {
		f.Message += ", while other servers answer, such as {other}"
	}
	f.Message += ": the server is down, or it bars this network's address."
	f.Remedy = "Try from another network, such as a phone's. If it works there, this address is barred, often after failed sign-ins: stop mail programs with a wrong password and wait an hour. If it is the same there, only the provider can mend it."
	return f
}

// explainBarred words that the way to one host ends, where others are reached.
func (s scene) explainBarred(k Case, f finding.Finding, c comparison) finding.Finding {
	switch only := onlyFamily(k.Result); {
	case c.alike != nil && only != probe.AnyFamily && !s.anyWorks(only):
		return noFamily(only, f, *c.alike)
	case c.alike != nil && (c.up != nil || s.anyAnswers()):
		return s.blocked(k, f, c, "can be reached")
	case c.up != nil && c.up.how == answers:
		f.Blame, f.Args = finding.Provider, finding.Args{"open_port": portOf(*c.up)}
		f.Message = "Port {port} of {host} cannot be reached from here: a firewall prohibits it. " + ofSameHost(*c.up) + "."
		f.Remedy = "Try from another network, such as a phone's. If it is the same there, the provider prohibits the port; if not, whoever runs this network does."
		return useInstead(k, f, c.up)
	case c.clear == nil && !s.anyAnswers():
		return f
	}
	f.Blame, f.Args = finding.Provider, nil
	f.Message = "From here there is no way to {host}, although other servers are reached: a router or a firewall between here and there turns the connection away."
	f.Remedy = "Try from another network, such as a phone's. If it works there, ask whoever runs this network; if it is the same there, the provider's network is out."
	return f
}

// hostDown blames the server: the comparison has cleared the network.
func (s scene) hostDown(k Case, f finding.Finding, other sighting) finding.Finding {
	f.Severity, f.Blame, f.Args = finding.Error, finding.Provider, finding.Args{"other": other.Host}
	f.Message = "{server} does not answer. Port {port} of {other} answers from here, so this network lets the port through: the server is down, or it drops connections from this network's address."
	f.Remedy = "Try from another network, such as a phone's. If it works there, this network's address is barred, or something on the way drops the packets. If it is the same there, compare the host name with the provider's settings page; where it is right, only the provider can mend it."
	if s.silentPorts(k) > 1 {
		f.Args["other"] = s.answering(k)
		f.Message = "{host} answers on none of the ports that were tried, while other servers answer from here, such as {other}: the server is down, or it drops connections from this network's address."
	}
	return f
}

// silentPorts counts the ports of a case's host that a run is about and on
// which nothing answers.
func (s scene) silentPorts(k Case) int {
	n := 0
	for _, x := range s.cases {
		if sameHost(x.Result.Endpoint.Host, k.Result.Endpoint.Host) && x.reach() == silent {
			n++
		}
	}
	return n
}

// answering returns another owner's host that answers, the same for all ports
// of a case's; empty: none does.
func (s scene) answering(k Case) string {
	for _, x := range s.sightings() {
		if x.how == answers && !related(x.Host, k.Result.Endpoint.Host) {
			return x.Host
		}
	}
	return ""
}

// notServed blames the setting: the comparison has cleared the network and
// the host.
func notServed(k Case, f finding.Finding, up, other sighting) finding.Finding {
	f.Severity, f.Blame = finding.Error, finding.Catalogue
	f.Args = finding.Args{"other": other.Host, "open_port": portOf(up)}
	f.Message = "{server} does not answer. " + ofSameHost(up) + ", so the host is up, and port {port} of {other} answers from here, so this network lets the port through: the host does not serve it, or bars this network from it."
	f.Remedy = "Try from another network, such as a phone's. If it is the same there, check the port against the provider's settings page."
	return useInstead(k, f, &up)
}

// blocked blames the network: the port is closed to another provider, too.
func (s scene) blocked(k Case, f finding.Finding, c comparison, verb finding.Sentence) finding.Finding {
	f.Code, f.Severity, f.Blame, f.HelpURL = "net.port_blocked_suspected", "", "", "" // as the page of its new code says
	f.Args = finding.Args{"other": c.alike.Host}
	why := finding.Sentence("")
	if s.anyAnswers() {
		why = ", although this network reaches other servers"
	}
	if up := c.up; up != nil {
		why, f.Args["open_port"] = ", although port {open_port} of {host} answers", portOf(*up)
		if up.how == refuses {
			why = ", although {host} is up (port {open_port} refuses)"
		}
	}
	f.Message = "Port {port} " + verb + " neither at {host} nor at {other}" + why + ": this network probably blocks the port."
	f.Remedy = "Try from another network, such as a phone's, or ask whoever runs this network to allow port {port}."
	return weighed(useInstead(k, f, c.up))
}

// translators are the prefixes behind which a network without IPv4 shows IPv4
// addresses (NAT64): RFC 6052 §2.1, RFC 8215.
var translators = []netip.Prefix{netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48")}

func throughTranslator(a netip.Addr) bool {
	return slices.ContainsFunc(translators, func(p netip.Prefix) bool { return p.Contains(a) })
}

// isTranslated reports whether a host is reached through a translator alone.
func isTranslated(r *probe.Result) bool {
	return len(r.Resolved) > 0 && !slices.ContainsFunc(r.Resolved, func(a netip.Addr) bool { return !throughTranslator(a) })
}

// translates reports whether anything was reached through a translator.
func (s scene) translates() bool {
	return slices.ContainsFunc(s.sightings(), func(x sighting) bool {
		return slices.ContainsFunc(x.result.Tried, func(t probe.Attempt) bool { return t.Err == nil && throughTranslator(t.Addr.Addr()) })
	})
}

// translatorSilent words silence behind a translator of which nothing shows
// that it works: what answers directly clears only the rest of the network.
func translatorSilent(k Case, f finding.Finding, other sighting) finding.Finding {
	f.Severity, f.Blame = finding.Warning, finding.LocalNetwork
	f.Args = finding.Args{"other": other.Host, "address": k.Result.Resolved[0].String()}
	f.Message = "{server} does not answer. It has no IPv6, so this network leads there through a translator to IPv4 (NAT64, {address}), through which nothing was reached; {other}, which has IPv6, answers. More likely the translator is out than the server."
	f.Remedy = "Try from another network, such as a phone's. If it works there, whoever runs this network must mend its translator (NAT64) or provide IPv4."
	return f
}
