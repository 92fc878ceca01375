package probe

import (
	"bufio"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/settings"
)

// A Session carries one probe from a name to a closed connection. The
// protocols embed it and add their own phases.
type Session struct {
	Result *Result

	opt      Options
	phase    string
	note     string
	ends     time.Time     // when the whole run does; the zero time: never
	limit    time.Duration // of the phase, or of its present part
	deadline time.Time     // when limit is over
	waited   time.Duration // time in this phase that was spent waiting for other probes

	mu      sync.Mutex    // guards conn against abort, and hearing
	guard   *guard        // nil: not connected
	conn    net.Conn      // the guard itself, or TLS over it
	reader  *bufio.Reader // see in; nil: nothing was read yet
	secure  bool          // conn is TLS
	aborted bool
	over    chan struct{} // closed with the connection; nil: nobody waits for that
	inStep  atomic.Bool   // both sides are between commands: a QUIT makes sense
	hearing string        // the phase, if the server is waited for and nobody signs in yet
	hurried atomic.Bool   // the wait was given up

	port uint16 // that is dialled; differs from the endpoint's only by --connect-to
	race *race  // to the addresses; nil: it was not won

	behind []string     // has left behind a sign-in, and the library has yet to write it
	hear   func() error // reads an answer to that; nil: nobody need
	flight time.Time    // when that left

	commands map[string]string // to sign in by, on demand; see OnDemand

	log      transcript
	scrubber *auth.Scrubber
}

// NewSession prepares the probe of one endpoint.
func NewSession(e settings.Endpoint, opt Options) *Session {
	if opt.Credential != nil {
		if opt.Credential = opt.Credential.For(e.Host); opt.Credential == nil {
			opt.Missing = "no password was given for " + e.Host
		}
	}
	s := &Session{opt: opt, Result: &Result{Endpoint: e, Auth: Auth{Status: AuthNotTested}}}
	s.Result.Started = s.now()
	s.log.keep = opt.Transcript
	s.log.started = time.Now()
	if s.scrubber = opt.Scrubber; s.scrubber == nil {
		s.scrubber = auth.NewScrubber(opt.Credential)
	}
	return s
}

// Options returns what the probe was asked to do.
func (s *Session) Options() *Options { return &s.opt }

// Endpoint returns the setting that is probed.
func (s *Session) Endpoint() settings.Endpoint { return s.Result.Endpoint }

// Secure reports whether the connection is TLS: a handshake was completed,
// whatever the server has announced.
func (s *Session) Secure() bool { return s.secure }

func (s *Session) now() time.Time {
	if s.opt.Now != nil {
		return s.opt.Now()
	}
	return time.Now()
}

// use makes conn the connection that lines are read from and written to. What
// a former layer had buffered is forgotten with it.
func (s *Session) use(conn net.Conn, secure bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn, s.secure = conn, secure
	if s.reader != nil {
		s.reader.Reset(conn)
	}
	if s.aborted {
		conn.Close()
	}
}

// abort closes the connection under whoever waits for it.
func (s *Session) abort() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aborted = true
	s.tellOver()
	if s.guard != nil {
		s.guard.Close()
	}
}

// untilOver returns what is closed when the connection is.
func (s *Session) untilOver() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	over := make(chan struct{})
	if s.over = over; s.aborted {
		s.tellOver()
	}
	return over
}

// tellOver ends the wait of whoever waits for the end. mu is held.
func (s *Session) tellOver() {
	if s.over != nil {
		close(s.over)
		s.over = nil
	}
}

// close ends the connection. RFC 8314 §3.4 lets a client close without
// waiting for the answer to its close_notify.
func (s *Session) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tellOver()
	if s.conn == nil {
		return
	}
	if s.secure && !s.aborted {
		s.guard.Conn.SetDeadline(time.Now().Add(time.Second))
		s.conn.Close()
	}
	s.guard.Close()
}

// finish ends the connection and completes the Result.
func (s *Session) finish() {
	s.close()
	if s.race != nil {
		s.race.settle(s.tried)
	}
	s.Result.Transcript = s.log.lines(s.scrubber.ScrubLines)
	s.Result.Took = s.now().Sub(s.Result.Started)
}
