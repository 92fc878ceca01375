package replies

import (
	"strings"
	"unicode/utf8"
)

// runTogether cuts words out of a text that sets no blanks, the longest known
// ones first; what is not known is left out.
func (l *lexicon) runTogether(text string) []string {
	var words []string
	for text != "" {
		first, n := utf8.DecodeRuneInString(text)
		if !setsNoBlanks(first) { // "SMTP" in "SMTP認証"
			n = strings.IndexFunc(text+"一", setsNoBlanks)
			words = append(words, text[:n])
		}
		for _, w := range l.runOn[first] {
			if strings.HasPrefix(text, w) {
				words, n = append(words, w), len(w)
				break
			}
		}
		text = text[n:]
	}
	return words
}

// The shortest compound that is taken apart, and the shortest of its parts, in
// bytes.
const (
	shortestCompound = 8
	shortestHead     = 4
	shortestTail     = 3
	plainTail        = 5 // of one whose head is a stem that is known

	longestCompound = 60 // what is longer is no word of a language
)

// parts takes a word apart that is put together of two known ones, such as
// "Serverfehler" or "Zertifikatsproblem", if it is not known as a whole.
func (l *lexicon) parts(word string) []string {
	if len(word) < shortestCompound || len(word) > longestCompound || l.phrase[word] != nil {
		return []string{word}
	}
	shortest := shortestTail
	if l.knows(word) {
		shortest = plainTail
	}
	for i := len(word) - shortest; i >= shortestHead; i-- {
		head, tail := word[:i], word[i:]
		if !utf8.RuneStart(word[i]) || l.phrase[tail] == nil {
			continue
		}
		for _, known := range []string{head, strings.TrimSuffix(head, "s")} {
			if len(known) >= shortestHead && l.knows(known) {
				return []string{known, tail}
			}
		}
	}
	return []string{word}
}

// knows says that a phrase begins with a word.
func (l *lexicon) knows(word string) bool {
	if l.phrase[word] != nil {
		return true
	}
	for n := shortestStem; n <= len(word); n++ {
		if l.stem[word[:n]] != nil {
			return true
		}
	}
	return false
}
