package probe

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// A textConn is a connection on which all has come that will.
type textConn struct {
	net.Conn
	text io.Reader
}

func (c textConn) Read(p []byte) (int, error) { return c.text.Read(p) }

// TestReadLineMakesRoom reads lines around the size of each buffer, between
// short ones, whether they come in one piece or in many.
func TestReadLineMakesRoom(t *testing.T) {
	for _, size := range []int{0, usualLine - 1, usualLine, usualLine + 1, 3*usualLine + 7, maxLine - 1, maxLine, maxLine + 1} {
		want := []string{"before", strings.Repeat("x", max(size-len("\r\n"), 0)), "after", "end"}
		text := strings.Join(want, "\r\n") + "\r\n"
		for name, from := range map[string]io.Reader{"at once": strings.NewReader(text), "in halves": iotest.HalfReader(strings.NewReader(text))} {
			s := new(Session)
			s.use(textConn{text: from}, false)
			for _, want := range want {
				got, err := s.ReadLine()
				if size > maxLine && strings.HasPrefix(want, "x") {
					if FaultOf(err) != TooLong {
						t.Errorf("%d bytes %s: got  %v\nwant %s", size, name, err, TooLong)
					}
					break
				}
				if got != want || err != nil {
					t.Errorf("%d bytes %s: got  %d bytes, %v\nwant %d", size, name, len(got), err, len(want))
				}
			}
		}
	}
}

// TestPendingIsNothingBeforeTheFirstRead: a new layer starts empty, whatever
// was buffered below it.
func TestPendingIsNothingBeforeTheFirstRead(t *testing.T) {
	s := new(Session)
	s.use(textConn{text: strings.NewReader("a\r\nb\r\n")}, false)
	if line, err := s.ReadLine(); line != "a" || err != nil || s.Pending() == 0 {
		t.Fatalf("got  %q, %v, %d pending", line, err, s.Pending())
	}
	s.use(textConn{text: strings.NewReader("c\r\n")}, true)
	if got := s.Pending(); got != 0 {
		t.Errorf("got  %d pending\nwant 0", got)
	}
	if line, err := s.ReadLine(); line != "c" || err != nil {
		t.Errorf("got  %q, %v\nwant c", line, err)
	}
	if _, err := s.ReadLine(); !errors.Is(err, io.EOF) {
		t.Errorf("got  %v\nwant the end", err)
	}
}

// TestPendingWaitsForNothing looks at what has arrived, over a connection that
// the system can be asked about and over one where only waiting tells. A look
// in vain spoils nothing.
func TestPendingWaitsForNothing(t *testing.T) {
	client, server := net.Pipe()
	defer server.Close()
	for name, pair := range map[string][2]net.Conn{"TCP": tcpPair(t), "a pipe": {client, server}} {
		s := new(Session)
		s.guard = &guard{Conn: pair[0]}
		s.guard.begin(time.Now().Add(time.Minute))
		s.use(s.guard, false)
		if got := s.Pending(); got != 0 {
			t.Errorf("%s: got  %d pending\nwant 0", name, got)
		}
		go io.WriteString(pair[1], "a\r\n")
		if line, err := s.ReadLine(); line != "a" || err != nil {
			t.Errorf("%s: got  %q, %v\nwant a", name, line, err)
		}
	}
}

// tcpPair returns both ends of a connection.
func tcpPair(t *testing.T) [2]net.Conn {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	return [2]net.Conn{client, server}
}
