package pop3

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"

	"github.com/emersion/go-sasl"

	"mailprobe/internal/auth"
	"mailprobe/internal/probe"
)

// NativeLogin is the name under which USER and PASS (RFC 1939 §7) are
// reported as a way to sign in.
const NativeLogin = "USER/PASS"

// signIn shows the credential once, by AUTH or by USER and PASS.
func (s *session) signIn(ctx context.Context) error { return s.SignIn(ctx, s.perform) }

func (s *session) perform(ctx context.Context, plan probe.SignInPlan) probe.Auth {
	s.InStep(false)
	reply, challenge, err := s.show(plan)
	a := probe.Auth{Status: probe.AuthUnknown, Challenge: challenge}
	if err != nil {
		a.Reason = err.Error()
		if !s.Result.SecretSent {
			a.Reason = "nothing of the credential was sent: " + a.Reason
		}
		return a
	}
	s.InStep(true)
	a.Reply, a.Status = &reply, probe.Judge(&reply)
	if a.Status == probe.AuthUnknown {
		a.Reason = "the server says that it cannot judge it now"
	}
	return a
}

// show runs the exchange to the server's final reply. An error means that
// there is none.
func (s *session) show(plan probe.SignInPlan) (reply probe.Reply, challenge string, err error) {
	if plan.Mechanism == NativeLogin {
		reply, err = s.userPass(plan)
		return reply, "", err
	}
	client, err := plan.Credential.Client(plan.Permit, plan.Attempt)
	if err != nil {
		return reply, "", err
	}
	reply, err = s.authenticate(plan.Mechanism, client)
	return reply, probe.Challenge(client), err
}

// userPass signs in by USER and PASS (RFC 1939 §7).
func (s *session) userPass(plan probe.SignInPlan) (probe.Reply, error) {
	password, err := plan.Credential.Login(plan.Permit)
	if err != nil {
		return probe.Reply{}, err
	}
	reply, err := s.command("USER " + plan.Attempt.Username)
	if err != nil || !reply.Positive() {
		return reply, err
	}
	if err := s.SendSecret("PASS "+password, "PASS [redacted]"); err != nil {
		return probe.Reply{}, err
	}
	return s.scrubbedAnswer()
}

// authenticate runs a SASL exchange (RFC 5034 §4). The client library can do
// only the one-line form, so the loop stands here.
func (s *session) authenticate(mech string, client sasl.Client) (probe.Reply, error) {
	name, first, err := client.Start()
	if err != nil {
		return probe.Reply{}, err
	}
	line := "AUTH " + name
	if encoded := encode(first); first != nil && len(line)+1+len(encoded)+2 <= 255 {
		err = s.SendSecret(line+" "+encoded, line+" [redacted]")
		first = nil
	} else {
		err = s.Send(line)
	}
	for reads := probe.NewReads(); err == nil; err = reads.Next() {
		challenge, reply, final, err := s.challenge()
		if err != nil || final {
			return reply, err
		}
		if err := s.respond(client, &first, challenge); err != nil {
			return s.cancel(err)
		}
	}
	return probe.Reply{}, err
}

// respond answers one challenge; an initial response that did not fit its
// line goes first.
func (s *session) respond(client sasl.Client, first *[]byte, challenge []byte) error {
	response := *first
	if *first = nil; response == nil {
		var err error
		if response, err = client.Next(challenge); err != nil {
			return err
		}
	}
	return s.SendSecret(encodeResponse(response), "[redacted]")
}

// challenge reads one line of a SASL exchange: a challenge or the final reply.
func (s *session) challenge() (challenge []byte, reply probe.Reply, final bool, err error) {
	line, err := s.ReadLine()
	if err != nil {
		return nil, reply, false, err
	}
	if text, ok := strings.CutPrefix(line, "+ "); ok || line == "+" {
		challenge, err = base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		if err != nil {
			err = &probe.ProtocolError{Fault: probe.Malformed, Detail: s.Scrub(line), Err: err}
		}
		return challenge, reply, false, err
	}
	reply, ok := parse(s.Scrub(line))
	if !ok {
		err = &probe.ProtocolError{Fault: probe.Malformed, Detail: s.Scrub(line)}
	}
	return nil, reply, true, err
}

// cancel ends an exchange that this side cannot go on with (RFC 5034 §4).
func (s *session) cancel(cause error) (probe.Reply, error) {
	if err := s.Send("*"); err != nil {
		return probe.Reply{}, cause
	}
	reply, err := s.scrubbedAnswer()
	if err != nil || reply.Positive() {
		return probe.Reply{}, cause
	}
	var own *auth.ExchangeError
	if errors.As(cause, &own) {
		return probe.Reply{}, cause
	}
	return reply, nil
}

func (s *session) scrubbedAnswer() (probe.Reply, error) {
	reply, err := s.answer()
	reply.Text = s.Scrub(reply.Text)
	return reply, err
}

func encode(p []byte) string {
	if len(p) == 0 {
		return "="
	}
	return base64.StdEncoding.EncodeToString(p)
}

// encodeResponse encodes an answer to a challenge, where empty is an empty
// line.
func encodeResponse(p []byte) string { return base64.StdEncoding.EncodeToString(p) }
