package suite

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"mailprobe/internal/safe"
	"mailprobe/internal/typo"
)

// Bounds on a file. A few lines can stand for many by aliases.
const (
	MaxSize  = 1 << 20
	maxNodes = 1 << 17
)

// A Problem is one thing that is wrong with a file.
type Problem struct {
	File         string
	Line, Column int
	Text         string
}

func (p Problem) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", safe.Display(p.File), p.Line, p.Column, safe.Display(p.Text))
}

// A reader reads nodes of YAML and collects what is wrong with them.
type reader struct {
	file     string
	env      func(string) (string, bool)
	problems []error
	nodes    int      // read so far
	path     []string // the keys that lead to what is read
	places   places
}

func (r *reader) wrong(n *yaml.Node, format string, args ...any) {
	r.problems = append(r.problems, Problem{r.file, max(n.Line, 1), max(n.Column, 1), fmt.Sprintf(format, args...)})
}

// A field is one key of a mapping, and what reads its value.
type field struct {
	key  string
	read func(*yaml.Node)
}

// mapping reads the fields of a mapping. It refuses keys that there are not,
// and those that are given twice.
func (r *reader) mapping(n *yaml.Node, what string, fields []field) {
	if n = r.target(n); n == nil {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.wrong(n, "%s is a list of keys and values, one on each line, such as %s: ...", what, fields[0].key)
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if line := seen[key.Value]; line > 0 {
			r.wrong(key, "%s is given twice, first in line %d", key.Value, line)
			continue
		}
		seen[key.Value] = max(key.Line, 1)
		at := slices.IndexFunc(fields, func(f field) bool { return f.key == key.Value })
		if at < 0 {
			r.wrong(key, "%s", unknownKey(what, key.Value, fields))
			continue
		}
		r.within(key.Value, value, fields[at].read)
	}
}

// unknownKey says what there is instead of a key.
func unknownKey(what, key string, fields []field) string {
	if key == "password" || key == "token" {
		return fmt.Sprintf("a suite never holds a %s; say where it comes from: secret: {%s_env: NAME}", key, key)
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.key
	}
	return fmt.Sprintf("%s has no key %q%s; there are %s", what, key, didYouMean(key, names), strings.Join(names, ", "))
}

// didYouMean returns a hint at the nearest of some words; empty: none is near.
// Of numbers none is meant more than another.
func didYouMean(word string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		if d := typo.Distance(strings.ToLower(word), strings.ToLower(k)); d < least && 2*d < len(k) && strings.ContainsFunc(k, unicode.IsLetter) {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", best)
}

// target returns the node that n stands for; nil: there are too many.
func (r *reader) target(n *yaml.Node) *yaml.Node {
	if r.nodes++; r.nodes > maxNodes {
		if r.nodes == maxNodes+1 {
			r.wrong(n, "the file stands for more than this program reads")
		}
		return nil
	}
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// list reads each element of a list; a single value is a list of one where a
// list of texts is wanted.
func (r *reader) list(n *yaml.Node, what string, read func(*yaml.Node)) {
	if n = r.target(n); n == nil {
		return
	}
	if n.Kind != yaml.SequenceNode {
		r.wrong(n, "%s is a list; write each element on a line of its own behind a dash", what)
		return
	}
	for i, element := range n.Content {
		r.within(strconv.Itoa(i), element, read)
	}
}

// text reads a text, with the variables in it replaced.
func (r *reader) text(n *yaml.Node, what string) string {
	if n = r.target(n); n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		r.wrong(n, "%s is one text", what)
		return ""
	}
	text, err := expand(n.Value, r.env)
	switch {
	case err != nil:
		r.wrong(n, "%s: %v", what, err)
	case strings.TrimSpace(text) == "":
		r.wrong(n, "%s is empty; give it a value, or leave it out", what)
	case strings.ContainsFunc(text, func(c rune) bool { return c < ' ' }):
		r.wrong(n, "%s must stand on one line", what)
	}
	return text
}

// texts reads a list of texts.
func (r *reader) texts(n *yaml.Node, what string) (all []string) {
	r.list(n, what, func(n *yaml.Node) { all = append(all, r.text(n, what)) })
	return all
}

// oneOf reads one of some words.
func (r *reader) oneOf(n *yaml.Node, what string, words []string) string {
	text := r.text(n, what)
	if text != "" && !slices.Contains(words, text) {
		r.wrong(n, "%s %q: there is no such word%s; there are %s", what, text, didYouMean(text, words), strings.Join(words, ", "))
	}
	return text
}
