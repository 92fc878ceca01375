package probe

import (
	"net"
	"strings"
	"sync"
)

// A Handoff gives the connection, in its present state, to a client library.
type Handoff struct {
	Replay string // what the library reads first: the greeting that it wants to see
	// Sent is shown each write of the library before it leaves. It returns
	// what is sent instead (nil: nothing) or an error that the library gets.
	// last is the server's last line. nil: everything is sent as it is.
	Sent func(data []byte, last string) ([]byte, error)
	// Received is shown each line of the server and returns what the library
	// reads in its place, without line end; "" keeps it from the library. An
	// error ends the conversation. nil: the library reads what comes.
	Received func(line string) (string, error)
}

// A Tap is the connection as a client library sees it: whole lines within the
// limits, a transcript without secrets, and cures for what the library does
// wrong.
type Tap struct {
	net.Conn
	session *Session
	how     Handoff
	asked   sync.Once
	asks    chan struct{}   // closed when the library has written something; nil: nobody waits for that
	over    <-chan struct{} // closed with the connection

	mu     sync.Mutex
	unread []byte // of the line that is being handed over
	unsent string // an unfinished line for the transcript
	last   string // the server's last line
	failed error  // the first failure of the connection or a filter
}

// Handoff hands the connection over. The session's own reading is at an end;
// its phases, deadlines and budgets go on.
func (s *Session) Handoff(h Handoff) *Tap {
	t := &Tap{Conn: s.conn, session: s, how: h, unread: []byte(h.Replay)}
	if s.SentBehind() {
		t.asks, t.over = make(chan struct{}), s.untilOver()
	}
	return t
}

// Last returns the server's last line as it was received: an error that quotes
// it is scrubbed with all others.
func (t *Tap) Last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last
}

// Failed returns why the connection came to an end, or nil. Libraries wrap,
// rename and lose that error.
func (t *Tap) Failed() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failed
}

// Replay makes the library read text before anything else.
func (t *Tap) Replay(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unread = append(t.unread, text...)
}

// Read ends with the first failure: libraries try again.
func (t *Tap) Read(p []byte) (int, error) {
	for {
		if err := t.Failed(); err != nil {
			return 0, err
		}
		if n := t.handOver(p); n > 0 {
			return n, nil
		}
		t.waitUntilAsked()
		raw, err := t.session.readRaw()
		if err == nil {
			err = t.accept(strings.TrimRight(string(raw), "\r\n"))
		}
		if err != nil {
			return 0, t.fail(err)
		}
	}
}

// waitUntilAsked holds the answer to what has left already back until the library
// has written that: before, it would take it for another's.
func (t *Tap) waitUntilAsked() {
	if t.asks == nil {
		return
	}
	select {
	case <-t.asks:
	case <-t.over:
	}
}

func (t *Tap) handOver(p []byte) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := copy(p, t.unread)
	t.unread = t.unread[n:]
	return n
}

// accept records a line and asks the filter what the library reads.
func (t *Tap) accept(line string) error {
	t.session.log.add(line, false, t.session.secure)
	read, err := line, error(nil)
	if t.how.Received != nil {
		read, err = t.how.Received(line)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = line
	if read != "" || t.how.Received == nil {
		t.unread = append(t.unread, read+"\r\n"...)
	}
	return err
}

func (t *Tap) fail(err error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failed == nil {
		t.failed = err
	}
	return err
}

func (t *Tap) Write(p []byte) (int, error) {
	data, err := p, error(nil)
	if t.how.Sent != nil {
		t.mu.Lock()
		last := t.last
		t.mu.Unlock()
		if data, err = t.how.Sent(p, last); err != nil {
			return 0, err
		}
	}
	if len(data) == 0 {
		return len(p), nil
	}
	if t.asks != nil {
		defer t.asked.Do(func() { close(t.asks) })
	}
	if t.session.left(string(data)) {
		return len(p), nil
	}
	t.record(string(data))
	if err := t.session.write(string(data)); err != nil {
		return 0, t.fail(err)
	}
	return len(p), nil
}

// record shows the whole lines of what is sent in the transcript.
func (t *Tap) record(data string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unsent += data
	for {
		line, rest, whole := strings.Cut(t.unsent, "\n")
		if !whole {
			return
		}
		t.unsent = rest
		t.show(strings.TrimRight(line, "\r"))
	}
}

func (t *Tap) show(line string) {
	t.session.log.add(line, true, t.session.secure)
}
