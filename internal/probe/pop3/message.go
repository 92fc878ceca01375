package pop3

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// newest is how many messages, from the newest on, the test message is looked
// for among.
const newest = 20

// awaitTest lets the run's test message be sent, and gives it time to arrive,
// before this endpoint signs in: a session shows the maildrop as it was at
// sign-in (RFC 1939 §5), and there is one sign-in.
func (s *session) awaitTest(ctx context.Context) {
	m := s.Options().Message
	if m == nil || m.Reader != settings.POP3 || !s.WouldSignIn() || !m.ClaimLook() {
		return
	}
	s.looks = true
	m.ReaderReady()
	if s.AwaitSent(ctx) {
		s.Sleep(ctx, m.Wait/4)
	}
}

// lookForTest looks for the test message and deletes it. What goes wrong
// stands in the Result; the maildrop was opened, so the phase is no failure.
func (s *session) lookForTest() {
	m := s.Options().Message
	if !s.looks || m.SentAt().IsZero() {
		return
	}
	d := &probe.Delivery{Subject: m.Subject()}
	s.Result.Message = d
	number, err := s.find(m.Subject())
	switch {
	case err != nil:
		d.Reason = "not seen: " + s.Scrub(err.Error())
		return
	case number == 0:
		d.Reason = fmt.Sprintf("not seen %s after it was sent; POP3 shows only what was there at sign-in", time.Since(m.SentAt()).Round(time.Second))
		return
	}
	d.Seen, d.Took = true, time.Since(m.SentAt())
	reply, err := s.command("DELE " + strconv.Itoa(number))
	switch {
	case err != nil:
		d.Reason = "not deleted: " + s.Scrub(err.Error())
	case !reply.Positive():
		d.Reason = "not deleted: " + s.Scrub(reply.Text)
	default:
		s.deleted = d
	}
}

// find returns the number of the message with a subject; 0: there is none.
func (s *session) find(subject string) (int, error) {
	stat := s.Result.AccessReply.Received()
	words := strings.Fields(stat.Text) // "+OK count size"
	if len(words) < 2 {
		return 0, nil
	}
	count, err := strconv.Atoi(words[1])
	if err != nil {
		return 0, &probe.ProtocolError{Fault: probe.Malformed, Detail: stat.Text}
	}
	for n := count; n > 0 && n > count-newest; n-- {
		ours, err := s.hasSubject(n, subject)
		if err != nil || ours {
			return n, err
		}
	}
	return 0, nil
}

// hasSubject reads a message's header by TOP. It is somebody's mail, so the
// transcript does not show it.
func (s *session) hasSubject(number int, subject string) (ours bool, err error) {
	s.InStep(false)
	reply, err := s.command(fmt.Sprintf("TOP %d 0", number))
	switch {
	case err != nil:
		return false, err
	case !reply.Positive():
		s.InStep(true)
		return false, &probe.ReplyError{Command: "TOP", Reply: reply}
	}
	for reads := probe.NewReads(); ; {
		if err := reads.Next(); err != nil {
			return false, err
		}
		line, err := s.ReadPrivate()
		if err != nil {
			return false, err
		}
		if line == "." {
			s.InStep(true)
			return ours, nil
		}
		name, value, _ := strings.Cut(line, ":")
		ours = ours || strings.EqualFold(name, "Subject") && strings.TrimSpace(value) == subject
	}
}

// leave takes leave. If the test message is marked, the server's answer is
// waited for: only QUIT deletes it (RFC 1939 §6).
func (s *session) leave() error {
	if s.deleted == nil {
		return s.Leave("QUIT")
	}
	reply, err := s.command("QUIT")
	if s.deleted.Deleted = err == nil && reply.Positive(); !s.deleted.Deleted {
		s.deleted.Reason = "perhaps not deleted: the server did not confirm QUIT"
	}
	return nil
}
