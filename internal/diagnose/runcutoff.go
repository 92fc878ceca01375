package diagnose

import (
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// cutAtSignIn returns the mechanism by which a sign-in was tried of which no
// answer came: the connection ended, or nothing was said any more. Empty: it is
// not so, or the way has no beginning that could be tried by itself.
func cutAtSignIn(r *probe.Result) string {
	step := r.FailedStep()
	if step == nil || step.Phase != probe.SignIn || r.Auth.Status != probe.AuthUnknown || r.Auth.Reply != nil || probe.CutShort(step.Err) {
		return ""
	}
	if fault := probe.FaultOf(r.Auth.Cause); fault != probe.ClosedEarly && fault != probe.Silent {
		return ""
	}
	for _, announced := range r.Mechanisms {
		if announced == r.Auth.Mechanism {
			return announced
		}
	}
	return ""
}

// begun tells how sign-ins went that were begun without a credential and called
// off, at the case's own server and at another provider's. nil: it is not known.
func (s scene) begun(k Case) (own, other *sighting) {
	for _, x := range s.sightings() {
		switch {
		case x.result.Step(probe.Mechanism).Status == "" || x.Port != k.Result.Endpoint.Port:
		case sameHost(x.Host, k.Result.Endpoint.Host):
			own = &x
		case x.elsewhere:
			other = &x
		}
	}
	return own, other
}

// endsAtBegin reports whether a server does not answer a sign-in that is begun.
func (x *sighting) endsAtBegin() bool {
	if x == nil {
		return false
	}
	how, phase := symptomOf(x.result)
	return phase == probe.Mechanism && (how == endedEarly || how == mute)
}

// explainNoVerdict judges a sign-in that was cut, or got no answer, by what
// becomes of one without a credential. It never says anything of the password.
func (s scene) explainNoVerdict(k Case, f finding.Finding, accepted *probe.Result) finding.Finding {
	own, other := s.begun(k)
	f.Evidence = compared(f.Evidence, own, other)
	switch {
	case own.endsAtBegin() && other.endsAtBegin():
		f.Code, f.Severity, f.Blame, f.HelpURL = interferenceCode, "", "", ""
		f.Args = finding.Args{"secret": secretNoun(k.Result), "other": other.Host}
		f.Message = "Here {host} and {other} both end the connection, or fall silent, as soon as a sign-in begins, even one without a {secret}: something in this network interferes. Nothing is known about the {secret}."
		f.Remedy = againstInterference
		return weighed(f)
	case accepted != nil:
		f.Blame, f.Args = whoEnds(own, other), finding.Args{"secret": secretNoun(k.Result), "accepted": accepted.Endpoint.Address()}
		f.Message = "{server} gave no answer to the sign-in: it ended it or fell silent, or something on the way did. {accepted} accepts the same {secret}, so that is not the reason."
		f.Remedy = "Try again in some minutes, and from another network. If it stays so, the provider must look into the server."
		return weighed(f)
	case own.endsAtBegin():
		f.Args = with(f.Args, "secret", secretNoun(k.Result))
		f.Message = f.Message.Then("A sign-in that was begun without one ended in the same way, so the {secret} is not the reason.")
		if probe.FaultOf(k.Result.Auth.Cause) == probe.ClosedEarly {
			f.Blame = whoEnds(own, other)
			f.Remedy = "Try from another network: a filter on the way to this server alone would look the same. If it is the same there, the provider must look into the server."
		}
	case own != nil:
		f.Message = f.Message.Then("A sign-in that was begun without one was answered.")
	}
	return f
}

// whoEnds blames the server that ends a sign-in as soon as it begins, where
// another provider's answers from here.
func whoEnds(own, other *sighting) finding.Blame {
	if own.endsAtBegin() && other != nil && !other.endsAtBegin() {
		return finding.Provider
	}
	return finding.Unknown
}
