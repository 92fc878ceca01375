package pop3

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/emersion/go-sasl"

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
	if err := s.NothingSaid(); err != nil {
		return s.NoSignIn(err)
	}
	s.OnDemand(s.commands())
	s.awaitTest(ctx)
	return s.SignIn(ctx, s.perform)
}

func (s *session) perform(ctx context.Context, plan probe.SignInPlan) probe.Auth {
	s.InStep(false)
	switch plan.Mechanism {
	case NativeLogin:
		reply, err := s.userPass(plan)
		return s.outcome(reply, err, nil)
	case APOP:
		reply, err := s.apop(plan)
		return s.outcome(reply, err, nil)
	}
	client, err := plan.Credential.Client(plan.Permit, plan.Attempt)
	if err != nil {
		return probe.Auth{Status: probe.AuthSkipped, Reason: err.Error(), Open: true}
	}
	reply, err := s.authenticate(auth.FitIR(settings.POP3, client))
	return s.outcome(reply, err, client)
}

// outcome judges the final reply; with an error there is none.
func (s *session) outcome(reply probe.Reply, err error, client sasl.Client) probe.Auth {
	if err != nil {
		return probe.Outcome(nil, err, client)
	}
	s.InStep(true)
	return probe.Outcome(&reply, nil, client)
}

// userPass signs in by USER and PASS (RFC 1939 §7), in one flight where the
// server allows that (RFC 2449 §6.6). A refused user name is the verdict.
func (s *session) userPass(plan probe.SignInPlan) (probe.Reply, error) {
	password, err := plan.Credential.Login(plan.Permit, plan.Attempt.Host, plan.Attempt.Username)
	if err != nil {
		return probe.Reply{}, err
	}
	user, pass := "USER "+plan.Attempt.Username, "PASS "+password
	if has(s.Result.Capabilities, "PIPELINING") {
		return s.pipelined(user, pass)
	}
	reply, err := s.command(user)
	if err != nil || !reply.Positive() {
		return reply, err
	}
	if err := s.SendSecret(pass, "PASS [redacted]"); err != nil {
		return probe.Reply{}, err
	}
	return s.answer()
}

func (s *session) pipelined(user, pass string) (probe.Reply, error) {
	if err := s.Send(user); err != nil {
		return probe.Reply{}, err
	}
	if err := s.SendSecret(pass, "PASS [redacted]"); err != nil {
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

// authenticate runs a SASL exchange (RFC 5034 §4). The client library can do
// only the one-line form, so the loop stands here.
func (s *session) authenticate(client sasl.Client) (probe.Reply, error) {
	name, first, err := client.Start()
	if err != nil {
		return probe.Reply{}, err
	}
	line := "AUTH " + name
	if first != nil {
		err = s.SendSecret(line+" "+encode(first), line+" [redacted]")
	} else {
		err = s.Send(line)
	}
	for reads := probe.NewReads(); err == nil; err = reads.Next() {
		challenge, reply, final, err := s.challenge()
		if err != nil || final {
			return reply, err
		}
		response, err := client.Next(challenge)
		if err != nil {
			return s.cancel(err)
		}
		if err := s.SendSecret(base64.StdEncoding.EncodeToString(response), "[redacted]"); err != nil {
			return probe.Reply{}, err
		}
	}
	return probe.Reply{}, err
}

// challenge reads one line of a SASL exchange: a challenge or the final reply.
func (s *session) challenge() (challenge []byte, reply probe.Reply, final bool, err error) {
	line, err := s.ReadLine()
	if err != nil {
		return nil, reply, false, err
	}
	if text, ok := strings.CutPrefix(line+" ", "+ "); ok {
		challenge, err = base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		if err != nil {
			err = &probe.ProtocolError{Fault: probe.Malformed, Detail: line, Err: err}
		}
		return challenge, reply, false, err
	}
	reply, ok := parse(line)
	if !ok {
		err = &probe.ProtocolError{Fault: probe.Malformed, Detail: line}
	}
	return nil, reply, true, err
}

// cancel ends an exchange that this side cannot go on with (RFC 5034 §4). The
// server's answer to that is no verdict on the credential.
func (s *session) cancel(cause error) (probe.Reply, error) {
	if s.Send("*") == nil {
		s.answer()
	}
	return probe.Reply{}, cause
}

// encode encodes an initial response, where "=" stands for an empty one
// (RFC 5034 §4).
func encode(p []byte) string {
	if len(p) == 0 {
		return "="
	}
	return base64.StdEncoding.EncodeToString(p)
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
func (s *session) apop(plan probe.SignInPlan) (probe.Reply, error) {
	digest, err := plan.Credential.APOP(plan.Permit, plan.Attempt, auth.APOPTimestamp(s.Result.Greeting))
	if err != nil {
		return probe.Reply{}, err
	}
	line := APOP + " " + plan.Attempt.Username + " "
	if err := s.SendSecret(line+digest, line+"[redacted]"); err != nil {
		return probe.Reply{}, err
	}
	return s.answer()
}
