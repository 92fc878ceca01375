package diagnose

import (
	"fmt"
	"maps"
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// A comparison is how the end of one dialogue stands beside those elsewhere.
type comparison struct {
	alike *sighting // another provider that shows the same; nil: none does
	clear *sighting // another host that goes further on the same port; nil: none does
	up    *sighting // another port of the same host that shows that it is up
}

// compareCase looks for what the end of a case can be compared with. One that
// goes further clears the network, another provider that ends alike is
// evidence against it; where both are seen, neither is proved.
func (s scene) compareCase(k Case) comparison {
	own, phase := symptomOf(k.Result)
	found := comparison{up: s.neighbour(k.Result.Endpoint)}
	for _, x := range s.sightings() {
		if sameHost(x.Host, k.Result.Endpoint.Host) || x.Port != k.Result.Endpoint.Port {
			continue
		}
		how, where := symptomOf(x.result)
		switch {
		case got(phase, x.result) && !sameFamily(k.Result, x.result): // clears nothing
		case got(phase, x.result):
			if found.clear == nil || x.elsewhere && !found.clear.elsewhere {
				found.clear = &x
			}
		case found.alike == nil && x.elsewhere && alike(how, own) && where == phase:
			found.alike = &x
		}
	}
	return found
}

// sameFamily reports whether two dialogues can be compared: one that was held
// over IPv4 tells nothing of another that was tried over IPv6 alone.
func sameFamily(r, other *probe.Result) bool {
	only := onlyFamily(r)
	return only == probe.AnyFamily || !other.RemoteAddr.IsValid() || familyOf(other.RemoteAddr.Addr()) == only
}

// onlyFamily returns the one address family over which a dialogue was tried;
// AnyFamily: both, or it is not known.
func onlyFamily(r *probe.Result) probe.Family {
	if r.RemoteAddr.IsValid() {
		return familyOf(r.RemoteAddr.Addr())
	}
	seen := map[probe.Family]bool{}
	for _, t := range r.Tried {
		if !t.Addr.Addr().IsUnspecified() {
			seen[familyOf(t.Addr.Addr())] = true
		}
	}
	if len(seen) != 1 {
		return probe.AnyFamily
	}
	for f := range seen {
		return f
	}
	return probe.AnyFamily
}

// alike reports whether two symptoms can have one cause: what swallows a
// dialogue here may cut it there.
func alike(a, b symptom) bool {
	return a == b || (a == mute || a == endedEarly) && (b == mute || b == endedEarly)
}

// inLight judges why a dialogue ended by what others show.
func (s scene) inLight(k Case, f finding.Finding) finding.Finding {
	if isPrivate(k.Result) || isTyping(f) {
		return f // nobody outside can be asked, or what was typed explains it
	}
	c := s.compareCase(k)
	how, _ := symptomOf(k.Result)
	f.Evidence = compared(f.Evidence, c.up, c.alike, c.clear)
	if c.alike != nil && c.clear != nil {
		if verb, ok := failsAlike[how]; ok {
			return undecided(k, f, c, verb)
		}
		c.alike = nil // who speaks, and says this, was not kept from it
	}
	switch how {
	case noReply:
		return s.explainSilence(k, f, c)
	case rejected:
		return s.explainRefusal(k, f, c)
	case barred:
		return s.explainBarred(k, f, c)
	case endedEarly, mute:
		return explainCut(f, c)
	case unencrypted:
		return explainStripped(f, c)
	case turnedDown, clear:
		return explainOdd(f, c, how)
	case nameless:
		return s.explainName(k, f)
	}
	return f
}

// failsAlike says of dialogues that ended where other hosts decide.
var failsAlike = map[symptom]finding.Sentence{
	noReply: "do not answer", rejected: "refuse the connection", barred: "cannot be reached",
	endedEarly: "accept the connection and end it", mute: "accept the connection and then say nothing",
}

// undecided words that a host fails like one other provider and unlike a third:
// either something on the way chooses by destination, or both are in trouble.
func undecided(k Case, f finding.Finding, c comparison, verb finding.Sentence) finding.Finding {
	if f.Code == largeLostCode {
		return f
	}
	f.Severity, f.Blame, f.HelpURL = finding.Warning, finding.LocalNetwork, ""
	f.Args = finding.Args{"alike": c.alike.Host, "other": c.clear.Host}
	if c.up != nil {
		f.Args["open_port"] = portOf(*c.up)
	}
	f.Message = "From here {host} and {alike} fail alike on port {port} (they " + verb + "), while {other} works. A filter by destination in this network, or trouble on the way to both, is more likely than that both are out at once; neither is proved."
	f.Remedy = "Try from another network, such as a phone's. If it works there, ask whoever runs this network; if it is the same there, only the providers can mend it."
	return useInstead(k, f, c.up)
}

// explainSilence decides between a server that does not answer and a network
// that lets nothing through to it. One that is silent here and elsewhere is
// not judged.
func (s scene) explainSilence(k Case, f finding.Finding, c comparison) finding.Finding {
	switch {
	case c.clear != nil && c.up != nil:
		return notServed(k, f, *c.up, *c.clear)
	case c.clear != nil:
		return hostDown(f, *c.clear)
	case c.alike != nil && (c.up != nil || s.anyAnswers()):
		return blocked(k, f, c.up, *c.alike, "answers")
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
	case c.alike != nil && s.anyAnswers():
		return blocked(k, f, up, *c.alike, "is open")
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
	for _, x := range s.sightings() {
		if f.Args["other"] == "" && x.how == answers && !related(x.Host, k.Result.Endpoint.Host) {
			f.Args["other"] = x.Host
		}
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
	case c.alike != nil && s.anyAnswers():
		return blocked(k, f, c.up, *c.alike, "can be reached")
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

const (
	interferenceCode = "net.interference"

	cutHere             = "Connections to port {port} are accepted here and then broken off or left without an answer, at {host} and at {other} alike (in the phase {phase}): something in this network interferes."
	oddHere             = "{host} and {other} fail alike on port {port} (in the phase {phase}), although they are of different providers: something in this network answers in their place, or changes what they say."
	barredHere          = "{host} and {other} both turn the caller away at once, although they are of different providers: both bar this network's address, or something in this network answers in their place."
	againstInterference = "Try from another network, such as a phone's, and without VPN and security programs. Then ask whoever runs this network to let mail connections through unchanged."
	againstFalseAnswers = "Do not sign in here. " + againstInterference
	againstBar          = "Try from another network, such as a phone's, and without a VPN: servers turn away addresses that many share. Ask whoever runs this network why."
	againstStripping    = "Do not sign in here without encryption. Ask whoever runs this network to switch off the inspection of mail."
)

// explainCut decides who cuts or swallows a dialogue after it was accepted.
func explainCut(f finding.Finding, c comparison) finding.Finding {
	switch {
	case f.Code == largeLostCode && c.clear != nil:
		f.Blame, f.Args = finding.Provider, with(f.Args, "other", c.clear.Host)
		f.Message = f.Message.Then("From {other} they arrive, so it is not this network alone.")
		f.Remedy = "Try from another network and without a VPN. If it is the same there, the provider must mend its network: a router or a firewall of its own drops large packets, or the ICMP that would say so."
	case f.Code == largeLostCode:
	case f.Code == largeHelloCode && c.alike != nil:
		f.Code, f.Severity, f.Blame, f.HelpURL = largeLostCode, "", "", ""
		f.Args = finding.Args{"other": c.alike.Host}
		f.Message = "Long messages from here reach neither {host} nor {other}, short ones do: large packets are lost on the way."
		f.Remedy = againstLoss
		return weighed(f)
	case c.alike != nil:
		f.Code, f.Severity, f.Blame = interferenceCode, "", ""
		f.Args, f.HelpURL = finding.Args{"other": c.alike.Host, "phase": f.Phase}, ""
		f.Message, f.Remedy = cutHere, againstInterference
		return weighed(f)
	case c.clear != nil:
		f.Blame, f.Args = finding.Provider, with(f.Args, "other", c.clear.Host)
		f.Message = f.Message.Then("At {other} the same port works from here.")
	}
	return f
}

// explainOdd decides who answers where servers of different providers refuse or
// speak alike.
func explainOdd(f finding.Finding, c comparison, own symptom) finding.Finding {
	if c.alike == nil {
		return f
	}
	f.Code, f.Severity, f.Blame, f.HelpURL = interferenceCode, "", "", ""
	f.Args = finding.Args{"other": c.alike.Host, "phase": f.Phase}
	f.Message, f.Remedy = oddHere, againstFalseAnswers
	if f.Phase == probe.Greeting && own == turnedDown {
		f.Message = barredHere
		f.Remedy = againstBar
	}
	return weighed(f)
}

// explainStripped decides who took the offer of encryption away.
func explainStripped(f finding.Finding, c comparison) finding.Finding {
	switch {
	case c.alike != nil:
		f.Code, f.Severity, f.Blame = "starttls.stripped_suspected", finding.Warning, "" // nothing is known of the server
		f.Args, f.HelpURL = finding.Args{"other": c.alike.Host}, ""
		f.Message = "Neither {host} nor {other} offers encryption (STARTTLS) on port {port} here, although both document it: something in this network removes the offer."
		f.Remedy = againstStripping
		return weighed(f)
	case c.clear != nil && f.Blame != finding.LocalNetwork:
		f.Args = with(f.Args, "other", c.clear.Host)
		f.Message = f.Message.Then("{other} does offer it here, so this network does not remove it.")
		f.Remedy = "Do not sign in here without encryption. The provider must offer STARTTLS on this port, or document another."
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
func notServed(k Case, f finding.Finding, up, other sighting) finding.Finding {
	f.Severity, f.Blame = finding.Error, finding.Catalogue
	f.Args = finding.Args{"other": other.Host, "open_port": portOf(up)}
	f.Message = "{server} does not answer. " + ofSameHost(up) + ", so the host is up, and port {port} of {other} answers from here, so this network lets the port through: the host does not serve it, or bars this network from it."
	f.Remedy = "Check the port against the provider's settings page."
	return useInstead(k, f, &up)
}

// blocked blames the network: the port is closed to another provider, too.
func blocked(k Case, f finding.Finding, up *sighting, other sighting, verb finding.Sentence) finding.Finding {
	f.Code, f.Severity, f.Blame, f.HelpURL = "net.port_blocked_suspected", "", "", "" // as the page of its new code says
	f.Args = finding.Args{"other": other.Host}
	why := finding.Sentence("although this network reaches other servers")
	if up != nil {
		why, f.Args["open_port"] = "although port {open_port} of {host} answers", portOf(*up)
		if up.how == refuses {
			why = "although {host} is up (port {open_port} refuses)"
		}
	}
	f.Message = "Port {port} " + verb + " neither at {host} nor at {other}, " + why + ": this network probably blocks the port."
	f.Remedy = "Try from another network, such as a phone's, or ask whoever runs this network to allow port {port}."
	return weighed(useInstead(k, f, up))
}

// useInstead names the port that answers, if it may serve in place of a case's
// and nothing was found that does.
func useInstead(k Case, f finding.Finding, up *sighting) finding.Finding {
	if up == nil || up.how != answers || up.Protocol != k.Result.Endpoint.Protocol || len(k.Instead) > 0 {
		return f
	}
	if how, _ := symptomOf(up.result); how != unharmed {
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
	own = slices.Clone(own)
	for _, x := range seen {
		if x != nil {
			own = append(own, finding.Observation{At: x.Address(), What: x.words()})
		}
	}
	return own
}

// words says how an endpoint was found, for evidence.
func (x sighting) words() string {
	how, phase := symptomOf(x.result)
	if begun := x.result.Step(probe.Mechanism).Status; begun != "" {
		if x.endsAtBegin() {
			return "ends the connection or falls silent when a sign-in begins"
		}
		if begun == probe.OK {
			return "answers when a sign-in begins"
		}
	}
	switch how {
	case endedEarly:
		return "accepts the connection and ends it (" + phase + ")"
	case mute:
		return "accepts the connection and says nothing (" + phase + ")"
	case unencrypted:
		return "offers no encryption"
	case web:
		return "answers as a web server"
	case untrusted:
		return "shows a certificate of an unknown authority"
	case turnedDown:
		return "refuses (" + phase + ")"
	case clear:
		return "speaks without encryption"
	case misnamed:
		return "shows a certificate for other names"
	}
	if step := x.result.FailedStep(); step != nil && probe.CutShort(step.Err) {
		return "was not tried to the end"
	}
	return reachWords[x.how]
}

var reachWords = map[reach]string{
	answers: "answers",
	refuses: "refuses the connection",
	silent:  "does not answer",
	unnamed: "has no address in DNS",
	cutOff:  "cannot be reached from here",
	unclear: "could not be tried",
}

// with returns args and one more, without changing them.
func with(args finding.Args, name, value string) finding.Args {
	all := finding.Args{name: value}
	maps.Copy(all, args)
	return all
}
