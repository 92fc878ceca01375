package language

import (
	"strconv"
	"strings"
)

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
func (t *texts) known(text string) (string, bool) {
	s := search{t, map[string]found{}}
	f := s.nested(text, 0)
	return f.said, f.weight > 0
}

// A search finds one text, and what is put into it. It remembers what it has
// found, so that no text takes it long.
type search struct {
	*texts
	before map[string]found // by the text and how deep it stands
}

// found is how a text is said, and how much of it is known; 0: it is not known.
type found struct {
	said   string
	weight int
}

// maxNested is how deep a known text may stand within another.
const maxNested = 3

// leastWeight is how many characters of a text must be known.
const leastWeight = 4

func (s search) nested(text string, depth int) found {
	key := strconv.Itoa(depth) + text
	f, ok := s.before[key]
	if !ok {
		f = s.whole(text, depth)
		if bare, stopped := strings.CutSuffix(text, "."); f.weight == 0 && stopped && bare != "" {
			if f = s.whole(bare, depth); f.weight > 0 {
				f.said += "."
			}
		}
		s.before[key] = f
	}
	return f
}

// whole says a text by that of the sentences which knows most of it.
func (s search) whole(text string, depth int) found {
	if said, ok := s.sentences[text]; ok && !strings.Contains(text, "{") {
		return found{said, max(len(text), 1)}
	}
	best := found{weight: leastWeight - 1}
	for _, p := range s.patterns {
		values, ok := p.match(text)
		if !ok {
			continue
		}
		weight := p.weight
		for name, value := range values {
			f := s.argument(name, value, depth)
			values[name], weight = f.said, weight+f.weight
		}
		if weight > best.weight {
			best = found{fill(s.sentences[p.id], values), weight}
		}
	}
	if best.weight < leastWeight {
		return found{}
	}
	return best
}

// quoted is the placeholder for what a server said.
const quoted = "reply"

// argument says what was put into a sentence, where it is words of this program
// and not somebody else's.
func (s search) argument(name, value string, depth int) found {
	if depth == maxNested || name == quoted || strings.HasPrefix(value, `"`) || strings.HasPrefix(value, "“") {
		return found{value, 0}
	}
	if said, ok := s.date(value); ok {
		return found{said, len(value)}
	}
	f, stopped := s.nested(value, depth+1), s.nested(value+".", depth+1)
	if stopped.weight > f.weight+len(".") {
		f = found{strings.TrimSuffix(stopped.said, "."), stopped.weight}
	}
	if f.weight > 0 {
		return f
	}
	for _, between := range []string{"; ", ", ", " and ", " or "} {
		if items := strings.Split(value, between); len(items) > 1 && len(items) <= maxItems {
			if f := s.list(name, items, between, depth); f.weight > 0 || ofNames[name] {
				return f
			}
		}
	}
	return found{value, 0}
}
