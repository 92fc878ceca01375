// Package yamlfile reads YAML strictly: an unknown key is an error, and a fault
// is named with its file and line.
package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"go.yaml.in/yaml/v3"
)

// Read decodes a file that holds one document. It returns what the file
// holds, for Locate.
func Read(files fs.FS, name string, into any) ([]byte, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	return data, Decode(name, data, into)
}

// Decode decodes the one document of a file. A key that into does not have is
// an error, and so is a wrong type; all of them are reported, each with its
// line.
func Decode(name string, data []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return decodeError(name, err)
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: more than one document", name)
	}
	return nil
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

// A Problem is something wrong with the value at a path of keys (string) and
// indices (int).
type Problem struct {
	Path []any
	Text string
}

// Locate turns problems into errors with file and line; nil: there are none.
// The text is read once more for it, so that a good file pays nothing.
func Locate(name string, data []byte, problems ...Problem) error {
	if len(problems) == 0 {
		return nil
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var wrong []error
	for _, p := range problems {
		wrong = append(wrong, fmt.Errorf("%s: line %d: %s", name, line(&root, p.Path), p.Text))
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
