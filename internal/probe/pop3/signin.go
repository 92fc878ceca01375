package pop3

import (
	"context"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// NativeLogin is the name under which USER and PASS (RFC 1939 §7) are
// reported as a way to sign in.
const NativeLogin = "USER/PASS"

// signIn shows the credential once, by AUTH or by USER and PASS; on demand by
// APOP. What the server has said unasked would be taken for the verdict.
func (s *session) signIn(ctx context.Context) error {
	if err := s.NothingSaid(); probe.FaultOf(err) == probe.EarlyAnswer {
		return s.NoSignIn(err)
	}
	s.OnDemand(s.commands())
	s.awaitTest(ctx)
	return s.SignIn(ctx, s.perform)
}

func (s *session) perform(_ context.Context, plan probe.SignInPlan) probe.Auth {
	if a := s.Unasked(); a != nil {
		return *a
	}
	switch plan.Mechanism {
	case NativeLogin:
		return s.userPass(plan)
	case APOP:
		return s.apop(plan)
	}
	client, err := plan.Credential.Client(plan.Permit, plan.Attempt)
	if err != nil {
		return notShown(err)
	}
	client = auth.FitIR(settings.POP3, client)
	if plan.LaterIR {
		client = auth.WithoutIR(client)
	}
	return s.Exchange(probe.Carrier{Command: "AUTH", Receive: s.receive, Ahead: func() bool { return s.Pending() > 0 }, Behind: s.behind(plan), Hear: s.hear}, client)
}

// behind is what leaves in the flight of a sign-in (RFC 2449 §6.6): the library's
// first command.
func (s *session) behind(plan probe.SignInPlan) []string {
	if plan.Again || plan.LaterIR || !has(s.Result.Capabilities, "PIPELINING") {
		return nil
	}
	return []string{"STAT"}
}

func (s *session) hear() error { _, err := s.answer(); return err }

func notShown(err error) probe.Auth {
	return probe.Auth{Status: probe.AuthSkipped, Reason: err.Error(), Open: true}
}

// outcome judges the final reply; with an error there is none. named says
// whether the user name was sent, shown whether the password was.
func (s *session) outcome(reply probe.Reply, err error, named, shown bool) probe.Auth {
	final := &reply
	if err != nil {
		final = nil
	}
	s.InStep(err == nil)
	a := probe.Outcome(final, err, nil, shown)
	a.Begun = named
	return a
}

// userPass signs in by USER and PASS (RFC 1939 §7), in one flight where the
// server allows that (RFC 2449 §6.6). A refused user name is the verdict.
func (s *session) userPass(plan probe.SignInPlan) probe.Auth {
	password, err := plan.Credential.Login(plan.Permit, plan.Attempt.Host, plan.Attempt.Username)
	if err != nil {
		return notShown(err)
	}
	user, pass := "USER "+plan.Attempt.Username, "PASS "+password
	if has(s.Result.Capabilities, "PIPELINING") {
		reply, err := s.pipelined(user, pass, s.behind(plan))
		return s.outcome(reply, err, true, true)
	}
	reply, err := s.command(user)
	if err == nil && reply.Positive() {
		err = s.NothingSaid() // or what is there would be taken for the verdict
	}
	if err != nil || !reply.Positive() {
		return s.outcome(reply, err, true, false)
	}
	if err := s.SendSecret(pass, "PASS [redacted]"); err != nil {
		return s.outcome(reply, err, true, false)
	}
	reply, err = s.answer()
	return s.outcome(reply, err, true, true)
}

func (s *session) pipelined(user, pass string, behind []string) (probe.Reply, error) {
	if err := s.Send(user); err != nil {
		return probe.Reply{}, err
	}
	if err := s.SendSecret(pass, "PASS [redacted]"); err != nil {
		return probe.Reply{}, err
	}
	if err := s.SendBehind(behind, s.hear); err != nil {
		return probe.Reply{}, err
	}
	named, err := s.answer()
	if err != nil {
		return probe.Reply{}, err
	}
	reply, err := s.answer()
	if !named.Positive() {
		return named, nil
	}
	return reply, err
}

// receive reads one line of a SASL exchange (RFC 5034 §4): a challenge or the
// final reply. The client library can do only the one-line form.
func (s *session) receive() (challenge string, final *probe.Reply, err error) {
	line, err := s.ReadLine()
	if err != nil {
		return "", nil, err
	}
	if text, ok := strings.CutPrefix(line+" ", "+ "); ok {
		return text, nil, nil
	}
	reply, ok := parse(line)
	if !ok {
		return "", nil, &probe.ProtocolError{Fault: probe.Malformed, Detail: line}
	}
	return "", &reply, nil
}

// APOP is the command that shows a digest of the password (RFC 1939 §7). It
// is taken only on demand: it makes the server keep the password in clear.
const APOP = "APOP"

// commands are the ways to sign in beside SASL that a user may demand here.
func (s *session) commands() map[string]string {
	all := map[string]string{}
	if s.Result.NativeLogin != "" {
		all["USER"] = NativeLogin
	}
	if auth.APOPTimestamp(s.Result.Greeting) != "" {
		all[APOP] = APOP
	}
	return all
}

// apop signs in by APOP.
func (s *session) apop(plan probe.SignInPlan) probe.Auth {
	digest, err := plan.Credential.APOP(plan.Permit, plan.Attempt, auth.APOPTimestamp(s.Result.Greeting))
	if err != nil {
		return notShown(err)
	}
	line := APOP + " " + plan.Attempt.Username + " "
	if err := s.SendSecret(line+digest, line+"[redacted]"); err != nil {
		return s.outcome(probe.Reply{}, err, true, false)
	}
	reply, err := s.answer()
	return s.outcome(reply, err, true, true)
}
