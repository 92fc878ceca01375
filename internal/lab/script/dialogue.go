package script

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

const (
	maxLine     = 64 << 10
	maxReceived = 4 << 20                // bytes that are kept of one client
	patience    = time.Minute            // how long a dialogue may take
	grace       = 250 * time.Millisecond // and how long it goes on after Close
)

// A dialogue is one client's run through the script.
type dialogue struct {
	server *Server
	conn   net.Conn // as accepted
	now    net.Conn // conn, or TLS over it
	wire   *replay  // what TLS runs over; nil: there is none
	br     *bufio.Reader
	tag    string
	err    error // read only after the server's tasks have ended

	mu   sync.Mutex
	kept bytes.Buffer
}

func (d *dialogue) run() {
	defer d.conn.Close()
	d.use(d.conn)
	for _, s := range d.server.steps {
		more, err := d.do(s)
		if err != nil {
			d.err = err
			return
		}
		if !more {
			return
		}
	}
	d.end()
}

// use makes conn the one that is spoken over.
func (d *dialogue) use(conn net.Conn) {
	d.now = conn
	d.br = bufio.NewReaderSize(conn, maxLine)
}

// do takes one step and reports whether the dialogue goes on. A client may
// leave while it is spoken to: that is a mismatch only where the script
// expects a line of it.
func (d *dialogue) do(s step) (bool, error) {
	switch s.action {
	case send, sendRaw:
		io.WriteString(d.now, d.tagged(s.text))
	case records:
		d.sendRecords(strings.Split(d.tagged(s.text), "|"))
	case expect:
		return true, d.expect(s)
	case startTL:
		if d.deserted() {
			return false, nil
		}
		return true, d.handshake(s)
	case pause:
		return d.pause(s.wait), nil
	case silence:
		d.server.fallSilent(d.conn.RemoteAddr().String())
		d.drain()
	case reset:
		d.conn.(*net.TCPConn).SetLinger(0)
		return false, nil
	case finish:
		d.now.Close()
		return false, nil
	}
	return true, nil
}

func (d *dialogue) tagged(text string) string {
	return strings.NewReplacer("$tag", d.tag, "$TAG", strings.ToUpper(d.tag)).Replace(text)
}

// sendRecords sends each part in a TLS record of its own, and all in one write,
// so that none arrives before another.
func (d *dialogue) sendRecords(parts []string) {
	d.wire.hold = true
	for _, part := range parts {
		io.WriteString(d.now, part)
	}
	d.wire.hold = false
	d.wire.Write(nil)
}

// pause lets time pass. It reports false if the server is closed meanwhile.
func (d *dialogue) pause(wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-d.server.done:
		return false
	}
}

func (d *dialogue) expect(s step) error {
	line, err := d.br.ReadSlice('\n')
	d.keep(line)
	if err != nil {
		return &mismatch{s, fmt.Sprintf("%q, %v", line, err)}
	}
	text := strings.TrimRight(string(line), "\r\n")
	if !matches(s.text, text) {
		d.end()
		return &mismatch{s, fmt.Sprintf("C: %s", text)}
	}
	if tag, _, ok := strings.Cut(text, " "); ok {
		d.tag = tag
	}
	return nil
}

// deserted waits for the first byte of a handshake and reports whether the
// client has closed instead, without a word: it may have other business on
// another connection.
func (d *dialogue) deserted() bool {
	_, err := d.br.Peek(1)
	return err == io.EOF
}

// end sends the end of the stream and waits for the client's: closing with
// unread bytes would reset the connection.
func (d *dialogue) end() {
	if c, ok := d.now.(interface{ CloseWrite() error }); ok {
		c.CloseWrite()
	}
	if d.now != d.conn {
		d.conn.(*net.TCPConn).CloseWrite()
	}
	d.drain()
}

// drain keeps what the client still sends, until it closes.
func (d *dialogue) drain() {
	for {
		line, err := d.br.ReadSlice('\n')
		d.keep(line)
		if err != nil && err != bufio.ErrBufferFull {
			return
		}
	}
}

func (d *dialogue) keep(b []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept.Write(b[:min(len(b), maxReceived-d.kept.Len())])
}

func (d *dialogue) received() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.kept.String()
}
