package diagnose

import (
	"fmt"
	"maps"
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

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
	case misdated:
		return "shows a certificate whose dates do not fit this computer's clock"
	case peculiar:
		return "fails in the phase " + phase
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
