package replies

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/lazyregexp"
	"mailprobe/internal/settings"
)

// A sense is what notions mean when a sentence has all of them.
type sense struct {
	When   []string       `yaml:"when"` // notions, "|" between those of which one is enough
	Not    []string       `yaml:"not"`  // notions that speak against it
	Code   string         `yaml:"code"`
	Also   []string       `yaml:"also"`
	Layer  string         `yaml:"layer"`
	Weight int            `yaml:"weight"` // 0: by the number of notions
	Judged finding.Judged `yaml:"judged"` // empty: the code's own
	Blame  finding.Blame  `yaml:"blame"`  // empty: the code's own
	Cause  string         `yaml:"cause"`  // empty: the code's own
	Remedy string         `yaml:"remedy"` // empty: the code's own

	when []marks
	not  marks
}

// The weights of what speaks for a cause. Words that name a cause outweigh a
// broad row, a broad row the words that every refusal has, these what the code
// alone means.
const (
	weightOfNotion   = 14 // of each notion beyond the context
	weightOfBroad    = 30 // a broad row of the provider in question
	weightOfCommon   = 25 // a broad row for any provider
	weightOfHint     = 18 // a broad row of a provider that only a link names
	weightOfClient   = 12 // a row about mail programs, where a server speaks
	weightOfCode     = 10 // the standard meaning of a code
	weightOfVague    = 5  // a code that says no more than "refused"
	weightOfLikeness = 20 // what a text reads like, where that is certain
	weightOfDetail   = 20 // a code that names a detail, such as 5.1.1 or UNAVAILABLE
	weightOfStatus   = 24 // a status that only one fault has, such as 530
	weightOfNamed    = 30 // a response code of IMAP or POP3 that names the cause
	weightOfRoute    = 34 // a code of RFC 3463 about the way of the message, x.4.x

	weightOfDecisive = 50 // a code that says more than words can
	weightOfPlace    = 14 // the command that was refused
	wordsTogether    = 25 // words of sentences that are read as one where each alone says nothing
	wordsAlone       = 35 // what words must weigh where no reply is seen
	wordsPlain       = 44 // and what they must where nothing else tells of a mail program
)

func (s *sense) check() error {
	if err := errors.Join(knownCodes(s.Code, s.Also...), checkJudged(s.Judged), s.Blame.Check()); err != nil {
		return err
	}
	if len(s.When) == 0 || !slices.Contains(layers(), s.Layer) {
		return fmt.Errorf("%s: no notion, or no layer", s.Code)
	}
	return nil
}

// prepare looks the notions up.
func (s *sense) prepare(l *lexicon, context []string) error {
	weight := 0
	for _, any := range s.When {
		names := strings.Split(any, "|")
		m, err := l.set(names)
		if err != nil {
			return fmt.Errorf("%s: %w", s.Code, err)
		}
		s.when = append(s.when, m)
		if !slices.Contains(context, names[0]) {
			weight += weightOfNotion
		}
	}
	if s.Weight == 0 {
		s.Weight = weight + weightOfNotion/2
	}
	var err error
	s.not, err = l.set(s.Not)
	return err
}

func (s *sense) holds(m marks) bool {
	return !m.meets(s.not) && !slices.ContainsFunc(s.when, func(any marks) bool { return !m.meets(any) })
}

// senses returns what the sentences of a wording mean, the heaviest first, each
// cause once.
func (t *table) senses(w wording, q Query) []*sense {
	if len(t.meanings) == 0 {
		return nil
	}
	context := t.context(w, q)
	var out []*sense
	add := func(spoken marks) {
		for _, s := range t.meanings {
			if s.holds(spoken) && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	sentences := t.words.sentences(aside.ReplaceAllString(inReplyTo.ReplaceAllString(w.said(), " "), " "))
	all, words := context, 0
	for _, sentence := range sentences {
		spoken := t.words.speaksOf(sentence).with(context)
		add(spoken)
		all, words = all.with(spoken), words+len(sentence)
	}
	if len(out) == 0 && words <= wordsTogether { // "Cannot do that. The folder is read-only."
		add(all)
	}
	slices.SortStableFunc(out, func(a, b *sense) int { return b.Weight - a.Weight })
	return out
}

// aside matches what bounces say of themselves.
var aside = lazyregexp.New(`(?i)undeliver\w* mail:? returned to sender|returned to sender`)

// said is what stands behind the status and the response code, which are no
// words: a NO denies nothing.
func (w wording) said() string {
	if w.reply == "" {
		return w.line
	}
	return bracket.ReplaceAllString(strings.TrimPrefix(w.reply, w.status), " ")
}

// The enhanced codes about the two addresses (RFC 3463 §3.2 and §3.3).
var (
	ofRecipient = lazyregexp.New(`^[45]\.(?:1\.(?:[1-6]|10)|2\.\d+)$`)
	ofSender    = lazyregexp.New(`^[45]\.1\.[78]$`)
)

// context is what is known of a reply beside its words.
func (t *table) context(w wording, q Query) marks {
	var m marks
	add := func(name string, holds bool) {
		if notion, known := t.words.names[name]; known && holds {
			m.add(notion)
		}
	}
	protocol, place := q.Protocol, w.place
	add("in-imap", protocol == settings.IMAP)
	add("in-pop3", protocol == settings.POP3)
	add("in-smtp", protocol == settings.SMTP)
	add("for-now", w.temporary())
	add("for-good", strings.HasPrefix(or(w.status, w.enhanced), "5"))
	add("at-signin", place == placeSignIn)
	add("at-greeting", place == placeGreeting)
	add("at-sender", place == placeSender)
	add("at-recipient", place == placeRecipient)
	add("at-data", place == placeData)
	add("of-sender", ofSender.MatchString(w.enhanced))
	add("of-recipient", ofRecipient.MatchString(w.enhanced))
	add("no-reply", w.reply == "")
	add("abroad", isForeign(w.line))
	add("brief", len(strings.Fields(w.line)) <= 8)
	add("terse", len(strings.Fields(w.line)) <= 3)
	return m
}

// tellsOfMail says whether a text has words for what mail servers deal with.
func (t *table) tellsOfMail(text string) bool {
	return slices.ContainsFunc(t.words.sentences(text), func(words []string) bool { return t.words.speaksOf(words).meets(t.topics) })
}

// saysTwice says whether a sentence has words for two things that programs speak
// of and hardly anybody else does together.
func (t *table) saysTwice(text string) bool {
	return slices.ContainsFunc(t.words.sentences(text), func(words []string) bool { return t.words.speaksOf(words).and(t.plain).count() > 1 })
}

// complains says whether a sentence has such a word and one for a fault.
func (t *table) complains(text string) bool {
	return slices.ContainsFunc(t.words.sentences(text), func(words []string) bool {
		spoken := t.words.speaksOf(words)
		return spoken.meets(t.topics) && spoken.meets(t.faults)
	})
}
