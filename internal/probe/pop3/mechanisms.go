package pop3

import (
	"context"
	"strings"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// CheckMechanism finds out, over a connection of its own and without a
// credential, whether the server really has the mechanism of the Options. The
// Result tells by Checked and Transcript.
func CheckMechanism(ctx context.Context, e settings.Endpoint, opt probe.Options) *probe.Result {
	s := &session{Session: probe.NewSession(e, opt.WithoutCredential())}
	return s.Run(ctx, s.dialogue().Without(probe.SignIn, probe.Access))
}

// start begins AUTH without an initial response and cancels it (RFC 5034 §4).
func (s *session) start(mechanism string) (reply probe.Reply, asked bool, err error) {
	if err := s.Send("AUTH " + mechanism); err != nil {
		return reply, false, err
	}
	line, err := s.ReadLine()
	if err != nil {
		return reply, false, err
	}
	if line != "+" && !strings.HasPrefix(line, "+ ") {
		reply, ok := parse(line)
		if !ok {
			return reply, false, &probe.ProtocolError{Fault: probe.Malformed, Detail: line}
		}
		return reply, false, nil
	}
	_, err = s.command("*")
	return probe.NewReply("+", strings.TrimPrefix(line, "+")), true, err
}
