package language

import (
	"regexp"
	"strings"
)

// onDay is how a date is said.
const onDay Template = "{day} {month} {year}"

var dateForm = regexp.MustCompile(`^([0-9]{1,2}) ([A-Z][a-z]+) ([0-9]{4})$`)

// date says a date such as "2 January 2026".
func (t *texts) date(value string) (string, bool) {
	parts := dateForm.FindStringSubmatch(value)
	if parts == nil || t.templates[string(onDay)] == nil || t.templates[parts[2]] == nil {
		return "", false
	}
	return fill(t.templates[string(onDay)][0], map[string]string{"day": parts[1], "month": t.templates[parts[2]][0], "year": parts[3]}), true
}

// maxItems is how many items of a list are looked at.
const maxItems = 32

// ofNames are placeholders for lists of names: their "and" is this program's.
var ofNames = map[string]bool{"takers": true, "refusers": true, "versions": true}

// list says the items of a list, if any of them is known.
func (s search) list(name string, items []string, between string, depth int) found {
	var said []string
	weight := 0
	for _, item := range items {
		f := s.argument(name, item, depth+1)
		said, weight = append(said, f.said), weight+f.weight
	}
	if word, ok := s.sentences[strings.TrimSpace(between)]; ok {
		between = " " + word + " "
	}
	return found{strings.Join(said, between), weight}
}

// sentences cuts a text behind the marks that end a sentence. What follows need
// not begin with a capital: it may be the name of a server.
func sentences(text string) []string {
	var all []string
	start := 0
	for i := range len(text) {
		if text[i] == ' ' && i > start && endsSentence(text[start:i]) {
			all, start = append(all, text[start:i]), i+1
		}
	}
	if start < len(text) {
		all = append(all, text[start:])
	}
	return all
}

func endsSentence(text string) bool {
	bare := strings.TrimRight(text, `"')”`)
	if bare == "" || strings.HasSuffix(bare, "e.g.") || strings.HasSuffix(bare, "i.e.") {
		return false
	}
	return strings.ContainsRune(".!?", rune(bare[len(bare)-1]))
}
