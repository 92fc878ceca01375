package language

import "strings"

// A part of a template is a placeholder or the text between two.
type part struct {
	name    string // of a placeholder; empty: it is text
	literal string
}

// parts takes a template apart, with finding's form of placeholders.
func parts(template string) []part {
	var all []part
	text := func(s string) {
		if n := len(all); n > 0 && all[n-1].name == "" {
			all[n-1].literal += s
		} else if s != "" {
			all = append(all, part{literal: s})
		}
	}
	for rest := template; rest != ""; {
		before, after, found := strings.Cut(rest, "{")
		text(before)
		if !found {
			break
		}
		name, behind, closed := strings.Cut(after, "}")
		switch {
		case strings.HasPrefix(after, "{"):
			text("{")
			rest = after[1:]
		case closed && isName(name):
			all, rest = append(all, part{name: name}), behind
		default:
			text("{")
			rest = after
		}
	}
	return all
}

func isName(s string) bool {
	for i, r := range s {
		if letter := r >= 'a' && r <= 'z'; !letter && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != ""
}

// A pattern finds a template in a text that was made of it.
type pattern struct {
	id     string
	parts  []part
	weight int // how much of it is text
}

func patternOf(id string) pattern {
	p := pattern{id: id, parts: parts(id)}
	for _, x := range p.parts {
		p.weight += len(x.literal)
	}
	return p
}

// match returns what stands for the placeholders of a pattern, as short as the
// text behind each allows; nothing only between two texts.
func (p pattern) match(text string) (map[string]string, bool) {
	if last := p.parts[len(p.parts)-1]; !strings.HasSuffix(text, last.literal) || !strings.HasPrefix(text, p.parts[0].literal) {
		return nil, false
	}
	found := map[string]string{}
	for i, x := range p.parts {
		if x.name == "" {
			rest, ok := strings.CutPrefix(text, x.literal)
			if !ok {
				return nil, false
			}
			text = rest
			continue
		}
		n := p.extent(i, text)
		atEdge := i == 0 || i == len(p.parts)-1
		if before, twice := found[x.name]; n < 0 || n == 0 && atEdge || twice && before != text[:n] {
			return nil, false
		}
		found[x.name], text = text[:n], text[n:]
	}
	return found, text == ""
}

// extent is how much of a text the placeholder takes that is the i-th part;
// negative: it is not there.
func (p pattern) extent(i int, text string) int {
	switch {
	case i == len(p.parts)-1:
		return len(text)
	case i == len(p.parts)-2:
		return len(text) - len(p.parts[i+1].literal)
	}
	return strings.Index(text, p.parts[i+1].literal)
}
