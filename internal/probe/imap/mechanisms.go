package imap

import (
	"strings"

	"mailprobe/internal/probe"
)

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
