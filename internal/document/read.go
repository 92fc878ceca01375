package document

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"unicode"
)

// What is read is bounded: in bytes, and in objects, since a few bytes of JSON
// can stand for an object of many.
const (
	MaxSize    = 8 << 20
	maxObjects = 1 << 18
)

// ErrNone says that a text is no document.
var ErrNone = errors.New("not a report that mailprobe has saved")

// ErrDamaged is ErrNone for a text that begins as a saved report.
var ErrDamaged = fmt.Errorf("%w whole: it breaks off, or something else stands behind it", ErrNone)

// beginning is how every saved report begins, and a list of them.
var beginning = regexp.MustCompile(`^\[?\s*\{\s*"schema"\s*:\s*[0-9]`)

// A SchemaError says that a document is of another schema than this program
// reads.
type SchemaError int

func (e SchemaError) Error() string {
	return fmt.Sprintf("the report has schema %d; this program reads schema %d", int(e), Schema)
}

// Read reads saved documents: one, several in one object, a list of them, or
// one behind another, as lines are. Fields that it does not know are left out;
// what earlier versions did not write is filled in. With an error it returns
// the documents before the fault: ErrNone, ErrDamaged, a SchemaError, that
// there is too much, or an error of r.
func Read(r io.Reader) ([]*Document, error) {
	begun := bufio.NewReader(r)
	if !begins(begun) {
		return nil, ErrNone // without having read it
	}
	text, err := io.ReadAll(io.LimitReader(begun, MaxSize+1))
	switch text = bytes.TrimSpace(text); {
	case err != nil:
		return nil, err
	case !bytes.HasPrefix(text, []byte("{")) && !bytes.HasPrefix(text, []byte("[")):
		return nil, ErrNone
	case len(text) <= MaxSize && bytes.Count(text, []byte("{")) <= maxObjects:
	case beginning.Match(text):
		return nil, errors.New("the report is too large to be read")
	default:
		return nil, ErrNone
	}
	var all []*Document
	lines := json.NewDecoder(bytes.NewReader(text))
	for {
		var value json.RawMessage
		switch err := lines.Decode(&value); {
		case err == io.EOF:
			return all, nil
		case err != nil && (len(all) > 0 || beginning.Match(text)):
			return all, ErrDamaged
		case err != nil:
			return nil, ErrNone
		}
		some, err := readValue(value)
		all = append(all, some...)
		if err != nil {
			return all, err
		}
	}
}

// begins reports whether the first byte that is no blank may begin a document.
// It leaves that byte to be read.
func begins(r *bufio.Reader) bool {
	for {
		c, err := r.ReadByte()
		if err != nil {
			return true // as whoever reads on finds out
		}
		if !unicode.IsSpace(rune(c)) {
			r.UnreadByte()
			return c == '{' || c == '['
		}
	}
}

// readValue reads one value of JSON: a document, several in an object, or a
// list.
func readValue(value json.RawMessage) ([]*Document, error) {
	var list []json.RawMessage
	if json.Unmarshal(value, &list) == nil && list != nil {
		return readEach(list)
	}
	var several struct {
		Schema  int               `json:"schema"`
		Reports []json.RawMessage `json:"reports"`
	}
	if json.Unmarshal(value, &several) == nil && several.Reports != nil {
		if err := checkSchema(several.Schema); err != nil {
			return nil, err
		}
		return readEach(several.Reports)
	}
	return readEach([]json.RawMessage{value})
}

func readEach(list []json.RawMessage) ([]*Document, error) {
	var all []*Document
	for _, value := range list {
		d, err := readOne(value)
		if err != nil {
			return all, err
		}
		all = append(all, d)
	}
	return all, nil
}

func readOne(value json.RawMessage) (*Document, error) {
	var head struct {
		Schema int `json:"schema"`
	}
	if json.Unmarshal(value, &head) != nil {
		return nil, ErrNone
	}
	if err := checkSchema(head.Schema); err != nil {
		return nil, err
	}
	d := new(Document)
	if err := json.Unmarshal(value, d); err != nil || d.Verdict == "" {
		return nil, errors.Join(ErrNone, err)
	}
	d.complete()
	return d, d.check()
}

func checkSchema(n int) error {
	switch n {
	case 0:
		return ErrNone
	case Schema:
		return nil
	}
	return SchemaError(n)
}

// complete fills in what earlier versions did not write.
func (d *Document) complete() {
	if d.Title == "" {
		d.Title = d.Target
		if d.Provider != nil && d.Provider.Name != "" {
			d.Title = d.Provider.Name
		}
	}
	if d.Faults == nil {
		d.countDays(d.Started)
		d.judgeSignIn()
		d.Faults = d.faults(func(i, j int) bool { return false })
	}
	if d.Warnings == nil {
		d.Warnings = d.warnings(func(a, b Warning) bool { return false })
	}
}

// check refuses a document that points at what it does not have.
func (d *Document) check() error {
	for _, f := range d.Faults {
		if len(f.Endpoints) == 0 || !d.hasAll(f.Endpoints) {
			return fmt.Errorf("%w: it names an endpoint that it does not list", ErrNone)
		}
	}
	for _, w := range d.Warnings {
		findings := d.Findings
		if !d.hasAll(w.Endpoints) {
			return fmt.Errorf("%w: it names an endpoint that it does not list", ErrNone)
		}
		if len(w.Endpoints) > 0 {
			findings = d.Endpoints[w.Endpoints[0]].Findings
		}
		if w.Finding < 0 || w.Finding >= len(findings) {
			return fmt.Errorf("%w: it names a finding that it does not list", ErrNone)
		}
	}
	return nil
}

func (d *Document) hasAll(endpoints []int) bool {
	return !slices.ContainsFunc(endpoints, func(i int) bool { return i < 0 || i >= len(d.Endpoints) })
}
