package diagnose

import (
	"slices"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// offline tells that this computer reaches nothing at all. One provider in
// trouble is no proof of that: another one must be out of reach as well, or
// there is no way out of this computer in the first place. nil: it is not so.
func offline(s scene) *commonCause {
	if len(s.cases) == 0 || s.anyAnswers() || s.anyUnclear() || s.allInside() || s.forbidden() {
		return nil
	}
	var own, strange []reach
	var strangers []sighting
	for _, x := range s.sightings() {
		if x.elsewhere {
			strange, strangers = append(strange, x.how), append(strangers, x)
			continue
		}
		own = append(own, x.how)
	}
	switch refused := slices.Contains(own, refuses); {
	case len(strangers) == 0 && !s.noWayOut(), slices.Contains(strange, unclear):
		return nil
	case slices.Contains(own, unnamed) && slices.ContainsFunc(strange, hasName):
		return nil
	case !slices.Contains(own, unnamed) && slices.Contains(strange, unnamed):
		return nil
	case slices.ContainsFunc(strange, func(how reach) bool { return (how == refuses) != refused }):
		return nil
	}
	f := offlineFinding(s, strangers)
	return &commonCause{Finding: f, covers: Case.isUnconnected, short: "{server} could not be reached, like everything else from here."}
}

// forbidden reports whether this computer itself forbids every connection:
// each endpoint says that by itself.
func (s scene) forbidden() bool {
	return !slices.ContainsFunc(s.cases, func(k Case) bool {
		step := k.Result.FailedStep()
		return step == nil || step.Phase != probe.Connect || gravestFault(k.Result) != connectForbidden
	})
}

// allInside reports whether a run is about hosts inside a private network
// alone, which say nothing of the internet.
func (s scene) allInside() bool {
	return !slices.ContainsFunc(s.cases, func(k Case) bool { return !isPrivate(k.Result) })
}

// isUnconnected reports whether a finding says why no connection came about.
func (k Case) isUnconnected(f finding.Finding) bool {
	return k.isWhy(f) && (f.Phase == probe.Resolve || f.Phase == probe.Connect)
}

// hasName reports whether DNS gave an address, so that a name for which it
// gives none may well not exist.
func hasName(how reach) bool { return how == silent || how == refuses }

// anyUnclear reports whether a case failed in a way that shows nothing of the
// network.
func (s scene) anyUnclear() bool {
	return slices.ContainsFunc(s.cases, func(k Case) bool { return k.reach() == unclear })
}

// noWayOut reports whether every connection ended inside this computer.
func (s scene) noWayOut() bool {
	return !slices.ContainsFunc(s.cases, func(k Case) bool {
		step := k.Result.FailedStep()
		return step == nil || step.Phase != probe.Connect || gravestFault(k.Result) != connectUnreachable || fromAfar(k.Result)
	})
}

// fromAfarAfter is what nobody but this computer itself needs less than to say
// that there is no way on.
const fromAfarAfter = 100 * time.Millisecond

// fromAfar reports whether somebody on the way said that there is no way on:
// this computer itself says so at once.
func fromAfar(r *probe.Result) bool {
	return slices.ContainsFunc(r.Tried, func(t probe.Attempt) bool { return t.Took > fromAfarAfter })
}

func offlineFinding(s scene, strangers []sighting) finding.Finding {
	f := finding.Finding{Code: "env.offline",
		Message: "Nothing could be reached from this computer, so nothing is known about these settings.",
		Remedy:  "Check that this computer is connected to the internet and that no firewall blocks this program, then try again."}
	switch {
	case s.noWayOut():
		f.Blame = finding.LocalMachine // no connection left it
		f.Message = "This computer has no way out to the internet, so nothing is known about these settings."
	case slices.ContainsFunc(strangers, func(x sighting) bool { return x.how == unnamed }):
		f.Message = "The DNS server that this computer uses knows no mail server at all, not even {other}, so nothing is known about these settings."
		f.Args = finding.Args{"other": strangers[0].Host}
		f.Remedy = "Check that this computer is connected to the internet and which DNS server it uses, then try again."
	case len(strangers) > 0:
		f.Message = "Nothing could be reached from this computer, not even {other} for comparison, so nothing is known about these settings."
		f.Args = finding.Args{"other": strangers[0].Address()}
	}
	for _, x := range strangers {
		f.Evidence = compared(f.Evidence, &x)
	}
	return weighed(f)
}
