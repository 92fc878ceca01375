package replies

import (
	"strings"
	"unicode"

	"mailprobe/internal/lazyregexp"
)

var (
	// Words that English prose is full of, and short messages do without.
	prose = lazyregexp.New(`(?i)(?:^|[^a-z])(?:the|an?|my|his|her|our|their|i|we|he|she|was|were|of|has|have|this|that|in|on|at|for|to|by|with|so|unless|your)(?:[^a-z]|$)`)
	// Of these, the words that messages of programs do without.
	narrative = lazyregexp.New(`(?i)(?:^|[^a-z])(?:an?|my|his|her|our|their|i|we|he|she|was|were|of|has|have|that|so|unless|your|the)(?:[^a-z]|$)`)
	// Of these, the words of somebody who tells a story.
	personal = lazyregexp.New(`(?i)(?:^|[^a-z])(?:my|his|her|our|their|i|we|he|she|were|unless|ago|yesterday)(?:[^a-z]|$)`)
	header   = lazyregexp.New(`^[A-Z][A-Za-z]*-[A-Za-z-]+: `)
)

// ofProgram says that a text without a server's reply may be a mail program's
// message although it does not speak of mail: it is in another language, or
// short and no prose.
func ofProgram(text string) bool {
	switch {
	case header.MatchString(text), webStatus.MatchString(strings.TrimLeft(text, "0123456789 ")):
		return false
	case isForeign(text):
		return true
	}
	n := len(strings.Fields(text))
	return n <= 14 && !prose.MatchString(text) || n <= 7 && !narrative.MatchString(text) && len(prose.FindAllString(text, 2)) < 2
}

// isPlain says that a text is one statement of at most twenty words in which
// nobody tells of himself: it may be a program's whatever its length.
func isPlain(text string) bool {
	return len(strings.Fields(text)) <= 20 && !personal.MatchString(text) && !header.MatchString(text)
}

// isForeign says that a text is in another language than English: a tenth of its
// letters are none of English, or more of its little words are another
// language's. Words that several languages have, such as "a", tell nothing.
func isForeign(text string) bool {
	others, letters := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
			if r > unicode.MaxASCII {
				others++
			}
		}
	}
	if others > 0 && others*10 >= letters {
		return true
	}
	english := 0
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch {
		case englishWord[w]:
			english++
		case foreignWord[w], strings.ContainsFunc(w, func(r rune) bool { return r > unicode.MaxASCII }):
			english--
		}
	}
	return english < 0
}

// Little words that only English has, and such as only other languages have.
var (
	englishWord = wordSet(`the my his her our your their i she were of have this that by with unless are be been not or you
		from it its they and`)
	foreignWord = wordSet(`der das den dem ein eine einen einem einer ist nicht wurde wird mit und bei kann es sie zu zum zur auf von für
		bitte ihr ihre ihrem ihren les la des du est une pour pas avec votre sur ce cette vous el los las del una uno por su sus se ha
		il lo della dello di non dei da nel nella sul gli si para com seu sua um uma não foi em ao os het een niet voor te uw naar
		aan bij op van worden wordt er zijn nie na jest się od dla są został och ikke inte og av ei ve az je byl není
		de le en el si que qui con sono por`)
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// isBrief says that a text has as many words as a program's message.
func isBrief(text string) bool { return len(strings.Fields(text)) <= 14 }
