package diagnose

import (
	"net"
	"net/netip"
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// public returns the sightings of hosts that the catalogue knows, if there are
// any: a server of this network's own may know the names inside it and no
// others.
func (s scene) public() []sighting {
	all := s.sightings()
	known := slices.DeleteFunc(slices.Clone(all), func(x sighting) bool { return !catalogued(x.provider) })
	if len(known) > 0 {
		return known
	}
	return all
}

// dead are the ways in which DNS gives no answer at all, which is not the same
// as that a name is not there.
var dead = map[nameFault]deadAnswer{
	resolverSilent:  {"dns.timeout", "gives no answer for"},
	resolverRefuses: {"dns.refused", "refuses to look up"},
	brokenDomain:    {"dns.servfail", "fails for"},
}

type deadAnswer struct {
	code  string
	words finding.Sentence
}

// deadDNS tells that the DNS server of this computer answers for nobody, not
// for another provider either. nil: it is not so, or nothing shows it.
func deadDNS(s scene) *commonCause {
	how, other := deadAnswer{}, ""
	for _, x := range s.public() {
		step := x.result.FailedStep()
		if step == nil || step.Phase != probe.Resolve || probe.CutShort(step.Err) {
			return nil
		}
		fault, ok := dead[nameFaultOf(x.result, step.Err)]
		if !ok {
			return nil
		}
		if !x.elsewhere {
			how = fault
		} else if other == "" {
			other = x.Host
		}
	}
	if how.code == "" || other == "" {
		return nil
	}
	f := finding.Finding{Code: how.code, Blame: finding.LocalNetwork, Severity: finding.Warning, Args: finding.Args{"other": other},
		Message: "The DNS server that this computer uses " + how.words + " any name, not even for {other}, so no server can be found and nothing is known about these settings.",
		Remedy:  "Look at the DNS server in the network settings of this computer. Set another one, or restart the router; in a company ask whoever runs this network. A VPN that is on or off can be the reason."}
	for _, x := range s.sightings()[:1] {
		f.Evidence = resolverSaid(x.result.FailedStep().Err)
	}
	return &commonCause{Finding: weighed(f), covers: Case.isUnconnected, short: "{host} could not be looked up, like every other name."}
}

// blindDNS tells that the DNS server of this computer knows no mail server of
// the catalogue, although it knows other names, such as those inside a network.
// nil: it is not so, or nothing shows it.
func blindDNS(s scene) *commonCause {
	other, own := "", false
	for _, x := range s.public() {
		if !catalogued(x.provider) || x.how != unnamed {
			return nil
		}
		if x.elsewhere && other == "" {
			other = x.Host
		}
		own = own || !x.elsewhere
	}
	if other == "" || !own || !s.anyAnswers() {
		return nil
	}
	f := finding.Finding{Code: "dns.nxdomain", Severity: finding.Warning, Blame: finding.LocalNetwork, Args: finding.Args{"other": other},
		Message: "The DNS server that this computer uses says of every mail server outside that there is no such name, of {other} as well: it knows the names inside this network alone, or filters. Nothing is known about these settings.",
		Remedy:  "Look at the DNS server in the network settings of this computer, and at the VPN. Set another DNS server, or ask whoever runs this network."}
	return &commonCause{Finding: weighed(f), covers: func(k Case, f finding.Finding) bool { return catalogued(k.Provider) && k.isUnconnected(f) }, short: "{host} could not be looked up, like every other mail server."}
}

// lies reports whether DNS gives, for a server that the catalogue knows to be
// public, addresses that no public server has. A filter does that, or the
// hosts file. One that proves who it is is the server all the same.
func (k Case) lies() bool {
	r := k.Result
	if !catalogued(k.Provider) || r.Overridden || len(r.Resolved) == 0 || r.TLS != nil && r.TLS.Trusted() {
		return false
	}
	return !slices.ContainsFunc(r.Resolved, func(a netip.Addr) bool { return !notPublic(a) })
}

func notPublic(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsPrivate() || a.IsLoopback() || a.IsUnspecified() || a.IsLinkLocalUnicast() || a.IsMulticast() || shared.Contains(a)
}

// shared is the address space between a provider and its customers, RFC 6598.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// lyingDNS tells that names lead to addresses that are not their servers'.
// nil: it is not so.
func lyingDNS(s scene) *commonCause {
	i := slices.IndexFunc(s.cases, Case.lies)
	if i < 0 {
		return nil
	}
	first := s.cases[i].Result
	f := finding.Finding{Code: "dns.resolver_lies", Args: finding.Args{"name": first.Host, "address": first.Resolved[0].String()},
		Message: "The DNS server that this computer uses leads {name} to {address}, which is no public address: a filter, an ad blocker or the hosts file is in the way, and nothing is known about the server itself.",
		Remedy:  "Allow {name} in the DNS filter or ad blocker of this network, look into the hosts file of this computer, or set another DNS server."}
	for _, k := range s.cases {
		if k.lies() {
			f.Evidence = append(f.Evidence, finding.Observation{At: k.Result.Host, What: k.Result.Resolved[0].String()})
		}
	}
	return &commonCause{Finding: weighed(f), covers: func(k Case, f finding.Finding) bool {
		return k.lies() && (k.isWhy(f) || f.Severity == finding.Error || f.Code == addressInside)
	},
		moot: addressInside, short: "{host} is led to another address here, so its server could not be tested."}
}

// explainName decides between a DNS server that answers for nobody and one that
// gets no answer about one name, or denies one that is known to be there.
func (s scene) explainName(k Case, f finding.Finding) finding.Finding {
	other := s.found(k.Result.Endpoint.Host)
	if other == "" {
		return f
	}
	switch fault := nameFaultOf(k.Result, k.Result.FailedStep().Err); {
	case fault == resolverSilent && related(other, k.Result.Endpoint.Host):
		f.Blame, f.Args = finding.LocalNetwork, finding.Args{"other": other}
		f.Message = "The DNS server of this computer finds {other}, of the same domain, but gave no answer about {host}. The question or the answer was lost, or that server is overloaded."
		f.Remedy = "Try again in some minutes. If it stays so, set another DNS server on this computer, or ask whoever runs this network."
	case fault == resolverSilent:
		f.Blame, f.Args = finding.Provider, finding.Args{"other": other}
		f.Message = "The DNS server of this computer finds {other}, but gets no answer about {host}: the name servers of that domain are out of reach from here."
		f.Remedy = "Try again in some minutes, and from another network. If it stays so, whoever runs the DNS of that domain must mend it."
	case (fault == noSuchName || fault == notFound) && k.isDocumented():
		f.Severity, f.Blame, f.Args = finding.Warning, finding.LocalNetwork, finding.Args{"other": other, "owner": k.Provider.Name}
		f.Message = "The DNS server of this computer finds {other}, but says that there is no {host}, which {owner} documents. More likely a DNS filter leaves the name out, or the answer is out of date, than that the server is gone; from here that cannot be told."
		f.Remedy = "Try another DNS server, or another network, such as a phone's. If the name is missing there too, {owner} has taken it away: look at its settings page."
	}
	f.Evidence = append(slices.Clone(f.Evidence), finding.Observation{At: other, What: "has an address"})
	return f
}

// found returns a name for which DNS gives addresses, one of the host's own
// domain if there is any; empty: none is known.
func (s scene) found(host string) string {
	other := ""
	for _, x := range s.public() {
		if x.result.Step(probe.Resolve).Status == probe.OK && net.ParseIP(x.Host) == nil && !x.result.Overridden && (other == "" || related(x.Host, host)) {
			other = x.Host
		}
	}
	return other
}

// isDocumented reports whether the catalogue has the host of a case.
func (k Case) isDocumented() bool {
	return catalogued(k.Provider) && k.Result.Host == k.Result.Endpoint.Host &&
		slices.ContainsFunc(k.Provider.Settings(), func(x settings.Setting) bool { return sameHost(x.Host, k.Result.Endpoint.Host) })
}
