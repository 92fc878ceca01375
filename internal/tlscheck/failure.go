package tlscheck

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

const recordAlert = 21 // RFC 8446 §5.1

// ReadFailure classifies the error of the first read or write after a
// completed handshake. Under TLS 1.3 a server that demands a client
// certificate refuses only then. It returns nil if err is nil or is no
// failure of TLS or of the connection.
func ReadFailure(s *State, err error) *HandshakeError {
	if err == nil {
		return nil
	}
	e := &HandshakeError{FirstUse: true, Err: err}
	if s != nil {
		e.ServerName, e.CertAsked, e.Chain = s.ServerName, s.CertAsked, s.Chain
		e.Got, e.Sent = s.Got, s.Sent
	}
	e.classify(nil)
	if e.Failure == Other {
		return nil
	}
	return e
}

// classify fills in Failure, Alert and Local from Err. sent is the last
// unencrypted alert that this side wrote.
func (e *HandshakeError) classify(sent []byte) {
	var record tls.RecordHeaderError
	var timeout net.Error
	switch code, local, ok := alertOf(e.Err); {
	case errors.Is(e.Err, context.Canceled):
		e.Failure = Canceled
	case ok:
		e.Failure, e.Alert, e.Local = Alert, code, local
	case errors.As(e.Err, &record):
		e.Failure = Plaintext
	case errors.Is(e.Err, context.DeadlineExceeded), errors.Is(e.Err, os.ErrDeadlineExceeded),
		errors.As(e.Err, &timeout) && timeout.Timeout():
		e.Failure = e.cutShort(Timeout)
	case wasReset(e.Err):
		e.Failure = e.cutShort(Reset)
	case errors.Is(e.Err, io.EOF), errors.Is(e.Err, io.ErrUnexpectedEOF), errors.Is(e.Err, io.ErrClosedPipe), errors.Is(e.Err, net.ErrClosed):
		e.Failure = e.cutShort(Closed)
	case len(sent) == 2:
		e.Failure, e.Alert, e.Local = Alert, sent[1], true
	default:
		e.Failure = Other
	}
}

// cutShort returns how, or Plaintext if the bytes so far are no TLS record:
// crypto/tls looks only once it has five of them.
func (e *HandshakeError) cutShort(how Failure) Failure {
	const firstType, lastType = 20, 23
	if len(e.First) > 0 && (e.First[0] < firstType || e.First[0] > lastType) {
		return Plaintext
	}
	return how
}

// wasReset reports whether the connection was broken off. Windows has
// numbers of its own for it.
func wasReset(err error) bool {
	const wsaConnAborted, wsaConnReset = syscall.Errno(10053), syscall.Errno(10054)
	for _, number := range []syscall.Errno{syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED, wsaConnAborted, wsaConnReset} {
		if errors.Is(err, number) {
			return true
		}
	}
	return false
}

// alertOf recovers the code of the alert inside err. The type that
// crypto/tls wraps on TCP is not exported, but its text is one to one with
// that of tls.AlertError, also for codes without a name.
func alertOf(err error) (code uint8, local, ok bool) {
	var op *net.OpError
	if !errors.As(err, &op) || op.Err == nil || (op.Op != "remote error" && op.Op != "local error") {
		return 0, false, false
	}
	for i := range 256 {
		if tls.AlertError(i).Error() == op.Err.Error() {
			return uint8(i), op.Op == "local error", true
		}
	}
	return 0, false, false
}
