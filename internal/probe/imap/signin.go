package imap

import (
	"context"

	"github.com/emersion/go-sasl"

	"mailprobe/internal/probe"
)

// signIn shows the credential once, by AUTHENTICATE or LOGIN.
func (s *session) signIn(ctx context.Context) error {
	if s.preauth {
		return s.NoSignIn(probe.Unanswered("the server signed us in by itself (PREAUTH)"))
	}
	if s.Result.NativeLogin != "" {
		s.OnDemand(map[string]string{"LOGIN": NativeLogin})
	}
	return s.SignIn(ctx, s.perform)
}

func (s *session) perform(ctx context.Context, plan probe.SignInPlan) probe.Auth {
	run, client, err := s.mechanism(plan)
	if err != nil {
		return probe.Auth{Status: probe.AuthSkipped, Reason: err.Error(), Open: true}
	}
	s.lib = s.openLibrary()
	run = s.lib.greeted(run)
	s.lib.tap.SigningIn(true)
	reply, err := s.ask(ctx, run)
	s.lib.tap.SigningIn(false)
	s.Result.SecretSent = s.lib.tap.SecretSent()
	return probe.Outcome(reply, err, client)
}

// mechanism returns the library call that signs in, and its SASL client; nil
// for the LOGIN command.
func (s *session) mechanism(plan probe.SignInPlan) (run func() error, client sasl.Client, err error) {
	a := plan.Attempt
	if plan.Mechanism == NativeLogin {
		password, err := plan.Credential.Login(plan.Permit, a.Host, a.Username)
		return func() error { return s.lib.client.Login(a.Username, password).Wait() }, nil, err
	}
	client, err = plan.Credential.Client(plan.Permit, a)
	return func() error { return s.lib.client.Authenticate(client) }, client, err
}

// greeted lets the library take in the replayed greeting before run.
func (l *library) greeted(run func() error) func() error {
	return func() error {
		if err := l.client.WaitGreeting(); err != nil {
			return err
		}
		return run()
	}
}
