package probe

import (
	"errors"

	"github.com/emersion/go-sasl"

	"mailprobe/internal/auth"
)

// skipped is the outcome of a sign-in that err kept from being tried.
func skipped(err error) Auth {
	var skip *SkipError
	if errors.As(err, &skip) {
		return Auth{Status: AuthSkipped, Reason: skip.Reason, Open: skip.Open}
	}
	return Auth{Status: AuthSkipped, Reason: err.Error(), Open: true}
}

// failure is the error with which the sign-in phase ends, or nil.
func (a Auth) failure() error {
	switch {
	case a.Status == AuthAccepted:
		return nil
	case a.Reply != nil && a.Cause == nil:
		return &ReplyError{Command: a.Mechanism, Reply: *a.Reply}
	}
	return &AuthError{Auth: a}
}

// An AuthError says that a sign-in ended without the server's verdict.
type AuthError struct{ Auth Auth }

func (e *AuthError) Error() string {
	return "the server did not judge the sign-in: " + e.Auth.Reason
}

func (e *AuthError) Unwrap() error { return e.Auth.Cause }

// judge returns the outcome that a server's final reply to a sign-in stands
// for. A temporary refusal and a farewell did not judge the credential.
func judge(r *Reply) AuthStatus {
	switch {
	case r == nil || r.Temporary() || r.Ends():
		return AuthUnknown
	case r.Positive():
		return AuthAccepted
	}
	return AuthRejected
}

// Outcome returns what a sign-in comes to: reply is the server's final answer
// (nil: none came), err why the exchange ended otherwise, client the SASL
// client (nil: there was none), and shown whether the secret or the proof of
// it was sent. A consent counts only if it was, nothing else went wrong, and
// the server has proved what the mechanism lets it prove; otherwise it is no
// verdict.
func Outcome(reply *Reply, err error, client sasl.Client, shown bool) Auth {
	a := Auth{Status: judge(reply), Reply: reply, Cause: err, Sent: shown}
	if client != nil {
		a.Challenge = string(auth.Challenge(client))
	}
	if a.Status == AuthAccepted && err == nil {
		a.Cause = unproved(reply, client, shown)
	}
	err = a.Cause
	switch {
	case a.Status == AuthAccepted && err != nil:
		a.Status, a.Reply, a.Reason = AuthUnknown, nil, err.Error()
	case a.Status == AuthUnknown && reply != nil && reply.Ends():
		a.Reason = "the server ended the conversation without a verdict"
	case a.Status == AuthUnknown && reply != nil:
		a.Reason = "the server says that it cannot judge it now"
	case a.Status == AuthUnknown && err != nil:
		a.Reason = err.Error()
	}
	return a
}

// unproved says why a consent does not count, or nil.
func unproved(consent *Reply, client sasl.Client, shown bool) error {
	if !shown {
		return &ProtocolError{Fault: Unseen, Detail: consent.Text}
	}
	if code := consent.contradiction(); code != "" {
		return &auth.ExchangeError{Detail: "its consent carries a refusal's code, " + code}
	}
	if client == nil {
		return nil
	}
	return auth.Confirm(client)
}
