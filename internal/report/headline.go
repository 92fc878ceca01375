package report

import (
	"mailprobe/internal/document"
	"mailprobe/internal/language"
)

// headline says of whom the report is, and how much works.
func headline(l *language.Language, d *document.Document) string {
	name, n := d.Title.String(), len(d.Endpoints)
	words := settingTally
	if d.Provider != nil {
		words = documentedTally
	}
	said := ""
	switch alone := d.Provider == nil && n == 1; { // the target is the setting
	case alone && d.UpToSignIn:
		return l.Say("{name} works up to signing in.", "name", name)
	case alone:
		return l.Say(itself.of(d.Endpoints[0].Verdict), "name", name)
	case d.UpToSignIn:
		said = words.upToSignIn(l, n)
	default:
		said = words.say(l, d)
	}
	return l.Say("{name}: {what}", "name", name, "what", said)
}

// A verdictWords says a verdict of one setting.
type verdictWords struct{ works, fails, open language.Template }

func (w verdictWords) of(verdict document.Text) language.Template {
	switch verdict {
	case document.Works:
		return w.works
	case document.Fails:
		return w.fails
	}
	return w.open
}

// itself says it of a setting by its name.
var itself = verdictWords{"{name} works from here.", "{name} does not work from here.", "it could not be judged from here whether {name} works."}

// A tallyWords says how many settings work, of which there are {all}.
type tallyWords struct {
	upOne, upBoth, upAll language.Template // work up to signing in
	one                  verdictWords
	both, neither, none  language.Template // none: of three or more
	open                 language.Template // none could be judged
	noneKnown            language.Template // some fail, the others could not be judged
	some, several        language.Template // one works, or {n} do
}

var settingTally = tallyWords{
	upOne:     "the setting works up to signing in.",
	upBoth:    "both settings work up to signing in.",
	upAll:     "all {all} settings work up to signing in.",
	one:       verdictWords{"the setting works from here.", "the setting does not work from here.", "it could not be judged from here whether the setting works."},
	both:      "both settings work from here.",
	neither:   "neither setting works from here.",
	none:      "none of {all} settings works from here.",
	open:      "it could not be judged from here whether any of {all} settings works.",
	noneKnown: "none of {all} settings is known to work from here{rest}.",
	some:      "{n} of {all} settings works from here{rest}.",
	several:   "{n} of {all} settings work from here{rest}.",
}

var documentedTally = tallyWords{
	upOne:     "the documented setting works up to signing in.",
	upBoth:    "both documented settings work up to signing in.",
	upAll:     "all {all} documented settings work up to signing in.",
	one:       verdictWords{"the documented setting works from here.", "the documented setting does not work from here.", "it could not be judged from here whether the documented setting works."},
	both:      "both documented settings work from here.",
	neither:   "neither documented setting works from here.",
	none:      "none of {all} documented settings works from here.",
	open:      "it could not be judged from here whether any of {all} documented settings works.",
	noneKnown: "none of {all} documented settings is known to work from here{rest}.",
	some:      "{n} of {all} documented settings works from here{rest}.",
	several:   "{n} of {all} documented settings work from here{rest}.",
}

// upToSignIn says that all of n settings work up to signing in.
func (w tallyWords) upToSignIn(l *language.Language, n int) string {
	switch n {
	case 1:
		return l.Say(w.upOne)
	case 2:
		return l.Say(w.upBoth)
	}
	return l.Say(w.upAll, "all", n)
}

// say says how many settings of a report work.
func (w tallyWords) say(l *language.Language, d *document.Document) string {
	n := len(d.Endpoints)
	number := map[document.Text]int{}
	for _, e := range d.Endpoints {
		number[e.Verdict]++
	}
	works, fails := number[document.Works], number[document.Fails]
	open := n - works - fails
	switch {
	case n == 0:
		return l.Say("no setting was tested.")
	case n == 1:
		return l.Say(w.one.of(d.Endpoints[0].Verdict))
	case works == 2 && n == 2:
		return l.Say(w.both)
	case fails == 2 && n == 2:
		return l.Say(w.neither)
	case fails == n:
		return l.Say(w.none, "all", n)
	case works+fails == 0:
		return l.Say(w.open, "all", n)
	case works == 0:
		return l.Say(w.noneKnown, "all", n, "rest", rest(l, fails, open))
	}
	return l.Count(works, w.some, w.several, "all", n, "rest", rest(l, fails, open))
}

// rest says what became of the settings that do not work.
func rest(l *language.Language, fails, open int) string {
	text := ""
	if fails > 0 {
		text = l.Count(fails, ", {n} fails", ", {n} fail")
	}
	if open > 0 {
		text += l.Count(open, ", {n} could not be judged", ", {n} could not be judged")
	}
	return text
}
