package verify

import (
	"mailprobe/internal/diagnose"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// judge turns what one probe observed into findings and a verdict.
func (p Plan) judge(setting settings.Setting, result *probe.Result) Endpoint {
	e := Endpoint{Setting: setting, Result: result}
	e.Findings = diagnose.Result(result, diagnose.Context{Settings: p.Settings, Setting: &setting})
	e.Verdict, e.FailedPhase = verdict(result, e.Findings)
	return e
}

// verdict says whether an endpoint works. A finding of severity error means
// that it does not; a phase that failed without one could not be judged, and
// neither could a sign-in that was asked for and did not happen.
func verdict(r *probe.Result, findings []diagnose.Finding) (Verdict, string) {
	for _, f := range findings {
		if f.Severity == diagnose.Error {
			return Fails, f.Phase
		}
	}
	if r.FailedStep() != nil || notAnswered(r.Auth) {
		return Unknown, ""
	}
	return Works, ""
}

// notAnswered reports whether the question of signing in was asked and stays
// open. That another endpoint of the same service was signed in to leaves
// nothing open.
func notAnswered(a probe.Auth) bool {
	return a.Status == probe.AuthUnknown || a.Status == probe.AuthSkipped && a.Open
}

// overall is the verdict of a whole run: it fails if one endpoint fails, and
// works only if all do.
func overall(endpoints []Endpoint) Verdict {
	v := Works
	for _, e := range endpoints {
		switch {
		case e.Verdict == Fails:
			return Fails
		case e.Verdict == Unknown:
			v = Unknown
		}
	}
	if len(endpoints) == 0 {
		return Unknown
	}
	return v
}
