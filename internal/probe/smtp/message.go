package smtp

import (
	"context"
	"io"
	"strings"
	"time"

	"mailprobe/internal/probe"
)

// sendTest sends the run's test message from the account to itself, once a
// mailbox is ready to be looked into. It never sends again.
func (s *session) sendTest(ctx context.Context, m *probe.TestMessage) error {
	d := &probe.Delivery{Subject: m.Subject()}
	s.Result.Message = d
	if !isAddress(m.Address()) {
		d.Reason = "not sent: the address would have to be quoted"
		return nil
	}
	if !s.AwaitReader(ctx) {
		d.Reason = "not sent: there is no mailbox to look for it in"
		return s.mayMail(ctx, m.Address())
	}
	if !m.Claim() {
		d.Reason = "not sent: it is sent once"
		return nil
	}
	started := time.Now()
	if err := s.mayMail(ctx, m.Address()); err != nil {
		d.Reason = "not sent"
		return err
	}
	if err := s.deliver(ctx, m); err != nil {
		return err
	}
	d.Sent, d.Took = true, time.Since(started)
	return nil
}

// mayMail asks whether the account may send as itself.
func (s *session) mayMail(ctx context.Context, from string) error {
	s.InStep(false)
	reply, err := s.call(ctx, func() error { return s.lib.client.Mail(from, nil) })
	s.Result.AccessReply = s.Scrubbed(reply)
	switch {
	case err != nil:
		return err
	case reply == nil:
		return &probe.ProtocolError{Fault: probe.ClosedEarly, Detail: "MAIL FROM was not answered"}
	case !reply.Positive():
		s.InStep(!reply.Ends())
		return &probe.ReplyError{Command: "MAIL FROM", Reply: *reply}
	}
	s.InStep(true)
	return nil
}

// deliver names the recipient and hands the message over (RFC 5321 §4.1.1.4).
func (s *session) deliver(ctx context.Context, m *probe.TestMessage) error {
	if err := s.deliverStep(ctx, "RCPT TO", "2", func() error { return s.lib.client.Rcpt(m.Address(), nil) }); err != nil {
		return err
	}
	var body io.WriteCloser
	err := s.deliverStep(ctx, "DATA", "354", func() (err error) {
		body, err = s.lib.client.Data()
		return err
	})
	if err != nil {
		return err
	}
	err = s.deliverStep(ctx, "the message", "2", func() error {
		if _, err := io.WriteString(body, m.Text(time.Now())); err != nil {
			return err
		}
		return body.Close()
	})
	if err == nil || s.Result.Message.Reply == nil {
		m.Sent(time.Now()) // without an answer it may have been taken
	}
	return err
}

// deliverStep runs one command and holds the answer against what lets the
// next one follow.
func (s *session) deliverStep(ctx context.Context, command, want string, run func() error) error {
	s.InStep(false)
	reply, err := s.call(ctx, run)
	d := s.Result.Message
	d.Reply = s.Scrubbed(reply)
	switch {
	case err != nil || reply == nil:
		d.Command, d.Reason = command, "whether it was sent is not known: the server gave no answer to "+command
		if err == nil {
			err = &probe.ProtocolError{Fault: probe.ClosedEarly, Detail: command + " was not answered"}
		}
		return err
	case !strings.HasPrefix(reply.Status, want):
		d.Command, d.Reason = command, "not sent"
		s.InStep(!reply.Ends())
		return &probe.ReplyError{Command: command, Reply: *reply}
	}
	s.InStep(true)
	return nil
}
