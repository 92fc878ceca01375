package smtp

import (
	"context"
	"net/mail"
	"strings"
	"unicode"

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

// isAddress reports whether a user name can stand in MAIL FROM as it is (RFC
// 5321 §4.1.2). One that would have to be quoted or needs SMTPUTF8 (RFC 6531)
// is left out: a refusal would say nothing of the account.
func isAddress(username string) bool {
	a, err := mail.ParseAddress("<" + username + ">")
	return err == nil && a.Address == username && !strings.ContainsFunc(username, func(r rune) bool { return r > unicode.MaxASCII })
}

// access asks whether the account may send as itself: MAIL FROM its own
// address. No message is sent unless a test message is asked for; QUIT drops
// the transaction (RFC 5321 §4.1.1.10). An RSET before it would make Exim and
// Sendmail log a failed write, because nobody waits for two answers.
func (s *session) access(ctx context.Context) error {
	from, m := s.Options().Username, s.Options().Message
	switch {
	case s.Result.Auth.Status != probe.AuthAccepted:
		return probe.Skip("not signed in")
	case m != nil:
		return s.sendTest(ctx, m)
	case !isAddress(from):
		return probe.Skip("the user name is no address to send from")
	}
	return s.mayMail(ctx, from)
}
