package imap

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

// start begins AUTHENTICATE without an initial response and cancels it
// (RFC 9051 §6.2.2).
func (s *session) start(mechanism string) (reply probe.Reply, asked bool, err error) {
	tag := newTag()
	if err := s.Send(tag + " AUTHENTICATE " + mechanism); err != nil {
		return reply, false, err
	}
	for reads := probe.NewReads(); ; {
		if err := reads.Next(); err != nil {
			return reply, asked, err
		}
		line, err := s.ReadLine()
		if err != nil {
			return reply, asked, err
		}
		if !asked && (line == "+" || strings.HasPrefix(line, "+ ")) {
			asked, reply = true, probe.NewReply("+", strings.TrimPrefix(line, "+"))
			if err := s.Send("*"); err != nil {
				return reply, true, err
			}
			continue
		}
		last, err := s.response(tag, line)
		switch {
		case err != nil:
			return reply, asked, err
		case last != nil && asked:
			return reply, true, nil
		case last != nil:
			return *last, false, nil
		}
	}
}
