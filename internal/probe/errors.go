package probe

import (
	"errors"
	"fmt"
)

// A SkipError says that a phase does not apply, and why.
type SkipError struct {
	Reason string
	Open   bool // a question that the user asked stays open
}

func (e *SkipError) Error() string { return "skipped: " + e.Reason }

// Skip returns the error by which a phase says that it does not apply.
func Skip(reason string) error { return &SkipError{Reason: reason} }

// Unanswered is a Skip by which a question that the user asked stays open.
func Unanswered(reason string) error { return &SkipError{reason, true} }

// A ResolveError says that a name has no usable address.
type ResolveError struct {
	Host string
	Err  error // usually a *net.DNSError; nil: the answer was empty
}

func (e *ResolveError) Error() string { return fmt.Sprintf("look up %s: %v", e.Host, e.Err) }
func (e *ResolveError) Unwrap() error { return e.Err }

// A ConnectError says that no address accepted a connection. Result.Tried
// holds each attempt.
type ConnectError struct{ Err error }

func (e *ConnectError) Error() string { return e.Err.Error() }
func (e *ConnectError) Unwrap() error { return e.Err }

// A ReplyError is a server's refusal.
type ReplyError struct {
	Command string // what was asked, without arguments; empty: the greeting
	Reply   Reply
}

func (e *ReplyError) Error() string {
	if e.Command == "" {
		return fmt.Sprintf("server greets with %q", e.Reply.Text)
	}
	return fmt.Sprintf("server answers %s with %q", e.Command, e.Reply.Text)
}

// A ProtocolFault names what a server did against the protocol.
type ProtocolFault string

const (
	Malformed      ProtocolFault = "malformed"       // a line against the grammar
	TooLong        ProtocolFault = "too_long"        // a line over the limit
	TooMuch        ProtocolFault = "too_many"        // more bytes or lines than the limit
	Silent         ProtocolFault = "silent"          // nothing came in time
	ClosedEarly    ProtocolFault = "closed"          // the connection ended in the middle
	WrongProtocol  ProtocolFault = "wrong_protocol"  // another protocol answers
	Injected       ProtocolFault = "injected"        // unencrypted bytes behind the STARTTLS answer
	Unseen         ProtocolFault = "unseen"          // a sign-in was accepted before the secret was shown
	NoWayLeft      ProtocolFault = "no_way_left"     // every way to sign in was refused as a command
	EarlyAnswer    ProtocolFault = "early_response"  // an answer before the question
	Preauth        ProtocolFault = "preauth"         // PREAUTH on a cleartext connection
	NotOffered     ProtocolFault = "not_offered"     // STARTTLS is not announced
	Masked         ProtocolFault = "masked"          // the STARTTLS announcement was overwritten on the way
	SpeaksTLS      ProtocolFault = "speaks_tls"      // a STARTTLS or cleartext port that expects TLS at once
	SpeaksClear    ProtocolFault = "speaks_clear"    // an implicit-TLS port that speaks in clear
	InternalDefect ProtocolFault = "internal_defect" // a fault of this program
)

// A ProtocolError says what a server did against the protocol, and shows it.
type ProtocolError struct {
	Fault  ProtocolFault
	Detail string // the offending line or a number; escape it before output
	Speaks string // with WrongProtocol, SpeaksTLS and SpeaksClear: the protocol that answers
	Err    error
}

func (e *ProtocolError) Error() string {
	if e.Detail == "" {
		return string(e.Fault)
	}
	return fmt.Sprintf("%s: %q", e.Fault, e.Detail)
}

func (e *ProtocolError) Unwrap() error { return e.Err }

// FaultOf returns the protocol fault inside err, or "".
func FaultOf(err error) ProtocolFault {
	var p *ProtocolError
	if errors.As(err, &p) {
		return p.Fault
	}
	return ""
}
