package finding

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSteps is how many steps of an advice a person is given at once.
const maxSteps = 3

// Steps returns the first steps of an advice, three at most: its sentences, in
// their order, each once. A sentence that only goes on what the one before says
// is part of its step.
func Steps(advice string) []string {
	var steps []string
	seen := map[string]bool{}
	for _, s := range sentencesOf(advice) {
		switch {
		case seen[s]:
		case len(steps) > 0 && goesOn.MatchString(s):
			steps[len(steps)-1] += " " + s
		case len(steps) < maxSteps:
			steps = append(steps, s)
		default:
			return steps
		}
		seen[s] = true
	}
	return steps
}

// goesOn matches a sentence that explains the one before.
var goesOn = regexp.MustCompile(`^(?:It|They|That|This|These|Then|There|Such|Both) `)

// ForAdministrator reports whether a step is one that only an administrator can
// take.
func ForAdministrator(step string) bool { return administrators.MatchString(step) }

var administrators = regexp.MustCompile(`^(?:(?:The|Its|Your) |In [^,.]{1,60} (?:the |its |your )?|For [^,.]{1,60} (?:the |its |your )?|Otherwise (?:the |its |your )?)(?:\w+'s )?(?:administrator|server's administrator)\b.{0,40}\b(?:must|can|may|sets?|has to)\b`)

// sentencesOf cuts a text behind the marks that end a sentence.
func sentencesOf(text string) []string {
	var out []string
	start := 0
	for i, r := range text {
		if r != ' ' || i == 0 || !strings.ContainsRune(".!?", lastMark(text[:i])) {
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[i+1:])
		if unicode.IsUpper(next) || next == '"' || next == '(' {
			out = append(out, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	if rest := strings.TrimSpace(text[start:]); rest != "" {
		out = append(out, rest)
	}
	return out
}

// lastMark is the last character of a text, before a closing quote or bracket.
func lastMark(text string) rune {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, `"')`))
	return r
}
