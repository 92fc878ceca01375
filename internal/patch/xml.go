package patch

import (
	"bytes"
	"slices"
	"strings"
)

// A tag is an element of XML with what stands between its tags.
type tag struct {
	name     string
	line     int
	from, to int // between the tags
	parent   int // index; -1: it is the root
}

// tags lists all elements of a document that was read already, in the order of
// their start tags.
func tags(source []byte) []tag {
	var all []tag
	open, row := -1, 1
	for at := 0; at < len(source); {
		next := bytes.IndexByte(source[at:], '<')
		if next < 0 {
			break
		}
		row += bytes.Count(source[at:][:next], []byte("\n"))
		at += next
		end, kind := markup(source[at:])
		if end < 0 {
			break
		}
		inner := string(source[at:][:end])
		switch kind {
		case startTag, emptyTag:
			all = append(all, tag{name: nameOf(inner[1:]), line: row, from: at + end, to: at + end, parent: open})
			if kind == startTag {
				open = len(all) - 1
			}
		case endTag:
			if open >= 0 {
				all[open].to = at
				open = all[open].parent
			}
		}
		row += bytes.Count(source[at:][:end], []byte("\n"))
		at += end
	}
	return all
}

type markupKind int

const (
	other markupKind = iota
	startTag
	emptyTag
	endTag
)

// markup returns where a piece of markup ends that source begins with, and what
// it is; -1: nowhere.
func markup(source []byte) (int, markupKind) {
	for begin, end := range map[string]string{"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"} {
		if bytes.HasPrefix(source, []byte(begin)) {
			i := bytes.Index(source[len(begin):], []byte(end))
			if i < 0 {
				return -1, other
			}
			return len(begin) + i + len(end), other
		}
	}
	end := tagEnd(source)
	switch {
	case end < 0, bytes.HasPrefix(source, []byte("<!")):
		return end, other
	case bytes.HasPrefix(source, []byte("</")):
		return end, endTag
	case source[end-2] == '/':
		return end, emptyTag
	}
	return end, startTag
}

// tagEnd returns where a tag ends: an attribute may hold a ">".
func tagEnd(source []byte) int {
	quote := byte(0)
	for i, c := range source {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return -1
}

// nameOf is the local name that a tag begins with.
func nameOf(text string) string {
	name := text[:strings.IndexAny(text+">", " \t\r\n/>")]
	return name[strings.LastIndexByte(name, ':')+1:]
}

// elements finds a server by the line of its element, and in it the elements of
// what is to be another.
func elements(source []byte, f Fix, names []string, wanted []part) (found [][]edit) {
	all, tries := tags(source), 0
	for i, server := range all {
		is := func(name string) bool { return strings.EqualFold(name, server.name) }
		if server.line != f.Offer.Line || !slices.ContainsFunc(names, is) {
			continue
		}
		if tries++; tries > maxTries {
			break
		}
		if edits, ok := children(source, all, i, wanted); ok {
			found = append(found, edits)
		}
	}
	return found
}

// children finds the first child of each name that holds what is expected.
func children(source []byte, all []tag, parent int, wanted []part) ([]edit, bool) {
	var edits []edit
	for _, p := range wanted {
		found := false
		for _, c := range all {
			if c.parent != parent || !strings.EqualFold(c.name, p.name) {
				continue
			}
			if e, ok := within(source, c.from, c.to, p); ok {
				edits, found = append(edits, e), true
				break
			}
		}
		if !found {
			return nil, false
		}
	}
	return edits, len(edits) > 0
}

// property finds the values of an Apple profile: the element behind the key of
// each, in the dictionary in which the host stands.
func property(source []byte, f Fix) (found [][]edit) {
	all, tries := tags(source), 0
	for _, dict := range all {
		if dict.line != f.Offer.Line || dict.name != "string" {
			continue
		}
		if tries++; tries > maxTries {
			break
		}
		for _, side := range []string{"IncomingMailServer", "OutgoingMailServer"} {
			if edits, ok := values(source, all, dict.parent, parts(f, side+"HostName", side+"PortNumber", "", "", "", "")); ok {
				found = append(found, edits)
			}
		}
	}
	return found
}

func values(source []byte, all []tag, dict int, wanted []part) ([]edit, bool) {
	var edits []edit
	for _, p := range wanted {
		key := slices.IndexFunc(all, func(t tag) bool {
			return t.parent == dict && t.name == "key" && strings.TrimSpace(string(source[t.from:t.to])) == p.name
		})
		if key < 0 || key+1 == len(all) {
			return nil, false
		}
		e, ok := within(source, all[key+1].from, all[key+1].to, p)
		if !ok {
			return nil, false
		}
		edits = append(edits, e)
	}
	return edits, len(edits) > 0
}
