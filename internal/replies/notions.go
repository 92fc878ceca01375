package replies

import (
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"strings"
)

// notions is how a file of words is written.
type notions struct {
	Notions  map[string]string `yaml:"notions"`  // notion: words, commas between them; "word*" is a stem
	Together []string          `yaml:"together"` // words that are read as one: "mail server" as "mailserver"
	Denied   map[string]string `yaml:"denied"`   // notion: what "not" makes of it
	Context  []string          `yaml:"context"`  // notions that come from what is known of the reply, not from words
	Topics   []string          `yaml:"topics"`   // notions of what mail servers deal with
	Plain    []string          `yaml:"plain"`    // notions two of which a sentence must have where nothing else tells of mail
	Faults   []string          `yaml:"faults"`   // notions of what goes wrong
	Meanings []*sense          `yaml:"meanings"` // what notions mean together, the likeliest first
}

// marks is a set of notions.
type marks [3]uint64

func (m *marks) add(notion int) { m[notion/64] |= 1 << (notion % 64) }

func (m *marks) remove(notion int) { m[notion/64] &^= 1 << (notion % 64) }

func (m marks) has(n int) bool { return m[n/64]&(1<<(n%64)) != 0 }

func (m marks) meets(o marks) bool { return m[0]&o[0]|m[1]&o[1]|m[2]&o[2] != 0 }

func (m marks) and(o marks) marks { return marks{m[0] & o[0], m[1] & o[1], m[2] & o[2]} }

func (m marks) count() int {
	return bits.OnesCount64(m[0]) + bits.OnesCount64(m[1]) + bits.OnesCount64(m[2])
}

func (m marks) with(o marks) marks { return marks{m[0] | o[0], m[1] | o[1], m[2] | o[2]} }

// check refuses words that no text is found to have: texts are read in lower
// case.
func (n *notions) check() error {
	for _, name := range slices.Sorted(maps.Keys(n.Notions)) {
		for text := range strings.SplitSeq(n.Notions[name], ",") {
			if text != strings.ToLower(text) {
				return fmt.Errorf("notion %q: %q: not in lower case", name, text)
			}
		}
	}
	return nil
}
