package smtp

import (
	"context"

	"mailprobe/internal/auth"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// signIn shows the credential once, by AUTH (RFC 4954).
// What the server has said unasked would be taken for the verdict.
func (s *session) signIn(ctx context.Context) error {
	if err := s.NothingSaid(); err != nil {
		return s.NoSignIn(err)
	}
	return s.SignIn(ctx, s.perform)
}

func (s *session) perform(ctx context.Context, plan probe.SignInPlan) probe.Auth {
	client, err := plan.Credential.Client(plan.Permit, plan.Attempt)
	if err != nil {
		return probe.Auth{Status: probe.AuthSkipped, Reason: err.Error(), Open: true}
	}
	s.InStep(false)
	s.lib = s.openLibrary()
	s.lib.tap.SigningIn(true)
	reply, err := s.call(ctx, func() error { return s.lib.client.Auth(auth.FitIR(settings.SMTP, client)) })
	s.lib.tap.SigningIn(false)
	s.Result.SecretSent = s.lib.tap.SecretSent()
	s.InStep(err == nil && reply != nil && !reply.Ends())
	if reply != nil && reply.Positive() && reply.Status != "235" {
		reply, err = nil, &probe.ProtocolError{Fault: probe.Malformed, Detail: reply.Text}
	}
	return probe.Outcome(reply, err, client)
}
