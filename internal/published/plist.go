package published

import (
	"strconv"
	"strings"

	"mailprobe/internal/strictxml"
)

// ofPlist reads the value in an XML property list.
func ofPlist(e *strictxml.Element) (*node, *treeError) {
	n := &node{line: e.Line, text: strings.TrimSpace(e.Text)}
	switch e.Name {
	case "string":
		n.kind, n.text = text, e.Text
	case "integer", "real":
		n.kind = number
	case "true", "false":
		n.kind, n.text = truth, e.Name
	case "data", "date":
		n.kind = data
	case "array":
		n.kind = array
		for _, c := range e.Children {
			v, err := ofPlist(c)
			if err != nil {
				return nil, err
			}
			n.list = append(n.list, v)
		}
	case "dict":
		return n, n.plistDict(e)
	default:
		return nil, &treeError{e.Line, "a property list has no <" + e.Name + ">", false}
	}
	return n, nil
}

// plistDict reads the pairs of a dictionary.
func (n *node) plistDict(e *strictxml.Element) *treeError {
	n.kind = dict
	for i := 0; i < len(e.Children); i += 2 {
		key := e.Children[i]
		if key.Name != "key" {
			return &treeError{key.Line, "a <key> is missing before <" + key.Name + ">", false}
		}
		if i+1 == len(e.Children) || e.Children[i+1].Name == "key" {
			return &treeError{key.Line, "the key " + strconv.Quote(key.Text) + " has no value", false}
		}
		v, err := ofPlist(e.Children[i+1])
		if err != nil {
			return err
		}
		n.keys, n.list = append(n.keys, key.Text), append(n.list, v)
	}
	return nil
}
