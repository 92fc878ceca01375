package report

import (
	"fmt"
	"strings"

	"mailprobe/internal/probe"
	"mailprobe/internal/verify"
)

// answer is the first thing to read, in sentences: does it work, and what was
// not tested?
func answer(r *verify.Report) []string {
	first := targetName(r) + ": " + tally(r)
	if r.Settings == nil && len(r.Endpoints) == 1 {
		first = tallyOne(targetName(r), r.Endpoints[0].Verdict) // the target is the setting
	}
	switch r.Verdict {
	case verify.Works:
	case verify.Fails:
		first = "FAILS: " + first
	default:
		first = "UNKNOWN: " + first
	}
	sentences := []string{first}
	if r.Verdict != verify.Works && len(r.Endpoints) > 0 && allWork(r) {
		sentences = append(sentences, "But something is wrong with this run as a whole.")
	}
	sentences = append(sentences, signInAnswer(r))
	if r.Interrupted {
		sentences = append(sentences, "The run was stopped before its end.")
	}
	return sentences
}

func allWork(r *verify.Report) bool {
	for _, e := range r.Endpoints {
		if e.Verdict != verify.Works {
			return false
		}
	}
	return true
}

// tally says how many settings work.
func tally(r *verify.Report) string {
	n := len(r.Endpoints)
	number := map[verify.Verdict]int{}
	for _, e := range r.Endpoints {
		number[e.Verdict]++
	}
	what := "settings"
	if r.Settings != nil {
		what = "documented settings"
	}
	works, fails := number[verify.Works], number[verify.Fails]
	switch {
	case n == 0:
		return "no setting was tested."
	case n == 1:
		return tallyOne("the "+strings.TrimSuffix(what, "s"), r.Endpoints[0].Verdict)
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

// signInAnswer says what became of signing in over all endpoints.
func signInAnswer(r *verify.Report) string {
	if !r.SignInAsked {
		return "Signing in was not tested."
	}
	number := map[string]int{}
	for i := range r.Endpoints {
		number[signInWord(authOf(&r.Endpoints[i]).Status)]++
	}
	var parts []string
	for _, word := range []string{"accepted", "rejected", "not judged", "not tested"} {
		if n := number[word]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, word))
			if n == len(r.Endpoints) {
				return "Signing in was " + word + "."
			}
		}
	}
	if len(parts) == 0 {
		return "Signing in was not tested."
	}
	return "Signing in: " + strings.Join(parts, ", ") + "."
}

// signInWord returns what an outcome is called. What was skipped was not
// tested.
func signInWord(s probe.AuthStatus) string {
	switch s {
	case probe.AuthAccepted:
		return "accepted"
	case probe.AuthRejected:
		return "rejected"
	case probe.AuthUnknown:
		return "not judged"
	default:
		return "not tested"
	}
}

// authOf returns what the sign-in of an endpoint showed; without a Result
// nothing was tested.
func authOf(e *verify.Endpoint) probe.Auth {
	if e.Result == nil || e.Result.Auth.Status == "" {
		return probe.Auth{Status: probe.AuthNotTested}
	}
	return e.Result.Auth
}
