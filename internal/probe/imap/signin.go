package imap

import (
	"context"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"mailprobe/internal/probe"
)

// signIn shows the credential once, by AUTHENTICATE or LOGIN.
func (s *session) signIn(ctx context.Context) error {
	if s.preauth {
		return probe.Skip("the server signed us in by itself (PREAUTH)")
	}
	if s.Result.NativeLogin != "" {
		s.OnDemand(map[string]string{"LOGIN": NativeLogin})
	}
	return s.SignIn(ctx, s.perform)
}

func (s *session) perform(ctx context.Context, plan probe.SignInPlan) probe.Auth {
	run, client, err := s.mechanism(plan)
	if err != nil {
		return probe.Auth{Status: probe.AuthSkipped, Reason: err.Error()}
	}
	s.lib = s.openLibrary()
	run = s.lib.greeted(run)
	s.lib.tap.SigningIn(true)
	reply, err := s.call(ctx, run)
	s.lib.tap.SigningIn(false)
	s.Result.SecretSent = s.lib.tap.SecretSent()
	s.InStep(err == nil && reply != nil && reply.Status != "BYE")
	return probe.Outcome(reply, err, client)
}

// mechanism returns the library call that signs in, and its SASL client; nil
// for the LOGIN command.
func (s *session) mechanism(plan probe.SignInPlan) (run func() error, client sasl.Client, err error) {
	a := plan.Attempt
	if plan.Mechanism == NativeLogin {
		password, err := plan.Credential.LoginTo(plan.Permit, a.Host, a.Username)
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
	var first error
	for _, step := range s.accessSteps() {
		err := s.tryAccess(ctx, step)
		if err == nil && step.name == opening {
			s.lookForTest(ctx)
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// tryAccess runs one step. The answer to the first refused step is kept: what
// follows it is often only the closing of the connection.
func (s *session) tryAccess(ctx context.Context, step accessStep) error {
	s.InStep(false)
	reply, err := s.call(ctx, step.run)
	if kept := s.Result.AccessReply; kept == nil || kept.Positive() {
		s.Result.AccessReply = reply
	}
	if err != nil {
		return err
	}
	s.InStep(reply != nil && reply.Status != "BYE")
	if reply == nil || !reply.Positive() {
		return refusal(step.name, reply)
	}
	return nil
}

// opening is the step that decides: with it a mail program can read mail.
const opening = "EXAMINE INBOX"

type accessStep struct {
	name string
	run  func() error
}

func (s *session) accessSteps() []accessStep {
	var steps []accessStep
	client := s.lib.client
	if s.Options().IMAPID && has(s.Result.Capabilities, "ID") {
		steps = append(steps, accessStep{"ID", func() error {
			_, err := client.ID(&imap.IDData{Name: "mailprobe"}).Wait()
			return err
		}})
	}
	if has(s.Result.Capabilities, "NAMESPACE") {
		steps = append(steps, accessStep{"NAMESPACE", func() error {
			_, err := client.Namespace().Wait()
			return err
		}})
	}
	return append(steps, accessStep{opening, func() error { return examine(client) }})
}

func examine(client *imapclient.Client) error {
	_, err := client.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	return err
}

func refusal(command string, reply *probe.Reply) error {
	if reply == nil {
		return &probe.ProtocolError{Fault: probe.ClosedEarly, Detail: command + " was not answered"}
	}
	return &probe.ReplyError{Command: command, Reply: *reply}
}
