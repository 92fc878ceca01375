package smtp

import (
	"context"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// signIn shows the credential once, by AUTH (RFC 4954).
// What the server has said unasked would be taken for the verdict.
func (s *session) signIn(ctx context.Context) error {
	if err := s.NothingSaid(); probe.FaultOf(err) == probe.EarlyAnswer {
		return s.NoSignIn(err)
	}
	return s.SignIn(ctx, s.perform)
}

func (s *session) perform(_ context.Context, plan probe.SignInPlan) probe.Auth {
	if a := s.Unasked(); a != nil {
		return *a
	}
	client, err := plan.Credential.Client(plan.Permit, plan.Attempt)
	if err != nil {
		return probe.Auth{Status: probe.AuthSkipped, Reason: err.Error(), Open: true}
	}
	client = auth.FitIR(settings.SMTP, client)
	if plan.LaterIR {
		client = auth.WithoutIR(client)
	}
	return s.Exchange(probe.Carrier{Command: "AUTH", Receive: s.receive, Ahead: func() bool { return s.Pending() > 0 }, Behind: s.behind(plan), Hear: s.hear}, client)
}

// behind is what leaves in the flight of a sign-in (RFC 4954 §4), but only where
// another service has accepted the credential: behind a refusal the server would
// log that somebody wants to send without, which programs like fail2ban count.
func (s *session) behind(plan probe.SignInPlan) []string {
	from, err := s.sender()
	if err != nil || !plan.Proven || plan.Again || plan.LaterIR || s.Options().Message != nil || !has(s.Result.Capabilities, "PIPELINING") {
		return nil
	}
	return transaction(from)
}

func (s *session) hear() error {
	line, err := s.ReadLine()
	if err == nil {
		_, err = s.rest(line)
	}
	return err
}

// receive reads a challenge or the final reply (RFC 4954 §4), to which only 235
// is a consent.
func (s *session) receive() (challenge string, final *probe.Reply, err error) {
	first, err := s.ReadLine()
	if err != nil {
		return "", nil, err
	}
	r, err := s.rest(first)
	switch {
	case err != nil:
		return "", nil, err
	case r.Status == "334":
		return strings.TrimPrefix(r.Text, "334"), nil, nil
	case r.Status == "235", !r.Positive() && r.Status[0] != '3':
		return "", &r.Reply, nil
	}
	return "", nil, &probe.ProtocolError{Fault: probe.Malformed, Detail: r.Text}
}
