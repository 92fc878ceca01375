package language

import (
	"fmt"
	"strings"
)

// A Template is a text in English with placeholders in braces, as a
// finding.Sentence has them: "{n} of {all} settings work from here." A doubled
// brace is a brace. Every constant of this type in the program's sources must
// stand in the files of each language.
type Template string

// Say returns a text with its arguments, which are names and values in turn:
// l.Say("Signing in as {user}", "user", name). Values stay as they are.
func (l *Language) Say(t Template, args ...any) string {
	text := string(t)
	if l != nil {
		if said := l.read().templates[text]; said != nil {
			text = said[0]
		}
	}
	return fill(text, values(args))
}

// Count says how many there are of a thing, in the form that a language has for
// that number: l.Count(n, "{n} day", "{n} days").
func (l *Language) Count(n int, one, many Template, args ...any) string {
	text := string(many)
	if n == 1 {
		text = string(one)
	}
	if l != nil {
		t := l.read()
		if forms := t.templates[string(one)]; forms != nil {
			text = forms[min(t.plural(n), len(forms)-1)]
		}
	}
	return fill(text, values(append(args, "n", n)))
}

// And joins a list as a sentence does: "a, b and c". Its items stay as they
// are.
func (l *Language) And(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	n := len(items) - 1
	return l.Say("{list} and {last}", "list", strings.Join(items[:n], ", "), "last", items[n])
}

func values(args []any) map[string]string {
	v := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		v[fmt.Sprint(args[i])] = fmt.Sprint(args[i+1])
	}
	return v
}

// fill puts values in. A placeholder for which there is none stays as it is,
// and what is put in is not read again.
func fill(template string, values map[string]string) string {
	if !strings.Contains(template, "{") {
		return template
	}
	var b strings.Builder
	for _, p := range parts(template) {
		value, ok := values[p.name]
		switch {
		case p.name == "":
			b.WriteString(p.literal)
		case ok:
			b.WriteString(value)
		default:
			b.WriteString("{" + p.name + "}")
		}
	}
	return b.String()
}
