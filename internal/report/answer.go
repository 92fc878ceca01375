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
	first := headline(r)
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
	if refusedAfter(r) {
		sentences = append(sentences, "After that the server refused access.")
	}
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
