package probe

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Limits on what one phase may receive. Real servers stay far below them.
const (
	maxLine  = 16 << 10  // bytes in one line; RFC 5321 and RFC 1939 allow 512
	maxLines = 1000      // lines in one reply
	maxBytes = 256 << 10 // bytes in one phase
)

const usualLine = 4 << 10 // bytes that are enough for nearly every line

var errBudget = errors.New("more data than any mail server needs to send")

// A guard is the lowest layer of a connection. Its deadline is absolute for
// the phase: the client libraries above, which clear and extend deadlines,
// cannot move it. It lets a bounded number of bytes through per phase.
type guard struct {
	net.Conn
	now    atomic.Bool // reads take what is there and wait for nothing
	prompt atomic.Bool // the kernel was asked to acknowledge at once, and nothing was sent since
	mu     sync.Mutex
	hard   time.Time
	budget int
}

// begin opens a new phase with its own deadline and byte budget.
func (g *guard) begin(deadline time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hard, g.budget = deadline, maxBytes
	g.Conn.SetDeadline(deadline)
}

func (g *guard) Read(p []byte) (int, error) {
	g.mu.Lock()
	budget := g.budget
	g.mu.Unlock()
	if budget <= 0 {
		return 0, errBudget
	}
	n, err := g.read(p[:min(len(p), budget)])
	g.mu.Lock()
	g.budget -= n
	g.mu.Unlock()
	return n, err
}

func (g *guard) read(p []byte) (int, error) {
	if g.now.Load() {
		return readNow(g, p)
	}
	if !g.prompt.Swap(true) {
		quickAck(g.Conn)
	}
	return g.Conn.Read(p)
}

func (g *guard) Write(p []byte) (int, error) {
	g.prompt.Store(false)
	return g.Conn.Write(p)
}

// overdue reports whether the phase's time is up. Who closes the connection
// for that reason may be quicker than the deadline's own error.
func (g *guard) overdue() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.hard.IsZero() && !time.Now().Before(g.hard)
}

func (g *guard) SetDeadline(t time.Time) error      { return g.Conn.SetDeadline(g.clamp(t)) }
func (g *guard) SetReadDeadline(t time.Time) error  { return g.Conn.SetReadDeadline(g.clamp(t)) }
func (g *guard) SetWriteDeadline(t time.Time) error { return g.Conn.SetWriteDeadline(g.clamp(t)) }

// clamp keeps a deadline within the phase; zero means the phase's own.
func (g *guard) clamp(t time.Time) time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t.IsZero() || (!g.hard.IsZero() && t.After(g.hard)) {
		return g.hard
	}
	return t
}

// moment is how long a read takes where none can do without waiting.
const moment = 2 * time.Millisecond

// readSoon reads what arrives within a moment.
func readSoon(g *guard, p []byte) (int, error) {
	g.SetReadDeadline(time.Now().Add(moment))
	defer g.SetReadDeadline(time.Time{})
	return g.Conn.Read(p)
}
