package replies

import (
	"regexp"
	"strings"
	"unicode"
)

// The bounds of what is read word by word.
const (
	maxWords    = 400 // of one passage
	denialReach = 5   // words between a "not" and what it denies
)

var (
	address   = regexp.MustCompile(`[^\s<>"'(),;:]+@[^\s<>"'(),;:]+`)
	link      = regexp.MustCompile(`(?i)\bhttps?://\S+|\bwww\.\S+`)
	listLink  = regexp.MustCompile(`(?i)\bhttps?://\S*(?:spamhaus|spamcop|barracudacentral|sorbs|abusix|uceprotect|abuseat|spamrats|senderscore|dnsbl|rbl)\S*`)
	ipAddress = regexp.MustCompile(`\[?(?:\d{1,3}\.){3}\d{1,3}\]?|\[?(?:IPv6:)?[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){3,7}\]?`)
)

// The words that stand for what is no word.
const (
	wordAddress = "@address"
	wordIP      = "@ip"
	pause       = "," // ends what a "not" reaches
)

// sentences returns the words of each sentence of a text in lower case. Links
// are left out: their words are an address, no statement. But one to a
// blocklist's page says that there is one.
func (l *lexicon) sentences(text string) [][]string {
	text = listLink.ReplaceAllString(text, " blocklist ")
	text = link.ReplaceAllString(text, " ")
	text = address.ReplaceAllString(text, " "+wordAddress+" ")
	text = ipAddress.ReplaceAllString(text, " "+wordIP+" ")
	var out [][]string
	var sentence []string
	count := 0
	end := func() {
		if len(sentence) > 0 {
			out = append(out, sentence)
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

// appendWords adds the words of a field without white space: "doesn't" is one
// word, "log-in" are two.
func (l *lexicon) appendWords(words []string, field string) []string {
	if strings.HasPrefix(field, "@") && (field == wordAddress || field == wordIP) {
		return append(words, field)
	}
	field = apostrophes.Replace(field)
	for _, w := range strings.FieldsFunc(field, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }) {
		if strings.ContainsFunc(w, setsNoBlanks) {
			words = append(words, l.runTogether(w)...)
		} else {
			words = append(words, w)
		}
	}
	return words
}

var apostrophes = strings.NewReplacer("'", "", "’", "")

// speaksOf returns the notions of a sentence. A notion behind a "not" is taken
// for its opposite.
func (l *lexicon) speaksOf(words []string) marks {
	var m marks
	denied := -denialReach - 1 // the place of the last "not" that reaches
	not, ends := l.names["not"], l.names["but"]
	for i := range words {
		if words[i] == pause {
			denied = -denialReach - 1
			continue
		}
		reaches, here := i-denied <= denialReach, denied
		l.at(words[i:], func(p phrase) {
			switch opposite, ok := l.denied[p.notion]; {
			case p.notion == not:
				here = i
				m.add(not)
			case p.notion == ends:
				here = -denialReach - 1
			case ok && reaches:
				m.add(opposite)
			default:
				m.add(p.notion)
			}
		})
		denied = here
	}
	return m
}
