package probe

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"mailprobe/internal/tlscheck"
)

// ReadLine reads one line of the server, without its line end. The error is a
// *ProtocolError or a *tlscheck.HandshakeError (a TLS 1.3 server refuses a
// client only at its first read).
func (s *Session) ReadLine() (string, error) {
	raw, err := s.readRaw()
	if err != nil {
		return "", err
	}
	line := strings.TrimRight(string(raw), "\r\n")
	s.log.add(line, false, s.secure)
	return line, nil
}

// ReadPrivate is ReadLine for what is nobody else's business, such as a
// header of somebody's mail: the transcript shows that there was a line.
func (s *Session) ReadPrivate() (string, error) {
	raw, err := s.readRaw()
	if err != nil {
		return "", err
	}
	s.log.add("[not shown]", false, s.secure)
	return strings.TrimRight(string(raw), "\r\n"), nil
}

// readRaw reads one line with its line end. What it returns is valid until
// the next read.
func (s *Session) readRaw() ([]byte, error) {
	raw, err := s.in().ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) && s.reader.Size() < maxLine {
		s.reader = bufio.NewReaderSize(io.MultiReader(bytes.NewReader(raw), s.conn), maxLine)
		raw, err = s.reader.ReadSlice('\n')
	}
	if err == nil {
		return raw, nil
	}
	s.inStep.Store(false)
	if len(raw) > 0 && !errors.Is(err, bufio.ErrBufferFull) {
		s.log.add(string(raw), false, s.secure)
	}
	return nil, s.readError(string(raw), err)
}

// in returns the reader of the connection. It has room for the lines that are
// usual; readRaw makes more.
func (s *Session) in() *bufio.Reader {
	if s.reader == nil {
		s.reader = bufio.NewReaderSize(s.conn, usualLine)
	}
	return s.reader
}

// readError says in the protocol's terms why a line did not come.
func (s *Session) readError(got string, err error) error {
	clip := got[:min(len(got), 200)]
	fault := func(f ProtocolFault) error { return &ProtocolError{Fault: f, Detail: clip, Err: err} }
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return fault(TooLong)
	case errors.Is(err, errBudget):
		return fault(TooMuch)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, net.ErrClosed) && s.guard.overdue():
		return fault(Silent)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return fault(ClosedEarly)
	}
	if s.secure {
		if late := tlscheck.ReadFailure(s.Result.TLS, err); late != nil && late.Failure == tlscheck.Alert {
			return late
		}
	}
	return fault(ClosedEarly)
}

// Pending returns the number of bytes that the server has sent and nobody has
// read, as far as they have arrived: in the buffers of this program or in the
// system's. TLS messages that carry no data, such as session tickets, do not
// count. What is still on its way cannot be seen.
func (s *Session) Pending() int {
	for s.in().Buffered() < s.in().Size() && s.arrived() {
	}
	return s.in().Buffered()
}

// arrived takes in what is there without waiting for it, and reports whether
// anything was. An error that ends the connection comes again with the next
// read.
func (s *Session) arrived() bool {
	if s.guard == nil {
		return false
	}
	s.guard.now.Store(true)
	defer s.guard.now.Store(false)
	had := s.in().Buffered()
	s.in().Peek(had + 1)
	return s.in().Buffered() > had
}

// Peek returns up to n bytes that are there without waiting for more.
func (s *Session) Peek(n int) []byte {
	p, _ := s.in().Peek(min(n, s.Pending()))
	return p
}

// Send writes one line. Never call it with a secret: see Handoff and
// SendSecret.
func (s *Session) Send(line string) error {
	s.log.add(line, true, s.secure)
	return s.write(line + "\r\n")
}

// SendSecret writes one line of which the transcript shows only shown.
func (s *Session) SendSecret(line, shown string) error {
	s.log.add(shown, true, s.secure)
	s.Result.SecretSent = true
	return s.write(line + "\r\n")
}

func (s *Session) write(data string) error {
	if _, err := io.WriteString(s.conn, data); err != nil {
		s.inStep.Store(false)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return &ProtocolError{Fault: Silent, Err: err}
		}
		return &ProtocolError{Fault: ClosedEarly, Err: fmt.Errorf("send: %w", err)}
	}
	return nil
}

// InStep says that both sides are between commands, so that taking leave by
// QUIT or LOGOUT makes sense even after a failure.
func (s *Session) InStep(yes bool) { s.inStep.Store(yes) }

// Reads bounds the lines of one reply.
type Reads struct{ left int }

// NewReads allows maxLines lines.
func NewReads() *Reads { return &Reads{maxLines} }

// Next counts one line; the error is a *ProtocolError with Fault TooMuch.
func (r *Reads) Next() error {
	if r.left--; r.left < 0 {
		return &ProtocolError{Fault: TooMuch, Detail: fmt.Sprintf("more than %d lines in one answer", maxLines)}
	}
	return nil
}

// waitUntil sets an earlier deadline for the next reads; the zero time gives
// back the phase's own.
func (s *Session) waitUntil(t time.Time) { s.guard.SetReadDeadline(t) }

// Leave takes leave by command without waiting for the answer (RFC 8314
// §3.4). That the server was quicker to hang up is no fault of it.
func (s *Session) Leave(command string) error {
	if s.Send(command) != nil {
		return Skip("the server had hung up already")
	}
	return nil
}
