package replies

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A lexicon knows by which words a text speaks of a notion, such as "password"
// or "switched off", in several languages.
type lexicon struct {
	names  map[string]int      // notion → its place in marks
	list   []string            // notions in the order of their places
	phrase map[string][]phrase // by the first word, of those that are whole words
	stem   map[string][]phrase // by the first word, of those of which more may follow
	denied map[int]int         // notion → what it becomes behind a "not"

	compounds map[string][][]string // words that name one thing together: by the first, the others
	runOn     map[rune][]string     // words of scripts that set no blanks, by their first character, the longest first
}

// A phrase is one or more words for a notion.
type phrase struct {
	notion int
	words  []string // those behind the first; "word*" is a stem
}

// shortestStem is the length in bytes of the shortest stem.
const shortestStem = 3

func newLexicon(n notions) (*lexicon, error) {
	l := &lexicon{names: map[string]int{}, denied: map[int]int{}, runOn: map[rune][]string{}, compounds: map[string][][]string{}}
	l.makeRoom(n)
	for _, name := range slices.Concat(slices.Sorted(maps.Keys(n.Notions)), n.Context) {
		if _, twice := l.names[name]; twice || name == "" {
			return nil, fmt.Errorf("notion %q: twice, or without a name", name)
		}
		l.names[name], l.list = len(l.names), append(l.list, name)
	}
	if len(l.names) > 64*len(marks{}) {
		return nil, errors.New("more notions than fit")
	}
	for _, name := range slices.Sorted(maps.Keys(n.Notions)) {
		for text := range strings.SplitSeq(n.Notions[name], ",") {
			if err := l.learn(l.names[name], strings.TrimSpace(text)); err != nil {
				return nil, fmt.Errorf("notion %q: %q: %w", name, text, err)
			}
		}
	}
	for _, known := range l.runOn {
		slices.SortStableFunc(known, func(a, b string) int { return len(b) - len(a) })
	}
	for _, text := range n.Together {
		words := strings.Fields(text)
		if len(words) < 2 || l.phrase[strings.Join(words, "")] == nil {
			return nil, fmt.Errorf("together: %q: less than two words, or together no word of a notion", text)
		}
		l.compounds[words[0]] = append(l.compounds[words[0]], words[1:])
	}
	for from, to := range n.Denied {
		a, known := l.names[from]
		b, alsoKnown := l.names[to]
		if !known || !alsoKnown {
			return nil, fmt.Errorf("denied: %s or %s is no notion", from, to)
		}
		l.denied[a] = b
	}
	return l, nil
}

// set returns notions by their names.
func (l *lexicon) set(names []string) (m marks, err error) {
	for _, name := range names {
		notion, known := l.names[name]
		if !known {
			return m, fmt.Errorf("%q is no notion", name)
		}
		m.add(notion)
	}
	return m, nil
}

// makeRoom makes maps for as many words as the notions have.
func (l *lexicon) makeRoom(n notions) {
	words, stems := 0, 0
	for _, text := range n.Notions {
		words += strings.Count(text, ",") + 1
		stems += strings.Count(text, "*")
	}
	l.phrase, l.stem = make(map[string][]phrase, words-min(stems, words)), make(map[string][]phrase, stems)
}

// learn takes one word of a notion, or several with blanks between.
func (l *lexicon) learn(notion int, text string) error {
	word, others, _ := strings.Cut(text, " ")
	if word == "" {
		return errors.New("no word")
	}
	if first, _ := utf8.DecodeRuneInString(word); setsNoBlanks(first) {
		l.runOn[first] = append(l.runOn[first], word)
	}
	p := phrase{notion: notion}
	if others != "" {
		p.words = strings.Fields(others)
	}
	if s, open := strings.CutSuffix(word, "*"); open {
		if len(s) < shortestStem {
			return errors.New("a stem this short is in too many words")
		}
		l.stem[s] = append(l.stem[s], p)
		return nil
	}
	l.phrase[word] = append(l.phrase[word], p)
	return nil
}

// at calls found with every phrase that begins at a place of a sentence.
func (l *lexicon) at(words []string, found func(phrase)) {
	each := func(candidates []phrase) {
		for _, p := range candidates {
			if follows(words[1:], p.words) {
				found(p)
			}
		}
	}
	each(l.phrase[words[0]])
	for n := shortestStem; n <= len(words[0]); n++ {
		each(l.stem[words[0][:n]])
	}
}

// follows says whether words begin with those of a phrase.
func follows(words, phrase []string) bool {
	if len(words) < len(phrase) {
		return false
	}
	for i, p := range phrase {
		s, open := strings.CutSuffix(p, "*")
		if words[i] != s && !(open && strings.HasPrefix(words[i], s)) {
			return false
		}
	}
	return true
}

// setsNoBlanks says of a character that its script sets no blanks between words.
func setsNoBlanks(r rune) bool {
	return r >= '⺀' && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
