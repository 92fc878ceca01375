package smtp

import (
	"context"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
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
	reply, err := s.call(ctx, func() error { return s.lib.client.Auth(auth.FitIR(settings.SMTP, client)) })
	s.lib.tap.SigningIn(false)
	s.Result.SecretSent = s.lib.tap.SecretSent()
	if reply != nil && reply.Status == "334" {
		reply = nil
	}
	s.InStep(err == nil && reply != nil && reply.Status != "421")
	return probe.Outcome(reply, err, client)
}

// access asks whether the account may send as itself: MAIL FROM its own
// address, then RSET. No message is sent unless a test message is asked for.
func (s *session) access(ctx context.Context) error {
	from, m := s.Options().Username, s.Options().Message
	switch {
	case s.Result.Auth.Status != probe.AuthAccepted:
		return probe.Skip("not signed in")
	case m != nil:
		return s.sendTest(ctx, m)
	case !strings.Contains(from, "@"):
		return probe.Skip("the user name is no address to send from")
	}
	if err := s.mayMail(ctx, from); err != nil {
		return err
	}
	return s.Send("RSET")
}
