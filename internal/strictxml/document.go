// Package strictxml reads XML as strictly as expat does, and so as the mail
// programs do that read published settings. encoding/xml takes much that they
// refuse: a blank before the declaration, text behind the root, an attribute
// that is there twice. Nothing is fetched, and no entity is resolved.
package strictxml

import "fmt"

// A Document is XML that is well-formed.
type Document struct {
	Root     *Element
	BOM      bool   // a byte order mark stands before it
	Encoding string // the character encoding that it is in, as declared; empty: UTF-8
}

// An Element is one element with what stands in it.
type Element struct {
	Name     string // without its prefix
	Space    string // the namespace; empty: none
	Attrs    []Attr
	Text     string // what stands directly in it, its pieces joined
	Children []*Element
	Line     int      // of its start tag, from 1
	Entities []string // declared in the document and named in the text or an attribute; they are left out of both
}

// An Attr is one attribute.
type Attr struct{ Name, Value string }

// Attr returns the value of an attribute, and whether there is one.
func (e *Element) Attr(name string) (string, bool) {
	for _, a := range e.Attrs {
		if a.Name == name {
			return a.Value, true
		}
	}
	return "", false
}

// Limits bound what is read. Zero is no limit.
type Limits struct {
	Size  int // in bytes, as received
	Depth int // of elements within one another
}

// A LimitError says that a document is larger or deeper than is read.
type LimitError struct {
	Line int // 0: of the whole
	Why  string
}

func (e *LimitError) Error() string { return e.Why }

// A SyntaxError says why a text is not well-formed.
type SyntaxError struct {
	Line int
	Why  string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Why) }

// Parse reads one document. The error is a *SyntaxError or a *LimitError.
func Parse(data []byte, limits Limits) (*Document, error) {
	if limits.Size > 0 && len(data) > limits.Size {
		return nil, &LimitError{0, fmt.Sprintf("it holds more than %d KiB", limits.Size>>10)}
	}
	d := new(Document)
	text, err := d.decode(data)
	if err != nil {
		return nil, err
	}
	p := &parser{s: text, line: 1, limits: limits, doc: d, entities: map[string]*entity{}}
	if err := p.document(); err != nil {
		return nil, err
	}
	return d, nil
}
