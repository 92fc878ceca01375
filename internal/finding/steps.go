package finding

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"mailprobe/internal/lazyregexp"
)

// maxSteps is how many steps of an advice a person is given at once.
const maxSteps = 3

// Steps returns the first steps of an advice, three at most: what its sentences
// tell somebody to do, in their order, each once. A sentence that states a fact
// belongs to the step before, or at the beginning to the first; one that only
// says a date again is left out. Advice that tells nobody to do anything is one
// step.
func Steps(advice string) []string {
	var steps []string
	facts, told, seen := "", map[string]bool{}, map[string]bool{}
	for _, s := range Sentences(advice) {
		does := action(s)
		if seen[s] || !does && repeats(s, told) {
			continue
		}
		seen[s] = true
		for _, date := range dates.FindAllString(s, -1) {
			told[date] = true
		}
		switch {
		case len(steps) > 0 && (!does || goesOn.MatchString(s)):
			steps[len(steps)-1] += " " + s
		case len(steps) == maxSteps:
			return steps
		case does:
			steps, facts = append(steps, join(facts, s)), ""
		default:
			facts = join(facts, s)
		}
		if len(steps) > maxSteps {
			return steps[:maxSteps]
		}
	}
	if len(steps) == 0 && facts != "" {
		steps = []string{facts}
	}
	return steps
}

func join(a, b string) string { return strings.TrimSpace(a + " " + b) }

// repeats reports whether a sentence has dates and all of them were told.
func repeats(s string, told map[string]bool) bool {
	found := dates.FindAllString(s, -1)
	return len(found) > 0 && !slices.ContainsFunc(found, func(date string) bool { return !told[date] })
}

var dates = lazyregexp.New(`(?:January|February|March|April|May|June|July|August|September|October|November|December) 20\d\d|20\d\d-\d\d-\d\d`)

// goesOn matches a sentence that explains the one before.
var goesOn = lazyregexp.New(`^(?:It|They|That|This|These|Then|There|Such|Both|Do not|Never) `)

// action reports whether a sentence tells somebody to do something: it begins
// with a verb, as it may behind a condition, or says who must.
func action(s string) bool {
	return verb.MatchString(s) || must.MatchString(s) || conditional.MatchString(s)
}

const verbs = `(?:accept|activate|add|allow|ask|avoid|change|check|choose|clear|close|compare|connect|copy|correct|create|cure|delete|disable|edit|empty|enable|enter|exempt|` +
	`fill|find|follow|free|get|give|go|have|install|keep|leave|let|log|look|make|mend|move|name|open|pick|plan|put|raise|read|reduce|refresh|register|remove|repair|` +
	`repeat|replace|report|request|reset|restart|run|save|search|secure|see|select|send|set|show|sign|split|start|stay|stop|switch|take|tell|test|tick|try|turn|type|unlock|` +
	`update|upgrade|upload|use|verify|wait|write)`

var (
	verb        = lazyregexp.New(`(?i)^\(?(?:better |please |first |then |also |do |do not |don't |never |instead |now )?` + verbs + `\b|^Do\b`)
	must        = lazyregexp.New(`\b(?:must|should|has to|have to|need to|needs to)\b|\b(?:administrator|provider|[Ww]hoever [^,.]{1,60}) can\b`)
	conditional = lazyregexp.New(`^\(?(?:If|Otherwise|Where|When|While|Before|After|Until|Unless|In|On|At|For|From|To|With|Without|Outside|Inside|Behind|As|Once|By|Only)\b(?:[^,.]*, ?(?:please |then |so |do not )?| (?:\S+ ){0,5})` + verbs + `\b`)
)

// ForAdministrator reports whether a step is one that only an administrator can
// take.
func ForAdministrator(step string) bool { return administrators.MatchString(firstAction(step)) }

// ForOperator reports whether a step is one that only whoever runs the server
// or publishes the settings can take.
func ForOperator(step string) bool { return operators.MatchString(firstAction(step)) }

// firstAction is the first sentence that tells somebody to do something; empty:
// none does.
func firstAction(step string) string {
	for _, s := range Sentences(step) {
		if action(s) {
			return s
		}
	}
	return ""
}

var administrators = lazyregexp.New(`^(?:(?:The|An|Its|Your) |In [^,.]{1,60} (?:the |its |your )?|For [^,.]{1,60},? (?:the |its |your )?|Otherwise (?:the |its |your )?)(?:\w+'s )?(?:administrator|server's administrator)\b.{0,40}\b(?:must|can|may|sets?|has to)\b`)

var operators = lazyregexp.New(`^(?:The provider|Its provider|The operator|Whoever (?:runs|publishes)\b[^,.]{1,60})\b.{0,40}\b(?:must|can|may|should|has to)\b`)

// Sentences cuts a text behind the marks that end a sentence; nil: it is
// empty.
func Sentences(text string) []string {
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
