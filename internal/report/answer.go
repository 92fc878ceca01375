package report

import (
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
)

// answer is the first thing to read, in sentences: does it work, and what was
// not tested?
func answer(d *document.Document) []string {
	first := headline(d)
	switch d.Verdict {
	case document.Works:
	case document.Fails:
		first = "FAILS: " + first
	default:
		first = "UNKNOWN: " + first
	}
	sentences := []string{first}
	if d.Verdict != document.Works && len(d.Endpoints) > 0 && !slices.ContainsFunc(d.Endpoints, doesNotWork) {
		sentences = append(sentences, "But something is wrong with this run as a whole.")
	}
	sentences = append(sentences, signInAnswer(d))
	if slices.ContainsFunc(d.Endpoints, failedAfter) {
		sentences = append(sentences, "What comes after that did not work.")
	}
	if slices.ContainsFunc(d.Endpoints, senderUnknown) {
		sentences = append(sentences, "Whether the account may send was not tested; --user names its address.")
	}
	if d.Interrupted {
		sentences = append(sentences, "The run was stopped before its end.")
	}
	return sentences
}

func doesNotWork(e document.Endpoint) bool { return e.Verdict != document.Works }

// failedAfter reports whether what comes after signing in did not work.
func failedAfter(e document.Endpoint) bool {
	return doesNotWork(e) && e.Phase("access").Status == document.Failed
}

// senderUnknown reports whether nobody knew by which address to send.
func senderUnknown(e document.Endpoint) bool {
	return slices.ContainsFunc(e.Findings, func(f document.Finding) bool { return f.Code == finding.SenderUnknown })
}

// signInAnswer says what became of signing in over all endpoints.
func signInAnswer(d *document.Document) string {
	number := map[string]int{}
	for _, e := range d.Endpoints {
		number[signInWord(e.Auth)]++
	}
	var parts []string
	for _, word := range []string{"accepted", "rejected", "not judged", "not tested"} {
		if n := number[word]; n > 0 && d.SignInAsked {
			parts = append(parts, fmt.Sprintf("%d %s", n, word))
			if n == len(d.Endpoints) {
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
func signInWord(a document.SignIn) string {
	switch a.Status {
	case document.Accepted:
		return "accepted"
	case document.Rejected:
		return "rejected"
	case document.NotJudged:
		return "not judged"
	default:
		return "not tested"
	}
}

// headline says of whom the report is, and how much works.
func headline(d *document.Document) string {
	name, n := d.Title.String(), len(d.Endpoints)
	alone := d.Provider == nil && n == 1 // the target is the setting
	switch {
	case d.UpToSignIn && alone:
		return name + " works up to signing in."
	case d.UpToSignIn && n == 1:
		return name + ": the " + settingWord(d) + " works up to signing in."
	case d.UpToSignIn:
		return fmt.Sprintf("%s: %s work up to signing in.", name, allOf(n, settingWord(d)))
	case alone:
		return tallyOne(name, d.Endpoints[0].Verdict)
	}
	return name + ": " + tally(d)
}

func settingWord(d *document.Document) string {
	if d.Provider != nil {
		return "documented setting"
	}
	return "setting"
}

// tally says how many settings work.
func tally(d *document.Document) string {
	n := len(d.Endpoints)
	number := map[document.Text]int{}
	for _, e := range d.Endpoints {
		number[e.Verdict]++
	}
	what := settingWord(d) + "s"
	works, fails := number[document.Works], number[document.Fails]
	switch {
	case n == 0:
		return "no setting was tested."
	case n == 1:
		return tallyOne("the "+settingWord(d), d.Endpoints[0].Verdict)
	case works == n && n == 2:
		return allOf(n, settingWord(d)) + " work from here."
	case fails == n && n == 2:
		return "neither " + settingWord(d) + " works from here."
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

// allOf says that it is all of several: "both settings", "all 3 settings".
func allOf(n int, thing string) string {
	if n == 2 {
		return "both " + thing + "s"
	}
	return fmt.Sprintf("all %d %ss", n, thing)
}

func tallyOne(setting string, verdict document.Text) string {
	switch verdict {
	case document.Works:
		return setting + " works from here."
	case document.Fails:
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
