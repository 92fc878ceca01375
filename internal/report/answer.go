package report

import (
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/language"
)

// answer is the first thing to read, in sentences: does it work, and what was
// not tested?
func answer(l *language.Language, d *document.Document) []string {
	first := headline(l, d)
	switch d.Verdict {
	case document.Works:
	case document.Fails:
		first = l.Say("FAILS: {what}", "what", first)
	default:
		first = l.Say("UNKNOWN: {what}", "what", first)
	}
	sentences := []string{first}
	if d.Verdict != document.Works && len(d.Endpoints) > 0 && !slices.ContainsFunc(d.Endpoints, doesNotWork) {
		sentences = append(sentences, l.Say("But something is wrong with this run as a whole."))
	}
	sentences = append(sentences, signInAnswer(l, d))
	if slices.ContainsFunc(d.Endpoints, failedAfter) {
		sentences = append(sentences, l.Say("What comes after that did not work."))
	}
	if slices.ContainsFunc(d.Endpoints, senderUnknown) {
		sentences = append(sentences, l.Say("Whether the account may send was not tested; --user names its address."))
	}
	if d.Interrupted {
		sentences = append(sentences, l.Say("The run was stopped before its end."))
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
func signInAnswer(l *language.Language, d *document.Document) string {
	number := map[document.Text]int{}
	for _, e := range d.Endpoints {
		number[signInOutcome(e.Auth)]++
	}
	var parts []string
	for _, o := range signInOutcomes {
		if n := number[o.status]; n > 0 && d.SignInAsked {
			parts = append(parts, l.Say(o.some, "n", n))
			if n == len(d.Endpoints) {
				return l.Say(o.all)
			}
		}
	}
	if len(parts) == 0 {
		return l.Say("Signing in was not tested.")
	}
	return l.Say("Signing in: {outcomes}.", "outcomes", strings.Join(parts, ", "))
}

// signInOutcomes are what may become of signing in: in a word, of some
// endpoints, and of all.
var signInOutcomes = []struct {
	status          document.Text
	word, some, all language.Template
}{
	{document.Accepted, "accepted", "{n} accepted", "Signing in was accepted."},
	{document.Rejected, "rejected", "{n} rejected", "Signing in was rejected."},
	{document.NotJudged, "not judged", "{n} not judged", "Signing in was not judged."},
	{document.NotTested, "not tested", "{n} not tested", "Signing in was not tested."},
}

// signInOutcome is one of signInOutcomes. What was skipped was not tested.
func signInOutcome(a document.SignIn) document.Text {
	switch a.Status {
	case document.Accepted, document.Rejected, document.NotJudged:
		return a.Status
	}
	return document.NotTested
}

// signInWord returns what an outcome is called.
func signInWord(l *language.Language, a document.SignIn) string {
	is := signInOutcome(a)
	for _, o := range signInOutcomes {
		if o.status == is {
			return l.Say(o.word)
		}
	}
	return string(is)
}
