package scrub

import (
	"hash/maphash"
	"slices"
	"strings"
)

const (
	chunk   = 8 << 10 // bytes that are searched at once, so that the cost grows no faster than the text
	overlap = 1 << 10 // of two chunks: the most that a telling part takes in any coding

	surely  = 2  // codings in one another that are always undone
	perhaps = 3  // and as far as the effort allows
	effort  = 64 // of the last coding: bytes that are looked at for each byte of a text
)

// hits are the places of a text where secrets are.
type hits struct {
	hidden []bool // what is a part of a secret
	short  []bool // where a short secret stands alone; nil: nowhere
	found  bool
}

func (h *hits) any() bool { return h.found }

func (h *hits) hides(from, to int) bool { return slices.Contains(h.hidden[from:to], true) }

func (h *hits) shortIn(from, to int) bool {
	return h.short != nil && slices.Contains(h.short[from:to], true)
}

// A search looks through one text. Each coding that is undone is a step away
// from the text; a step has one view, which the next decoding of it replaces.
type search struct {
	index *index
	hits  *hits
	text  string
	base  int // where the chunk begins

	steps  [perhaps + 1]view
	folded []byte
	seed   maphash.Seed
	seen   map[uint64]int // what was looked at, and how many steps away
	limit  int            // steps
	left   int            // bytes that may still be looked at in the last step
}

func (f *Finder) search(text string) *hits {
	s := &search{index: &f.index, hits: &hits{hidden: make([]bool, len(text))}, text: text, seed: maphash.MakeSeed()}
	for at := 0; ; at += chunk - overlap {
		end := min(at+chunk, len(text))
		s.chunk(at, end)
		if end == len(text) {
			return s.hits
		}
	}
}

// chunk searches a part of the text: first with all that is always undone, then
// a step further.
func (s *search) chunk(from, to int) {
	s.base, s.left = from, effort*(to-from)+chunk
	for i := range s.steps {
		s.steps[i].grow(to - from)
	}
	s.steps[0].fill(s.text[from:to])
	for s.limit = surely; s.limit <= perhaps; s.limit++ {
		s.seen = make(map[uint64]int)
		s.look(0)
	}
}

// look searches the view of a step and all that can be decoded of it.
func (s *search) look(step int) {
	v := &s.steps[step]
	if len(v.text) < s.index.least || s.known(v, step) {
		return
	}
	v.survey()
	if step < perhaps && s.limit == surely || step == perhaps {
		s.match(v)
	}
	if step == s.limit {
		return
	}
	next := &s.steps[step+1]
	for _, decode := range decoders {
		if step+1 == perhaps && s.left < 0 {
			return
		}
		next.reset(v)
		if decode(v, next, s.index) {
			if step+1 == perhaps {
				s.left -= len(next.text)
			}
			s.look(step + 1)
		}
	}
}

// known reports whether a view was looked at, no more steps away.
func (s *search) known(v *view, step int) bool {
	key := maphash.Bytes(s.seed, v.text)
	if at, ok := s.seen[key]; ok && at <= step {
		return true
	}
	s.seen[key] = step
	return false
}

func (s *search) match(v *view) {
	s.folded = foldInto(s.folded, v.text)
	s.index.find(s.folded, func(from, to int) { s.cut(v, from, to) })
	s.index.findEchoes(s.folded, func(from, to int) { s.cut(v, from, to) })
	s.index.findWords(s.folded, func(from, to int) {
		if s.coded(v, from, to) {
			s.cut(v, from, to)
		}
	})
	s.index.findShort(s.folded, func(from, to int) {
		if s.hits.short == nil {
			s.hits.short = make([]bool, len(s.text))
		}
		s.hits.found = true
		for i := s.base + int(v.from[from]); i < s.base+int(v.to[to-1]); i++ {
			s.hits.short[i] = true
		}
	})
}

// cut marks what a stretch of a view was decoded of.
func (s *search) cut(v *view, from, to int) {
	s.hits.found = true
	for i := from; i < to; i++ {
		s.hide(s.base+int(v.from[i]), s.base+int(v.to[i]), v.packed)
	}
}

// coded reports whether a word of a view came in a coding, which nobody does to
// the words of a text of his own. Base64 is none where AUTH LOGIN asks in it
// for the password, nor where it holds more than the word.
func (s *search) coded(v *view, from, to int) bool {
	if !v.packed {
		return s.changed(v, from, to)
	}
	line := s.text[:s.base+int(v.from[from])]
	line = line[strings.LastIndexByte(line, '\n')+1:]
	alone := (from == 0 || v.text[from-1] < ' ') && (to == len(v.text) || v.text[to] < ' ')
	return alone && line != "334 " && line != "+ "
}

// changed reports whether a stretch of a view does not stand in the text.
func (s *search) changed(v *view, from, to int) bool {
	at := s.base + int(v.from[from])
	return int(v.to[to-1]-v.from[from]) != to-from || !strings.EqualFold(s.text[at:at+to-from], string(v.text[from:to]))
}

// hide marks what one byte was decoded of. Of what is packed, all that belongs
// together goes: its other letters hold bits of the secret.
func (s *search) hide(from, to int, packed bool) {
	for packed && from > 0 && packs(s.text[from-1]) && !s.hits.hidden[from-1] {
		from--
	}
	for packed && to < len(s.text) && (packs(s.text[to]) || s.text[to] == '=') && !s.hits.hidden[to] {
		to++
	}
	for i := from; i < to; i++ {
		s.hits.hidden[i] = true
	}
}
