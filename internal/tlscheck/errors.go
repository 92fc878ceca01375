package tlscheck

import (
	"crypto/x509"
	"fmt"
)

// A Failure says how a handshake ended.
type Failure string

const (
	Plaintext Failure = "plaintext" // the peer does not speak TLS: see First
	Alert     Failure = "alert"     // the peer or this side sent a TLS alert
	Closed    Failure = "closed"    // the peer closed the connection
	Reset     Failure = "reset"
	Timeout   Failure = "timeout"
	Canceled  Failure = "canceled" // this side gave up, on request
	Other     Failure = "other"
)

// A HandshakeError says why no TLS session came about, or why it ended at
// its first use.
type HandshakeError struct {
	Failure    Failure
	Alert      uint8  // with Failure Alert: RFC 8446 §6
	Local      bool   // with Failure Alert: this side sent it
	First      []byte // the first bytes that the peer sent, at most 512
	Got        int    // bytes received
	Sent       int    // bytes sent
	ServerName string
	CertAsked  bool                // the server asked for a client certificate
	FirstUse   bool                // the handshake was completed; the first read failed (see ReadFailure)
	Chain      []*x509.Certificate // sent, but the peer has not proved that it holds the key
	Explained  *Explanation        // what Explain found, if the caller asked it; nil: not asked
	Err        error
}

func (e *HandshakeError) Error() string { return fmt.Sprintf("TLS handshake: %v", e.Err) }

func (e *HandshakeError) Unwrap() error { return e.Err }
