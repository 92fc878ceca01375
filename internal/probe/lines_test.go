package probe

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
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
