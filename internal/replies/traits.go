package replies

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	longestTrait = 24 // bytes of a word that is one; longer ones are names and numbers
	mostPassages = 40 // of a text that is one complaint
	stemLength   = 6  // letters from which a longer word is its stem
)

// alikeTo returns what a pasted text reads like; nil: nothing, or it is one
// server's reply. Of a long dialogue the traits are everybody's.
func (t *table) alikeTo(q Query, found []passage) []likely {
	if q.Layer != "" || t.alike == nil || len(found) > mostPassages {
		return nil
	}
	return t.alike.of(t.traitsOfAll(found))
}

// traitsOfAll returns the traits of all passages of a text.
func (t *table) traitsOfAll(found []passage) []string {
	var all []string
	for _, p := range found {
		w := readWording(withChallenge(p.text), p.layer())
		w.command = p.command
		var q Query
		w.place, q.Protocol = w.placeOf(q), w.protocol(q)
		all = append(all, t.traitsOf(w, q)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// traitsOf returns what a text may be like others in, in order and each once:
// status and codes of its reply, its words, each pair of neighbours, and each
// pair of notions that a sentence, with what is known of the reply, speaks of.
func (t *table) traitsOf(w wording, q Query) []string {
	var all []string
	if w.status != "" {
		all = append(all, "status "+w.status, "class "+w.status[:1])
	}
	if w.enhanced != "" {
		all = append(all, "enhanced "+w.enhanced[1:])
	}
	if w.code != "" {
		all = append(all, "code "+w.code)
	}
	context := t.context(w, q)
	for _, words := range t.words.sentences(w.said()) {
		all = t.appendPairs(all, t.words.speaksOf(words).with(context))
		all = appendWordTraits(all, words)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// appendPairs adds the pairs of notions of a sentence.
func (t *table) appendPairs(all []string, m marks) []string {
	var spoken []string
	for n, name := range t.words.list {
		if m.has(n) {
			spoken = append(spoken, name)
		}
	}
	for i, a := range spoken {
		for _, b := range spoken[i+1:] {
			all = append(all, "pair "+a+" "+b)
		}
	}
	return all
}

func appendWordTraits(all, words []string) []string {
	before := ""
	for _, word := range words {
		if !tells(word) {
			continue
		}
		all = append(all, "word "+word)
		if before != "" {
			all = append(all, "words "+before+" "+word)
		}
		before = word
		if utf8.RuneCountInString(word) > stemLength {
			all = append(all, "stem "+string([]rune(word)[:stemLength]))
		}
	}
	return all
}

// tells says of a word that other texts may have it too.
func tells(word string) bool {
	if word == pause || strings.HasPrefix(word, "@") || len(word) > longestTrait {
		return false
	}
	_, err := strconv.Atoi(word)
	return err != nil || len(word) == 3 // a status
}

// ofCode says of a trait that it is no word's.
func ofCode(trait string) bool {
	kind, _, _ := strings.Cut(trait, " ")
	return kind == "status" || kind == "class" || kind == "enhanced" || kind == "code"
}
