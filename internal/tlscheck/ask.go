package tlscheck

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"mailprobe/internal/tlscheck/rawhello"
)

// helloTime bounds one hello. Servers that answer at all do so at once: what
// comes later was lost and sent again.
const helloTime = 2 * time.Second

// An asker sends single hellos, each on its own connection.
type asker struct {
	ctx   context.Context
	dial  Dial
	left  int           // how many hellos may be sent
	asked int           // how many were
	took  time.Duration // how long the last answer took from the connection on, or was waited for
}

var errNoneLeft = errors.New("enough hellos were sent")

// A dialError says that there was no connection to ask on.
type dialError struct{ err error }

func (e *dialError) Error() string { return e.err.Error() }
func (e *dialError) Unwrap() error { return e.err }

func (a *asker) ask(h rawhello.Hello) (rawhello.Answer, error) {
	if a.left == 0 {
		return rawhello.Answer{}, errNoneLeft
	}
	a.left--
	a.asked++
	hello, err := h.Marshal()
	if err != nil {
		return rawhello.Answer{}, err
	}
	conn, err := a.connect()
	if err != nil {
		return rawhello.Answer{}, &dialError{err}
	}
	defer conn.Close()
	ctx, cancel := a.turn()
	defer cancel()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	began := time.Now()
	answer, err := exchange(conn, hello)
	a.took = time.Since(began)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err() // the connection was closed for it
	}
	return answer, err
}

// connect makes a connection of its own for a hello, in time.
func (a *asker) connect() (net.Conn, error) {
	ctx, cancel := a.turn()
	defer cancel()
	return a.dial(ctx)
}

// turn bounds the connection for a hello, and the wait for its answer: there
// must be time for another.
func (a *asker) turn() (context.Context, context.CancelFunc) {
	limit := helloTime
	if ends, ok := a.ctx.Deadline(); ok {
		limit = min(limit, time.Until(ends)/2)
	}
	return context.WithTimeout(a.ctx, limit)
}

func exchange(conn net.Conn, hello []byte) (rawhello.Answer, error) {
	if _, err := conn.Write(hello); err != nil {
		return rawhello.Answer{}, err
	}
	return rawhello.Read(conn)
}

// hungUp reports whether a server ended the connection without an alert,
// which some do instead of one.
func hungUp(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || wasReset(err)
}
