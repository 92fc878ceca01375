package diagnose

import (
	"fmt"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// explainSilence decides between a server that does not answer and a network
// that lets nothing through to it. One that is silent here and elsewhere is
// not judged.
func explainSilence(r *probe.Result, f finding.Finding, s scene) finding.Finding {
	e := r.Endpoint
	up, other := s.neighbour(e), s.elsewhere(e)
	f.Evidence = compared(f.Evidence, up, other)
	switch {
	case isPrivate(r):
		return f
	case other != nil && other.how == answers && up != nil:
		return notServed(e, f, *up, *other)
	case other != nil && other.how == answers:
		return hostDown(f, *other)
	case other != nil && up != nil, other != nil && s.anyAnswers():
		return blocked(e, f, up, *other)
	case up != nil:
		f.Args = finding.Args{"open_port": portOf(*up)}
		f.Message = "{server} does not answer. " + ofSameHost(*up) + ", so the host is up: either it does not serve port {port}, or a firewall on the way drops the connection."
	}
	return f
}

// hostDown blames the server: the comparison has cleared the network.
func hostDown(f finding.Finding, other sighting) finding.Finding {
	f.Severity, f.Blame, f.Args = finding.Error, finding.Provider, finding.Args{"other": other.Host}
	f.Message = "{server} does not answer. Port {port} of {other} answers from here, so this network lets the port through: the server is down, or it drops connections from this network's address."
	f.Remedy = "Compare the host name with the provider's settings page. If it is right, the provider must look into it."
	return f
}

// notServed blames the setting: the comparison has cleared the network and
// the host.
func notServed(e settings.Endpoint, f finding.Finding, up, other sighting) finding.Finding {
	f.Severity, f.Blame = finding.Error, finding.Catalogue
	f.Args = finding.Args{"other": other.Host, "open_port": portOf(up)}
	f.Message = "{server} does not answer. " + ofSameHost(up) + ", and so does port {port} of {other}: the host is up and this network lets the port through, so the host does not serve it."
	f.Remedy = "Check the port against the provider's settings page."
	return useInstead(e, f, &up)
}

func blocked(e settings.Endpoint, f finding.Finding, up *sighting, other sighting) finding.Finding {
	f.Code, f.Severity, f.Blame = "net.port_blocked_suspected", "", "" // as the page of its new code says
	f.Args = finding.Args{"other": other.Host}
	why := finding.Sentence("although this network reaches other servers")
	if up != nil {
		why, f.Args["open_port"] = "although port {open_port} of the first does", portOf(*up)
	}
	f.Message = "Port {port} answers neither at {host} nor at {other}, " + why + ": this network probably blocks the port."
	f.Remedy = "Try from another network, such as a phone's, or ask whoever runs this network to allow port {port}."
	return weighed(useInstead(e, f, up))
}

// useInstead names the port that answers, if it may serve in place of e's.
func useInstead(e settings.Endpoint, f finding.Finding, up *sighting) finding.Finding {
	if up == nil || up.how != answers || up.Protocol != e.Protocol {
		return f
	}
	f.Args["open_security"] = securityName(up.Security)
	f.Remedy = f.Remedy.Then("Port {open_port} of the same host answers: try it with {open_security}.")
	return f
}

func portOf(x sighting) string { return fmt.Sprint(x.Port) }

func ofSameHost(up sighting) finding.Sentence {
	if up.how == refuses {
		return "Port {open_port} of the same host refuses"
	}
	return "Port {open_port} of the same host answers"
}

// compared adds what was seen for comparison.
func compared(own finding.Evidence, seen ...*sighting) finding.Evidence {
	for _, x := range seen {
		if x != nil {
			own = append(own, finding.Observation{At: x.Address(), What: reachWords[x.how]})
		}
	}
	return own
}

var reachWords = map[reach]string{
	answers: "answers",
	refuses: "refuses the connection",
	silent:  "does not answer",
	unnamed: "has no address in DNS",
	cutOff:  "cannot be reached from here",
	unclear: "could not be tried",
}
