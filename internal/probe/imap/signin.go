package imap

import (
	"context"

	"github.com/emersion/go-imap/v2"
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

// access opens the mailbox for reading only: Exchange and NetEase accept a
// sign-in and refuse here.
func (s *session) access(ctx context.Context) error {
	if s.Result.Auth.Status != probe.AuthAccepted {
		return probe.Skip("not signed in")
	}
	if s.Options().IMAPID && has(s.Result.Capabilities, "ID") {
		if _, err := s.ask(ctx, s.sendID); err != nil {
			return err
		}
	}
	reply, err := s.ask(ctx, s.examine)
	s.Result.AccessReply = s.Scrubbed(reply)
	switch {
	case reply != nil && !reply.Positive() && !reply.Ends():
		return &probe.ReplyError{Command: opening, Reply: *reply}
	case err != nil:
		return err
	case reply == nil || reply.Ends():
		return &probe.ProtocolError{Fault: probe.ClosedEarly, Detail: opening + " was not answered"}
	}
	s.lookForTest(ctx)
	return nil
}

// opening is the command that decides: with it a mail program can read mail.
const opening = "EXAMINE INBOX"

// ask runs one command and notes whether both sides are in step after it.
func (s *session) ask(ctx context.Context, run func() error) (*probe.Reply, error) {
	s.InStep(false)
	reply, err := s.call(ctx, run)
	s.InStep(err == nil && reply != nil && !reply.Ends())
	return reply, err
}

// sendID names this program (RFC 2971): some providers open no mailbox to a
// nameless one.
func (s *session) sendID() error {
	_, err := s.lib.client.ID(&imap.IDData{Name: "mailprobe"}).Wait()
	return err
}

func (s *session) examine() error {
	_, err := s.lib.client.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	return err
}
