package bulk

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"mailprobe/internal/probe"
)

const (
	maxLine  = 64 << 10 // bytes of a line that is read
	maxShown = 1 << 10  // bytes of a line that cannot be read, in its result
)

// A line is one target of a list.
type line struct {
	number  int                 // in the list, from 1
	text    string              // what it names; of a line that cannot be read, the line
	resolve []string            // where it leads hosts, as written
	rules   []probe.ResolveRule // the same, as read
	err     error               // why it cannot be read; nil: it can
}

// Lines reads targets line by line and keeps none of them.
type lines struct {
	in     *bufio.Reader
	number int
}

func newLines(r io.Reader) *lines {
	l := &lines{in: bufio.NewReaderSize(r, 32<<10)}
	if mark, err := l.in.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		l.in.Discard(3)
	}
	return l
}

// next returns the next target, past blank lines and comments; io.EOF: there is
// none. Another error is that of the reader.
func (l *lines) next() (line, error) {
	for {
		text, long, err := l.read()
		if err != nil {
			return line{}, err
		}
		l.number++
		text = strings.TrimSpace(text)
		if text == "" || text[0] == '#' {
			continue
		}
		return understand(l.number, text, long), nil
	}
}

// read returns a line without its end, and whether it is longer than what is
// kept of it.
func (l *lines) read() (text string, long bool, err error) {
	var kept []byte
	for {
		part, err := l.in.ReadSlice('\n')
		room := maxLine - len(kept)
		long = long || len(part) > room
		kept = append(kept, part[:min(len(part), room)]...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(kept) == 0, err != nil && !errors.Is(err, io.EOF):
			return "", false, err
		}
		return string(kept), long, nil
	}
}

// understand reads a line that is not blank.
func understand(number int, text string, long bool) line {
	switch {
	case long:
		return unread(number, text, fmt.Errorf("it is longer than %d bytes", maxLine))
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return unread(number, text, errors.New("it is no text in UTF-8"))
	case text[0] == '{':
		return object(number, text)
	}
	if bare, _, ok := cutComment(text); ok {
		text = bare
	}
	return line{number: number, text: text}
}

// cutComment takes off a comment that stands behind a target and a blank.
func cutComment(text string) (before, comment string, ok bool) {
	for i := 1; i < len(text); i++ {
		if text[i] == '#' && (text[i-1] == ' ' || text[i-1] == '\t') {
			return strings.TrimSpace(text[:i]), text[i+1:], true
		}
	}
	return text, "", false
}

// object reads a line of NDJSON. A key that is not known may be a mistyped
// "resolve", and its host would be dialled where nobody meant it.
func object(number int, text string) line {
	var o struct {
		Target  string   `json:"target"`
		Resolve []string `json:"resolve"`
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&o); err != nil {
		return unread(number, text, fmt.Errorf("it is no object with a target: %w", err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return unread(number, text, errors.New("something stands behind the object"))
	}
	if o.Target = strings.TrimSpace(o.Target); o.Target == "" {
		return unread(number, text, errors.New("it names no target"))
	}
	if len(o.Target) > maxLine || strings.ContainsAny(o.Target, "\x00\r\n") {
		return unread(number, text, errors.New("its target is no single line"))
	}
	l := line{number: number, text: o.Target, resolve: o.Resolve}
	for _, r := range o.Resolve {
		rule, err := probe.ParseResolve(r)
		if err != nil {
			return unread(number, text, err)
		}
		l.rules = append(l.rules, rule)
	}
	return l
}

func unread(number int, text string, err error) line {
	return line{number: number, text: shown(text), err: err}
}

// shown is what of a line stands in its result: the result of a run that is
// resumed must know it again, so it is text and has an end.
func shown(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxShown)], "\uFFFD")
}
