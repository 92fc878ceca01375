package smtp

import (
	"context"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/probe"
)

// signIn shows the credential once, by AUTH (RFC 4954).
func (s *session) signIn(ctx context.Context) error { return s.SignIn(ctx, s.perform) }

func (s *session) perform(ctx context.Context, plan probe.SignInPlan) probe.Auth {
	client, err := plan.Credential.Client(plan.Permit, plan.Attempt)
	if err != nil {
		return probe.Auth{Status: probe.AuthSkipped, Reason: err.Error()}
	}
	s.InStep(false)
	s.lib = s.openLibrary()
	s.lib.tap.SigningIn(true)
	reply, err := s.call(ctx, func() error { return s.lib.client.Auth(auth.FitLine(client, 512)) })
	s.lib.tap.SigningIn(false)
	s.Result.SecretSent = s.lib.tap.SecretSent()
	a := probe.Auth{Status: probe.Judge(reply), Reply: reply, Challenge: probe.Challenge(client)}
	switch {
	case reply != nil && reply.Status == "334":
		a.Status, a.Reply, a.Reason = probe.AuthUnknown, nil, "the exchange was broken off"
	case a.Status == probe.AuthAccepted && err != nil:
		a.Status, a.Reason = probe.AuthUnknown, err.Error()
	case reply == nil && err != nil:
		a.Reason = err.Error()
	case a.Status == probe.AuthUnknown:
		a.Reason = "the server says that it cannot judge it now"
	}
	s.InStep(reply != nil && reply.Status != "334" && reply.Status != "421" && err == nil)
	return a
}

// access asks whether the account may send as itself: MAIL FROM its own
// address, then RSET. No message is sent.
func (s *session) access(ctx context.Context) error {
	switch {
	case s.Result.Auth.Status != probe.AuthAccepted:
		return probe.Skip("not signed in")
	case !strings.Contains(s.Options().Username, "@"):
		return probe.Skip("the user name is no address to send from")
	}
	from := s.Options().Username
	s.InStep(false)
	reply, err := s.call(ctx, func() error { return s.lib.client.Mail(from, nil) })
	s.Result.AccessReply = reply
	switch {
	case err != nil:
		return err
	case reply == nil:
		return &probe.ProtocolError{Fault: probe.ClosedEarly, Detail: "MAIL FROM was not answered"}
	case !reply.Positive():
		s.InStep(reply.Status != "421")
		return &probe.ReplyError{Command: "MAIL FROM", Reply: *reply}
	}
	s.InStep(true)
	return s.Send("RSET")
}
