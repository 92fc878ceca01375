package probe

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"
)

// A deadlineConn remembers its last deadline and reads zeros for ever.
type deadlineConn struct {
	net.Conn
	at time.Time
}

func (c *deadlineConn) SetDeadline(t time.Time) error      { c.at = t; return nil }
func (c *deadlineConn) SetReadDeadline(t time.Time) error  { c.at = t; return nil }
func (c *deadlineConn) SetWriteDeadline(t time.Time) error { c.at = t; return nil }
func (c *deadlineConn) Read(p []byte) (int, error)         { clear(p); return len(p), nil }

func TestGuardKeepsThePhasesDeadline(t *testing.T) {
	hard := time.Now().Add(time.Minute)
	rows := []struct {
		name      string
		set, want time.Time
	}{
		{"none", time.Time{}, hard},
		{"later", hard.Add(time.Hour), hard},
		{"earlier", hard.Add(-time.Second), hard.Add(-time.Second)},
	}
	setters := map[string]func(*guard, time.Time) error{
		"SetDeadline": (*guard).SetDeadline, "SetReadDeadline": (*guard).SetReadDeadline, "SetWriteDeadline": (*guard).SetWriteDeadline,
	}
	for _, row := range rows {
		for name, set := range setters {
			t.Run(name+" "+row.name, func(t *testing.T) {
				conn := new(deadlineConn)
				g := &guard{Conn: conn}
				g.begin(hard)
				set(g, row.set)
				if got := conn.at; !got.Equal(row.want) {
					t.Errorf("got  %v\nwant %v", got, row.want)
				}
			})
		}
	}
}

func TestGuardHasABudgetPerPhase(t *testing.T) {
	g := &guard{Conn: new(deadlineConn)}
	for range 2 {
		g.begin(time.Now().Add(time.Minute))
		n, err := io.Copy(io.Discard, g)
		if n != maxBytes || !errors.Is(err, errBudget) {
			t.Errorf("got  %d, %v\nwant %d, %v", n, err, maxBytes, errBudget)
		}
	}
}

func TestGuardEndsAReadAtTheDeadline(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	g := &guard{Conn: near}
	g.begin(time.Now().Add(20 * time.Millisecond))
	g.SetDeadline(time.Time{})
	if _, err := g.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got  %v\nwant %v", err, os.ErrDeadlineExceeded)
	}
}

func FuzzRecogniseKnowsNoControls(f *testing.F) {
	f.Add([]byte("* OK hello"))
	f.Add([]byte{0x16, 3, 1})
	f.Fuzz(func(t *testing.T, first []byte) {
		if isText(first) && looksLikeTLS(first) {
			t.Errorf("%q\ngot  both text and TLS", first)
		}
		if bytes.HasPrefix(first, []byte{0x16, 3}) && Recognise(first) != "" {
			t.Errorf("%q\ngot  %q\nwant nothing", first, Recognise(first))
		}
	})
}
