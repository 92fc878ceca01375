package lab

import (
	"bytes"
	"net"
	"strconv"
	"strings"
	"sync"
)

// A tap is a connection to a library's server on which lines can be changed
// on the way, where the library cannot be told what to say.
type tap struct {
	net.Conn
	server  *server
	in, out editor
	ready   []byte // edited input that nobody has read yet
	buf     [4096]byte
	closed  chan struct{}
	once    sync.Once
}

// An editor cuts a stream into lines and changes them. A nil edit changes
// nothing. Lines come and go with their CRLF.
type editor struct {
	edit    func(line string) string
	partial []byte
	literal int64 // bytes of an IMAP literal that still pass untouched
}

func newTap(conn net.Conn, s *server) *tap {
	return &tap{Conn: conn, server: s, closed: make(chan struct{})}
}

func (t *tap) Read(p []byte) (int, error) {
	for len(t.ready) == 0 {
		n, err := t.Conn.Read(t.buf[:])
		t.ready = t.in.feed(t.buf[:n])
		if err != nil && len(t.ready) == 0 {
			return 0, err
		}
	}
	n := copy(p, t.ready)
	t.ready = t.ready[n:]
	return n, nil
}

func (t *tap) Write(p []byte) (int, error) {
	if out := t.out.feed(p); len(out) > 0 {
		if _, err := t.Conn.Write(out); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// Close closes the connection and tells the one who handed it over.
func (t *tap) Close() error {
	t.once.Do(func() { close(t.closed) })
	return t.Conn.Close()
}

// feed takes in p and returns what can go on: whole lines, edited, and
// literals as they are. A line over the limit goes on unedited.
func (e *editor) feed(p []byte) []byte {
	if e.edit == nil {
		return bytes.Clone(p)
	}
	var out []byte
	for len(p) > 0 {
		if e.literal > 0 {
			n := min(e.literal, int64(len(p)))
			out, p = append(out, p[:n]...), p[n:]
			e.literal -= n
			continue
		}
		end := bytes.IndexByte(p, '\n') + 1
		if end == 0 {
			e.partial = append(e.partial, p...)
			break
		}
		line := string(append(e.partial, p[:end]...))
		e.partial, p = nil, p[end:]
		e.literal = literalSize(line)
		out = append(out, e.edit(line)...)
	}
	if len(e.partial) > maxLine {
		out, e.partial = append(out, e.partial...), nil
	}
	return out
}

// literalSize returns the size of the IMAP literal that line announces, or 0.
func literalSize(line string) int64 {
	line, ok := strings.CutSuffix(strings.TrimRight(line, "\r\n"), "}")
	if !ok {
		return 0
	}
	digits := line[strings.LastIndexByte(line, '{')+1:]
	n, err := strconv.ParseUint(strings.TrimSuffix(digits, "+"), 10, 32)
	if err != nil {
		return 0
	}
	return int64(n)
}
