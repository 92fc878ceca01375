package replies

import (
	"slices"
	"strings"
	"unicode"

	"mailprobe/internal/lazyregexp"
)

// The bounds of what is read word by word.
const (
	maxWords    = 400 // of one passage
	denialReach = 5   // words between a "not" and what it denies
)

var (
	address   = lazyregexp.New(`[^\s<>"'(),;:]+@[^\s<>"'(),;:]+`)
	link      = lazyregexp.New(`(?i)\bhttps?://\S+|\bwww\.\S+`)
	listLink  = lazyregexp.New(`(?i)\bhttps?://\S*(?:spamhaus|spamcop|barracudacentral|sorbs|abusix|uceprotect|abuseat|spamrats|senderscore|dnsbl|rbl)\S*`)
	hostName  = lazyregexp.New(`\b(?:[a-z0-9-]+\.){2,}[a-z]{2,}\b|\b[a-z0-9-]+\.(?:com|org|net|de|fr|it|ru|example)\b`)
	ipAddress = lazyregexp.New(`\[?(?:\d{1,3}\.){3}\d{1,3}\]?|\[?(?:IPv6:)?[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){3,7}\]?`)
)

// The words that stand for what is no word.
const (
	wordAddress = "@address"
	wordHost    = "@host"
	wordIP      = "@ip"
	pause       = "," // ends what a "not" reaches
)

// sentences returns the words of each sentence of a text in lower case. Links
// are left out: their words are an address, no statement. But one to a
// blocklist's page says that there is one.
func (l *lexicon) sentences(text string) [][]string {
	text = named(text)
	var out [][]string
	var sentence []string
	count := 0
	end := func() {
		if len(sentence) > 0 {
			out = append(out, l.joined(sentence))
		}
		sentence = nil
	}
	for _, field := range strings.Fields(strings.ToLower(text)) {
		if count++; count > maxWords {
			break
		}
		sentence = l.appendWords(sentence, field)
		switch last := field[len(field)-1]; {
		case strings.HasSuffix(field, "..."):
		case last == '.' && len(field) > 2, last == '!', last == '?', last == ';':
			end()
		case last == ',', last == ':':
			sentence = append(sentence, pause)
		}
	}
	end()
	return out
}

// joined puts words together that name one thing, such as "mail server", which
// is no mail: the parts are no words of their own then.
func (l *lexicon) joined(words []string) []string {
	for i := 0; i < len(words); i++ {
		for _, parts := range l.compounds[words[i]] {
			if follows(words[i+1:], parts) {
				words = slices.Replace(words, i, i+1+len(parts), words[i]+strings.Join(parts, ""))
				break
			}
		}
	}
	return words
}

// appendWords adds the words of a field without white space: "doesn't" is one
// word, "log-in" are two.
func (l *lexicon) appendWords(words []string, field string) []string {
	if strings.HasPrefix(field, "@") && (field == wordAddress || field == wordHost || field == wordIP) {
		return append(words, field)
	}
	field = apostrophes.Replace(elided.ReplaceAllStringFunc(field, unelided))
	for _, w := range strings.FieldsFunc(field, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }) {
		if strings.ContainsFunc(w, setsNoBlanks) {
			words = append(words, l.runTogether(w)...)
		} else {
			words = append(words, l.parts(w)...)
		}
	}
	return words
}

// speaksOf returns the notions of a sentence. A notion behind a "not" is taken
// for its opposite, and so is the one right before a "not" or before one that
// ends a clause, as in "das Konto existiert auf dem Server nicht".
func (l *lexicon) speaksOf(words []string) marks {
	var m marks
	denied := -denialReach - 1 // the place of the last "not" that reaches
	last := statement{notion: -1}
	not, behind, ends := l.names["not"], l.names["not-behind"], l.names["but"]
	for i := range words {
		if words[i] == pause {
			denied, last = -denialReach-1, statement{notion: -1}
			continue
		}
		reaches, here, next := i-denied <= denialReach, denied, last
		l.at(words[i:], func(p phrase) {
			opposite, ok := l.denied[p.notion]
			switch {
			case p.notion == behind:
				m.add(not)
				if last.notion >= 0 && (i-last.at == 1 || i-last.at <= denialReach+1 && endsClause(words[i:])) {
					m.remove(last.notion)
					m.add(l.denied[last.notion])
				}
			case p.notion == not:
				here = i
				m.add(not)
			case p.notion == ends:
				here = -denialReach - 1
			case ok && reaches:
				m.add(opposite)
			default:
				m.add(p.notion)
				if ok && len(p.words) == 0 {
					next = statement{p.notion, i}
				}
			}
		})
		denied, last = here, next
	}
	return m
}

// A statement is a notion that a "not" would make its opposite, and its place.
type statement struct{ notion, at int }

// endsClause says that at most one word, such as the particle of a German verb,
// follows the first before the clause ends.
func endsClause(words []string) bool {
	end := slices.Index(words, pause)
	if end < 0 {
		end = len(words)
	}
	return end <= 2
}
