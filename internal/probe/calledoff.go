package probe

import (
	"mailprobe/internal/auth"
	"strings"
)

// ignore calls off an exchange whose first message the server has not read on
// the command's line. A server that does not end it then lets nobody in.
func (x *exchange) ignore() error {
	ignored := &ignoredIR{mechanism: x.name}
	x.cancelFor(ignored)
	switch {
	case x.called == nil && x.onward:
		return x.violation("it asks for what stood on the command's line, and goes on asking when it is called off")
	case x.called != nil && x.called.Positive():
		return x.violation("it agrees to a sign-in that was called off")
	}
	ignored.judged = x.called == nil || !x.called.cancelled()
	return ignored
}

// An ignoredIR says that the server asks for the message that it was given on
// the command's line.
type ignoredIR struct {
	mechanism string
	judged    bool // it may have judged what stood on the line: its reply to the cancellation does not agree to that, or none came
}

func (e *ignoredIR) Error() string {
	return e.mechanism + ": the server asks for what stood on the command's line already"
}

// cancel calls the exchange off because of what the server does against the
// rules.
func (x *exchange) cancel(detail string) error {
	return x.cancelFor(x.violation(detail))
}

func (x *exchange) violation(detail string) error {
	return &auth.ExchangeError{Mechanism: x.name, Detail: detail}
}

// cancelFor calls the exchange off (RFC 4422 §3.5). What the server answers to
// that is no verdict on the credential.
func (x *exchange) cancelFor(cause error) error {
	if x.SentBehind() {
		x.behind = x.behind[1:] // it stood where the server wants the answer
	} else if x.Send("*") != nil {
		return cause
	}
	x.Briefly(x.hearOut)
	return cause
}

// hearOut reads to the server's final reply.
func (x *exchange) hearOut() {
	for range maxChallenges {
		_, final, err := x.carrier.Receive()
		if err != nil || final != nil {
			x.called = final
			x.over = err == nil && !ends(final) && !final.Positive() // to a consent nothing is added
			return
		}
		x.onward = true
	}
}

// cancelled reports whether a reply agrees that a sign-in was called off: 501
// (RFC 4954 §4), BAD (RFC 9051 §6.2.2), or -ERR without a code that speaks of
// the credential (RFC 3206 §4). Any other may judge what was sent before.
func (r *Reply) cancelled() bool {
	switch {
	case strings.HasPrefix(r.Status, "50"), r.Status == "BAD":
		return true
	case r.Status == "-ERR":
		return !strings.EqualFold(r.Code, "AUTH")
	}
	return false
}
