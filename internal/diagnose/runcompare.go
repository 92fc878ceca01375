package diagnose

import (
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
		case own == endedEarly && how == endedEarly && isReset(k.Result, x.result):
			if found.alike == nil && x.elsewhere {
				found.alike = &x
			}
		case got(phase, x.result) && !sameFamily(k.Result, x.result): // clears nothing
		case got(phase, x.result):
			if found.clear == nil || x.elsewhere && !found.clear.elsewhere {
				found.clear = &x
			}
		case found.alike == nil && x.elsewhere && alike(how, own) && where == phase && (own != peculiar || detailOf(x.result) == detailOf(k.Result)):
			found.alike = &x
		}
	}
	return found
}

// isReset reports whether one of two dialogues was reset as the connection came
// about and the other at most before anything was said. Which of the two a
// reset meets is chance.
func isReset(r, other *probe.Result) bool {
	here, there := r.FailedStep().Phase, other.FailedStep().Phase
	return (here == probe.Connect || there == probe.Connect) && r.TLS == nil && other.TLS == nil
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
	if how == nameless {
		return s.explainName(k, f)
	}
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
		if c.alike == nil && isExplained(k.Result) {
			return f
		}
		return explainCut(f, c)
	case unencrypted:
		return explainStripped(f, c)
	case turnedDown, clear, peculiar:
		return explainOdd(f, c, how)
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
