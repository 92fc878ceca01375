package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"

	"mailprobe/internal/settings"
)

// parse reads one provider's file strictly: an unknown key, a wrong type, a
// missing field or a value that cannot be is an error that names the file and
// the line. All errors of a file are reported at once.
func parse(name string, data []byte) (*settings.Settings, error) {
	var doc document
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&doc); err != nil {
		return nil, decodeError(name, err)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: more than one document", name)
	}
	if problems := doc.check(); len(problems) > 0 {
		return nil, locate(name, data, problems)
	}
	return doc.settings(), nil
}

// decodeError puts the file name before every line that the library names.
func decodeError(name string, err error) error {
	var types *yaml.TypeError
	if !errors.As(err, &types) {
		return fmt.Errorf("%s: %w", name, err)
	}
	var wrong []error
	for _, text := range types.Errors {
		wrong = append(wrong, fmt.Errorf("%s: %s", name, text))
	}
	return errors.Join(wrong...)
}

// A problem is something wrong with the value at a path of keys (string) and
// indices (int).
type problem struct {
	path []any
	text string
}

// locate turns problems into errors with file and line. The text is read once
// more for it, so that a good file pays nothing.
func locate(name string, data []byte, problems []problem) error {
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var wrong []error
	for _, p := range problems {
		wrong = append(wrong, fmt.Errorf("%s: line %d: %s", name, line(&root, p.path), p.text))
	}
	return errors.Join(wrong...)
}

// line returns the line of the value at a path, or of the last part of the
// path that is there.
func line(node *yaml.Node, path []any) int {
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	at := max(node.Line, 1)
	for _, part := range path {
		if node = child(node, part); node == nil {
			break
		}
		at = node.Line
	}
	return at
}

// child returns the value of a key or index, nil if there is none.
func child(node *yaml.Node, part any) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	switch part := part.(type) {
	case int:
		if node.Kind == yaml.SequenceNode && part < len(node.Content) {
			return node.Content[part]
		}
	case string:
		for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == part {
				return node.Content[i+1]
			}
		}
	}
	return nil
}
