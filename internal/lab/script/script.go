// Package script is a server on loopback that speaks a dialogue written down
// by a test, in the notation of the RFCs:
//
//	S: * OK hello
//	C: * CAPABILITY
//	S: * CAPABILITY IMAP4rev1 STARTTLS
//	S: $tag OK done
//	C: * STARTTLS
//	S: $tag OK go ahead
//	TLS
//	C: * LOGOUT
//	close
//
// The words of a script, one to a line:
//
//	S: TEXT       sends TEXT and CRLF; $tag is the first word of the client's last line of more than one, $TAG in capitals
//	S-raw: TEXT   sends TEXT with Go's escapes, and $tag, and nothing else, in one write
//	S-records:    the same with a TLS record for each part between |, all in one write
//	C: PREFIX     waits for a line that begins so, in any case; a first word * stands for any word
//	TLS           makes the handshake as server, unless the client closes without a word
//	pause TIME    waits, as in "pause 50ms"
//	silence       says nothing until the client closes
//	close         closes the connection, both ways
//	reset         resets the connection
//
// After its last line the server sends its end and reads on until the client
// closes. A line that is not the expected one ends the dialogue and fails the
// test.
package script

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"mailprobe/internal/lab/pki"
)

// TB is the part of testing.TB that a Server needs.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// A Server speaks its script with every client that connects. Its methods are
// safe for concurrent use.
type Server struct {
	tb       TB
	steps    []step
	options  Options
	listener net.Listener
	tasks    sync.WaitGroup
	once     sync.Once
	done     chan struct{} // closed by Close

	mu       sync.Mutex
	closed   bool
	dialogue []*dialogue
	silence  map[string]chan struct{} // by the client's address
}

// Options say how a Server is seen. The zero value is a server for
// "localhost" with an authority of its own.
type Options struct {
	CA   *pki.CA         // nil: a new one
	Leaf pki.LeafOptions // no names: "localhost"
}

// Start listens on a port of 127.0.0.1 and speaks the script text there until
// the test ends. A script that cannot be read is fatal to the test. When the
// test ends, every difference from the script is an error of the test.
func Start(tb TB, o Options, text string) *Server {
	tb.Helper()
	steps, err := parse(text)
	if err != nil {
		tb.Fatalf("script: %v", err)
	}
	if o.CA == nil {
		if o.CA, err = pki.NewCA("script"); err != nil {
			tb.Fatalf("script: %v", err)
		}
	}
	if len(o.Leaf.Names) == 0 {
		o.Leaf.Names = []string{"localhost"}
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("script: %v", err)
	}
	s := &Server{tb: tb, steps: steps, options: o, listener: listener, done: make(chan struct{})}
	s.tasks.Go(s.accept)
	tb.Cleanup(s.Close)
	return s
}

// Address returns "127.0.0.1:port".
func (s *Server) Address() string { return s.listener.Addr().String() }

// Port returns the port of 127.0.0.1 on which the server listens.
func (s *Server) Port() uint16 { return uint16(s.listener.Addr().(*net.TCPAddr).Port) }

// CA returns the authority that vouches for the server.
func (s *Server) CA() *pki.CA { return s.options.CA }

// Close waits for the clients to close, for a moment, ends all dialogues and
// reports to the test what was not as written. After it, Received holds every
// byte that a client has sent and closed upon. It may be called more than
// once; the test's end calls it too.
func (s *Server) Close() {
	s.tb.Helper()
	s.once.Do(func() {
		close(s.done)
		s.listener.Close()
		s.mu.Lock()
		s.closed = true
		for _, d := range s.dialogue {
			d.conn.SetDeadline(time.Now().Add(grace))
		}
		s.mu.Unlock()
		s.tasks.Wait()
		for i, d := range s.dialogue {
			if d.err != nil {
				s.tb.Errorf("script, connection %d: %v", i+1, d.err)
			}
		}
	})
}

// Connections returns how many clients have connected so far.
func (s *Server) Connections() int { return len(s.dialogues()) }

// Received returns every byte that clients have sent so far, inside TLS as
// plain text, connection by connection.
func (s *Server) Received() string {
	var b strings.Builder
	for _, d := range s.dialogues() {
		b.WriteString(d.received())
	}
	return b.String()
}

// Lines returns what clients have sent so far as lines without CRLF.
func (s *Server) Lines() []string {
	text := strings.TrimSuffix(s.Received(), "\r\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\r\n")
}

func (s *Server) dialogues() []*dialogue {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*dialogue(nil), s.dialogue...)
}

// maxDialogues bounds the clients of one server.
const maxDialogues = 1000

func (s *Server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		d := &dialogue{server: s, conn: conn}
		if !s.add(d) {
			conn.Close()
			continue
		}
		s.tasks.Go(d.run)
	}
}

func (s *Server) add(d *dialogue) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.dialogue) >= maxDialogues {
		return false
	}
	d.conn.SetDeadline(time.Now().Add(patience))
	s.dialogue = append(s.dialogue, d)
	return true
}

// A mismatch is a difference between a dialogue and its script.
type mismatch struct {
	step step
	got  string
}

func (m *mismatch) Error() string {
	return fmt.Sprintf("line %d\ngot  %s\nwant %s %s", m.step.number, m.got, m.step.action, m.step.text)
}
