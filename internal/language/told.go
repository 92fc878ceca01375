package language

import "strings"

// Told says a text in the language that is made of known sentences: what a
// finding, a step, an advice or an explanation says, as documents have it.
// Sentences that are not known, and what servers said, stay as they are.
func (l *Language) Told(text string) string {
	if l == nil || text == "" {
		return text
	}
	t := l.read()
	if said, ok := t.sentences[text]; ok && !strings.Contains(text, "{") {
		return said
	}
	all := sentences(text)
	var told []string
	for len(all) > 0 {
		n := t.pieces(all)
		if n == 0 {
			told, all = append(told, all[0]), all[1:]
			continue
		}
		said, _ := t.known(strings.Join(all[:n], " "))
		told, all = append(told, said), all[n:]
	}
	return strings.Join(told, " ")
}

// maxJoined is how many pieces of a text are taken for one sentence: what is
// put into a sentence may hold the end of one.
const maxJoined = 6

// pieces returns how many of the first pieces are a sentence that is known; 0:
// none. One that is known by itself is no part of another.
func (t *texts) pieces(all []string) int {
	for n := 1; n <= min(len(all), maxJoined); n++ {
		if _, ok := t.known(strings.Join(all[:n], " ")); ok {
			return n
		}
		if n == len(all) {
			break
		}
		if _, ok := t.known(all[n]); ok {
			break
		}
	}
	return 0
}

// known says one text that is known as a whole.
func (t *texts) known(text string) (string, bool) { return t.nested(text, 0) }

// maxNested is how deep a known text may stand within another.
const maxNested = 3

func (t *texts) nested(text string, depth int) (string, bool) {
	if said, ok := t.sentences[text]; ok && !strings.Contains(text, "{") {
		return said, true
	}
	best, found := pattern{weight: -1}, map[string]string{}
	for _, p := range t.patterns {
		if p.weight <= best.weight {
			continue
		}
		if values, ok := p.match(text); ok {
			best, found = p, values
		}
	}
	if best.weight < 0 {
		return t.unstopped(text, depth)
	}
	changed := false
	for name, value := range found {
		found[name] = t.argument(name, value, depth)
		changed = changed || found[name] != value
	}
	if best.weight < leastWeight && !changed {
		return "", false
	}
	return fill(t.sentences[best.id], found), true
}

// leastWeight is how many characters of a text must be a sentence's own, where
// nothing that is put into it is known.
const leastWeight = 4

// unstopped says a text that is known without the stop at its end.
func (t *texts) unstopped(text string, depth int) (string, bool) {
	bare, ok := strings.CutSuffix(text, ".")
	if !ok || bare == "" {
		return "", false
	}
	said, ok := t.nested(bare, depth)
	return said + ".", ok
}

// argument says what was put into a sentence, where it is words of this program
// and not somebody else's.
func (t *texts) argument(name, value string, depth int) string {
	if depth == maxNested || strings.HasPrefix(value, `"`) || strings.HasPrefix(value, "“") {
		return value
	}
	if said, ok := t.nested(value, depth+1); ok {
		return said
	}
	for _, between := range []string{"; ", ", ", " and ", " or "} {
		if items := strings.Split(value, between); len(items) > 1 && len(items) <= maxItems {
			if said, ok := t.list(name, items, depth); ok || ofNames[name] {
				return strings.Join(said, t.between(between))
			}
		}
	}
	return value
}

// maxItems is how many items of a list are looked at.
const maxItems = 32

// ofNames are placeholders for lists of names: their "and" is this program's.
var ofNames = map[string]bool{"takers": true, "refusers": true, "versions": true}

// list says the items of a list, if any of them is known.
func (t *texts) list(name string, items []string, depth int) (said []string, known bool) {
	for _, item := range items {
		said = append(said, t.argument(name, item, depth+1))
		known = known || said[len(said)-1] != item
	}
	return said, known
}

// between says what stands between the items of a list.
func (t *texts) between(words string) string {
	if said, ok := t.sentences[strings.TrimSpace(words)]; ok {
		return " " + said + " "
	}
	return words
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
