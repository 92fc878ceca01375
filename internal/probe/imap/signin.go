package imap

import (
	"context"
	"errors"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/probe"
)

// signIn shows the credential once, by AUTHENTICATE or LOGIN.
func (s *session) signIn(ctx context.Context) error {
	if s.preauth {
		return s.NoSignIn(probe.Unanswered("the server signed us in by itself (PREAUTH)"))
	}
	if s.Result.NativeLogin != "" {
		s.OnDemand(map[string]string{"LOGIN": NativeLogin, auth.LoginCommand: NativeLogin})
	}
	return s.SignIn(ctx, s.perform)
}

func (s *session) perform(_ context.Context, plan probe.SignInPlan) probe.Auth {
	if plan.Mechanism == NativeLogin {
		return s.login(plan)
	}
	client, err := plan.Credential.Client(plan.Permit, plan.Attempt)
	if err != nil {
		return probe.Auth{Status: probe.AuthSkipped, Reason: err.Error(), Open: true}
	}
	if plan.LaterIR || !s.announces("SASL-IR") {
		client = auth.WithoutIR(client)
	}
	tag := newTag()
	return s.Exchange(probe.Carrier{
		Command: tag + " AUTHENTICATE",
		Receive: func() (string, *probe.Reply, error) { return s.receive(tag) },
		Ahead:   func() bool { return s.ahead(tag) },
		Behind:  s.behind(plan),
	}, client)
}

// behind is what leaves in the flight of a sign-in (RFC 9051 §5.5): the library's
// first command. Its tag tells its answer from the verdict.
func (s *session) behind(plan probe.SignInPlan) []string {
	if plan.Again || plan.LaterIR || s.Options().IMAPID {
		return nil
	}
	return []string{firstTag + " " + opening}
}

// receive reads a continuation or the tagged answer (RFC 9051 §6.2.2). What
// comes untagged changes neither: what the server announces from here on is
// another state's.
func (s *session) receive(tag string) (challenge string, final *probe.Reply, err error) {
	for reads := probe.NewReads(); ; {
		if err := reads.Next(); err != nil {
			return "", nil, err
		}
		line, err := s.ReadLine()
		if err != nil {
			return "", nil, s.lastWord(err)
		}
		first, word, text := split(line)
		switch {
		case strings.HasPrefix(line, "+"):
			return strings.TrimPrefix(line, "+"), nil, nil
		case first == tag && tagged(line):
			reply := probe.NewReply(word, text)
			return "", &reply, nil
		case first == firstTag && tagged(line):
			s.ForgetBehind() // it came before the verdict, or is of a way that was refused
			continue
		case first != "*":
			return "", nil, &probe.ProtocolError{Fault: probe.Malformed, Detail: line}
		case word == "BYE":
			return "", s.leaving(tag, probe.NewReply(word, text)), nil
		}
		s.untagged = line
	}
}

// leaving returns the refusal of a command behind a BYE: servers that hang up
// may say what became of it.
func (s *session) leaving(tag string, bye probe.Reply) *probe.Reply {
	s.Briefly(func() {
		line, err := s.ReadLine()
		if first, word, text := split(line); err == nil && first == tag && (word == "NO" || word == "BAD") {
			bye = probe.NewReply(word, text)
		}
	})
	s.InStep(false)
	return &bye
}

// ahead reports whether the tagged answer is there already, or a farewell.
func (s *session) ahead(tag string) bool { return s.waits(tag+" ") || s.waits("* BYE") }

// waits reports whether a line that begins so has come and was not read.
func (s *session) waits(beginning string) bool {
	return strings.Contains("\n"+string(s.Peek(s.Pending())), "\n"+beginning)
}

// lastWord adds to an early end what the server said before it, untagged:
// nginx says "* BAD internal server error" and hangs up where it cannot reach
// the server behind it.
func (s *session) lastWord(err error) error {
	var closed *probe.ProtocolError
	_, word, _ := split(s.untagged)
	if errors.As(err, &closed) && closed.Fault == probe.ClosedEarly && closed.Detail == "" && (word == "NO" || word == "BAD") {
		closed.Detail = s.untagged
	}
	return err
}
