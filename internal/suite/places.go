package suite

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// A place is where something stands in a file.
type place struct {
	line, column int
	shared       bool // it is the defaults'
}

// defaults is the key of what holds for each case that says nothing else.
const defaults = "defaults"

// places are where the values of a file stand, by the keys that lead there,
// such as cases.0.expect.code.
type places map[string]place

// of returns where a key of a case stands. What the case leaves out is the
// defaults'; what neither says is where the key above it stands.
func (p places) of(path, key string) place {
	for {
		for _, whole := range []string{path, defaults} {
			if at, said := p[strings.TrimSuffix(whole+"."+key, ".")]; said {
				at.shared = whole == defaults
				return at
			}
		}
		if key == "" {
			return place{line: 1, column: 1}
		}
		key = key[:max(0, strings.LastIndexByte(key, '.'))]
	}
}

// At returns where a key of a case stands, such as target or endpoints.0: that
// of the defaults where the case leaves it out, and the case where nobody says
// it.
func (s *Suite) At(c Case, key string) (line, column int) {
	at := s.places.of(c.path, key)
	return at.line, at.column
}

// within reads what stands at a key, or at a place of a list.
func (r *reader) within(key string, n *yaml.Node, read func(*yaml.Node)) {
	r.path = append(r.path, key)
	r.places[strings.Join(r.path, ".")] = place{line: max(n.Line, 1), column: max(n.Column, 1)}
	read(n)
	r.path = r.path[:len(r.path)-1]
}
