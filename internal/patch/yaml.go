package patch

import (
	"bytes"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// mapping finds a server of YAML by the line of its mapping, and in it the
// scalars of what is to be another.
func mapping(source []byte, f Fix, wanted []part) (found [][]edit) {
	var root yaml.Node
	if yaml.Unmarshal(frontMatter(source), &root) != nil {
		return nil
	}
	for _, n := range mappings(&root, 0) {
		if n.Line != f.Offer.Line || len(found) == maxTries {
			continue
		}
		if edits, ok := scalars(source, n, wanted); ok {
			found = append(found, edits)
		}
	}
	return found
}

// frontMatter returns what stands between two lines of dashes, with the rest of
// the first, so that lines keep their numbers; all, if the text does not begin
// so.
func frontMatter(source []byte) []byte {
	rest, ok := bytes.CutPrefix(bytes.TrimPrefix(source, []byte("\xef\xbb\xbf")), []byte("---"))
	matter, _, closed := bytes.Cut(rest, []byte("\n---"))
	if !ok || !closed {
		return source
	}
	return matter
}

// maxDepth bounds how deep mappings are looked for; documents of settings are
// not deep.
const maxDepth = 64

// mappings lists all mappings; an alias is not followed.
func mappings(n *yaml.Node, depth int) (all []*yaml.Node) {
	if depth > maxDepth {
		return nil
	}
	if n.Kind == yaml.MappingNode {
		all = append(all, n)
	}
	for _, c := range n.Content {
		all = append(all, mappings(c, depth+1)...)
	}
	return all
}

func scalars(source []byte, n *yaml.Node, wanted []part) ([]edit, bool) {
	var edits []edit
	for _, p := range wanted {
		found := false
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value != p.name {
				continue
			}
			if e, ok := scalar(source, n.Content[i+1], p); ok {
				edits, found = append(edits, e), true
			}
			break
		}
		if !found {
			return nil, false
		}
	}
	return edits, true
}

// scalar finds the bytes of a value: a column counts characters.
func scalar(source []byte, n *yaml.Node, p part) (edit, bool) {
	from, to := line(source, n.Line)
	for range n.Column - 1 {
		if from >= to {
			return edit{}, false
		}
		_, size := utf8.DecodeRune(source[from:to])
		from += size
	}
	if from < to && (source[from] == '"' || source[from] == '\'') {
		from++
	}
	if !bytes.HasPrefix(source[from:to], []byte(p.now)) {
		return edit{}, false
	}
	return edit{from, from + len(p.now), p.then}, true
}
