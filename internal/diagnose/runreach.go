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
		return hostDown(e, f, *other)
	case other != nil && up != nil, other != nil && s.anyAnswers():
		return blocked(e, f, up, *other)
	case up != nil:
		f.Message = fmt.Sprintf("%s does not answer. %s, so the host is up: either it does not serve port %d, or a firewall on the way drops the connection.",
			e.Address(), ofSameHost(*up), e.Port)
	}
	return f
}

func hostDown(e settings.Endpoint, f finding.Finding, other sighting) finding.Finding {
	f.Severity, f.Blame = finding.Error, finding.Provider
	f.Message = fmt.Sprintf("%s does not answer. Port %d of %s answers from here, so this network lets the port through: the server is down, or it drops connections from this network's address.",
		e.Address(), e.Port, other.Host)
	f.Remedy = "Compare the host name with the provider's settings page. If it is right, the provider must look into it."
	return f
}

func notServed(e settings.Endpoint, f finding.Finding, up, other sighting) finding.Finding {
	f.Severity, f.Blame = finding.Error, finding.Catalogue
	f.Message = fmt.Sprintf("%s does not answer. %s, and so does port %d of %s: the host is up and this network lets the port through, so the host does not serve it.",
		e.Address(), ofSameHost(up), e.Port, other.Host)
	f.Remedy = "Check the port against the provider's settings page." + useInstead(e, &up)
	return f
}

func blocked(e settings.Endpoint, f finding.Finding, up *sighting, other sighting) finding.Finding {
	f.Code, f.Severity, f.Blame = "net.port_blocked_suspected", finding.Warning, finding.LocalNetwork
	why := "although this network reaches other servers"
	if up != nil {
		why = "although port " + fmt.Sprint(up.Port) + " of the first does"
	}
	f.Message = fmt.Sprintf("Port %d answers neither at %s nor at %s, %s: this network probably blocks the port.", e.Port, e.Host, other.Host, why)
	f.Remedy = fmt.Sprintf("Try from another network, such as a phone's, or ask whoever runs this network to allow port %d.", e.Port) + useInstead(e, up)
	return f
}

// useInstead names the port that answers, if it may serve in place of e's.
func useInstead(e settings.Endpoint, up *sighting) string {
	if up == nil || up.how != answers || up.Protocol != e.Protocol {
		return ""
	}
	return fmt.Sprintf(" Port %d of the same host answers: try it with %s.", up.Port, securityName(up.Security))
}

func ofSameHost(up sighting) string {
	if up.how == refuses {
		return fmt.Sprintf("Port %d of the same host refuses", up.Port)
	}
	return fmt.Sprintf("Port %d of the same host answers", up.Port)
}

// compared adds what was seen for comparison.
func compared(own finding.Evidence, seen ...*sighting) finding.Evidence {
	for _, x := range seen {
		if x != nil {
			own = append(own, finding.Observation{What: x.Address() + " " + reachWords[x.how]})
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
