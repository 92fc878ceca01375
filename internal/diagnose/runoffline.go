package diagnose

import (
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// offline tells that this computer reaches nothing at all. One provider in
// trouble is no proof of that: another one must be out of reach as well, or
// there is no way out of this computer in the first place.
func offline(s scene) (finding.Finding, bool) {
	if len(s.cases) == 0 || s.anyAnswers() || s.anyUnclear() {
		return finding.Finding{}, false
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
		return finding.Finding{}, false
	case slices.Contains(own, unnamed) && slices.ContainsFunc(strange, hasName):
		return finding.Finding{}, false
	case !slices.Contains(own, unnamed) && slices.Contains(strange, unnamed):
		return finding.Finding{}, false
	case slices.ContainsFunc(strange, func(how reach) bool { return (how == refuses) != refused }):
		return finding.Finding{}, false
	}
	return offlineFinding(s, strangers), true
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
		return step == nil || step.Phase != probe.Connect || gravestFault(k.Result) != connectUnreachable
	})
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

// unreached shortens a finding whose cause the run as a whole names: it shows
// what was tried, and blames nobody for the settings.
func unreached(f finding.Finding, whom finding.Blame) finding.Finding {
	f.Severity, f.Blame = finding.Warning, whom
	f.Message = "{server} could not be reached, like everything else from here."
	f.Remedy, f.Args, f.HelpURL = "", nil, ""
	return f
}
