package published

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// A node is a value of a document that is made of lists and dictionaries,
// whichever way it is written down.
type node struct {
	kind kind
	text string // of a string, number or truth value
	list []*node
	keys []string // of a dictionary, whose values are list
	line int
}

type kind int

const (
	nothing kind = iota
	text
	number
	truth
	array
	dict
	data // bytes, dates: of no interest
)

// at returns the value of a key; nil: there is none. A nil receiver has none.
func (n *node) at(path ...string) *node {
	for _, key := range path {
		if n == nil || n.kind != dict {
			return nil
		}
		var found *node
		for i, k := range n.keys {
			if k == key {
				found = n.list[i]
			}
		}
		n = found
	}
	return n
}

// string returns a text; empty: it is none.
func (n *node) string() string {
	if n == nil || n.kind != text {
		return ""
	}
	return strings.TrimSpace(n.text)
}

// is reports whether a truth value is true.
func (n *node) is() bool { return n != nil && n.kind == truth && n.text == "true" }

// A treeError says why a document cannot be read.
type treeError struct {
	line int
	why  string
	deep bool
}

func (e *treeError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.why) }

var errDeep = errors.New("more than 64 values stand within one another")

// A jsonReader reads JSON into nodes, with lines.
type jsonReader struct {
	data    []byte
	d       *json.Decoder
	line    int
	counted int64
}

func parseJSON(data []byte) (*node, *treeError) {
	r := &jsonReader{data: data, d: json.NewDecoder(bytes.NewReader(data)), line: 1}
	r.d.UseNumber()
	if line := notUTF8(data); line > 0 {
		return nil, &treeError{line, "it is not encoded as UTF-8", false}
	}
	n, err := r.value(0)
	if err == nil {
		if _, more := r.d.Token(); more != io.EOF {
			err = errors.New("something stands behind the end")
		}
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = errors.New("it ends too early")
	case err == nil:
		return n, nil
	}
	return nil, &treeError{r.now(), err.Error(), errors.Is(err, errDeep)}
}

// notUTF8 returns the line of the first byte that is no UTF-8; 0: there is
// none.
func notUTF8(data []byte) int {
	if utf8.Valid(data) {
		return 0
	}
	line := 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}

// treeFormat is what a document was to be that cannot be read, by keys that
// stand in it; empty: something else.
func treeFormat(source []byte, f Format, keys ...string) Format {
	for _, key := range keys {
		if bytes.Contains(source, []byte(`"`+key+`"`)) || bytes.HasPrefix(source, []byte(key+":")) || bytes.Contains(source, []byte("\n"+key+":")) {
			return f
		}
	}
	return ""
}

// now returns the line of what was read last.
func (r *jsonReader) now() int {
	at := min(r.d.InputOffset(), int64(len(r.data)))
	r.line += bytes.Count(r.data[r.counted:at], []byte("\n"))
	r.counted = at
	return r.line
}

func (r *jsonReader) value(depth int) (*node, error) {
	t, err := r.d.Token()
	if err != nil {
		return nil, err
	}
	n := &node{line: r.now()}
	switch t := t.(type) {
	case string:
		n.kind, n.text = text, t
	case json.Number:
		n.kind, n.text = number, t.String()
	case bool:
		n.kind, n.text = truth, fmt.Sprint(t)
	case json.Delim:
		if depth >= MaxDepth {
			return nil, errDeep
		}
		return n, r.inside(n, t, depth+1)
	}
	return n, nil
}

// inside reads a list or a dictionary to its end.
func (r *jsonReader) inside(n *node, begin json.Delim, depth int) error {
	n.kind = array
	if begin == '{' {
		n.kind = dict
	}
	for r.d.More() {
		if n.kind == dict {
			key, err := r.d.Token()
			if err != nil {
				return err
			}
			n.keys = append(n.keys, key.(string))
		}
		v, err := r.value(depth)
		if err != nil {
			return err
		}
		n.list = append(n.list, v)
	}
	_, err := r.d.Token()
	return err
}
