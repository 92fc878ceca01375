package report

import (
	"fmt"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/verify"
)

// headline says of whom the report is, and how much works.
func headline(r *verify.Report) string {
	name, n := targetName(r), len(r.Endpoints)
	alone := r.Provider == nil && n == 1 // the target is the setting
	switch {
	case failsAtSignIn(r) && alone:
		return name + " works up to signing in."
	case failsAtSignIn(r) && n == 1:
		return name + ": the " + settingWord(r) + " works up to signing in."
	case failsAtSignIn(r):
		return fmt.Sprintf("%s: all %d %ss work up to signing in.", name, n, settingWord(r))
	case alone:
		return tallyOne(name, r.Endpoints[0].Verdict)
	}
	return name + ": " + tally(r)
}

func settingWord(r *verify.Report) string {
	if r.Provider != nil {
		return "documented setting"
	}
	return "setting"
}

// failsAtSignIn reports whether nothing but the account is in question: every
// server got as far as signing in, and not every one beyond.
func failsAtSignIn(r *verify.Report) bool {
	if !r.SignInAsked || r.Interrupted || len(r.Endpoints) == 0 || allWork(r) || len(only(r.Findings, finding.Error)) > 0 {
		return false
	}
	for i := range r.Endpoints {
		if e := &r.Endpoints[i]; e.Verdict != verify.Works && !reachedSignIn(e) {
			return false
		}
	}
	return true
}

// reachedSignIn reports whether an endpoint did all that comes before signing
// in, with a server that has proved who it is, and nothing was wrong there.
func reachedSignIn(e *verify.Endpoint) bool {
	r := e.Result
	if r == nil || r.Step(probe.Capabilities).Status != probe.OK || !r.TLS.Trusted() {
		return false
	}
	if s := r.FailedStep(); s != nil && s.Phase != probe.SignIn && s.Phase != probe.Access {
		return false
	}
	for _, f := range only(e.Findings, finding.Error) {
		if f.Phase != probe.SignIn && f.Phase != probe.Access {
			return false
		}
	}
	return true
}

// refusedAfter reports whether a server refused what comes after signing in.
func refusedAfter(r *verify.Report) bool {
	for i := range r.Endpoints {
		if e := &r.Endpoints[i]; e.Result != nil && e.Verdict != verify.Works && e.Result.Step(probe.Access).Status == probe.Failed {
			return true
		}
	}
	return false
}

// tally says how many settings work.
func tally(r *verify.Report) string {
	n := len(r.Endpoints)
	number := map[verify.Verdict]int{}
	for _, e := range r.Endpoints {
		number[e.Verdict]++
	}
	what := settingWord(r) + "s"
	works, fails := number[verify.Works], number[verify.Fails]
	switch {
	case n == 0:
		return "no setting was tested."
	case n == 1:
		return tallyOne("the "+settingWord(r), r.Endpoints[0].Verdict)
	case fails == n:
		return fmt.Sprintf("none of %d %s works from here.", n, what)
	case works+fails == 0:
		return fmt.Sprintf("it could not be judged from here whether any of %d %s works.", n, what)
	case works == 0:
		return fmt.Sprintf("none of %d %s is known to work from here%s.", n, what, rest(fails, n-fails))
	case works == 1:
		return fmt.Sprintf("1 of %d %s works from here%s.", n, what, rest(fails, n-works-fails))
	default:
		return fmt.Sprintf("%d of %d %s work from here%s.", works, n, what, rest(fails, n-works-fails))
	}
}

func tallyOne(setting string, v verify.Verdict) string {
	switch v {
	case verify.Works:
		return setting + " works from here."
	case verify.Fails:
		return setting + " does not work from here."
	default:
		return "it could not be judged from here whether " + setting + " works."
	}
}

// rest says what became of the settings that do not work.
func rest(fails, unknown int) string {
	var text string
	switch fails {
	case 0:
	case 1:
		text = ", 1 fails"
	default:
		text = fmt.Sprintf(", %d fail", fails)
	}
	if unknown > 0 {
		text += fmt.Sprintf(", %d could not be judged", unknown)
	}
	return text
}
