package smtp

import (
	"context"
	"io"
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
		return s.maySend(ctx, m.Address(), false)
	}
	if !m.ClaimSend() { // it is sent once, elsewhere
		s.Result.Message = nil
		return s.maySend(ctx, m.Address(), false)
	}
	started := time.Now()
	if err := s.maySend(ctx, m.Address(), false); err != nil {
		d.Reason = "not sent"
		return err
	}
	if err := s.deliver(ctx, m); err != nil {
		return err
	}
	d.Sent, d.Took = true, time.Since(started)
	return nil
}

// deliver hands the message over to the recipient that was named (RFC 5321
// §4.1.1.4).
func (s *session) deliver(ctx context.Context, m *probe.TestMessage) error {
	var body io.WriteCloser
	err := s.deliverStep(ctx, "DATA", dataAnswers, func() (err error) {
		body, err = s.lib.client.Data()
		return err
	})
	if err != nil {
		return err
	}
	err = s.deliverStep(ctx, theMessage, mailAnswers, func() error {
		if _, err := io.WriteString(body, m.Text(time.Now())); err != nil {
			return err
		}
		return body.Close()
	})
	if err == nil || s.Result.Message.Maybe {
		m.Sent(time.Now())
	}
	return err
}

// theMessage is what is answered at the end of the message.
const theMessage = "the message"

// deliverStep runs one command and notes what became of it.
func (s *session) deliverStep(ctx context.Context, command string, good []string, run func() error) error {
	reply, err := s.ask(ctx, command, good, run)
	d := s.Result.Message
	d.Reply = s.Scrubbed(reply)
	if err == nil {
		return nil
	}
	d.Command, d.Reason = command, "not sent"
	if d.Maybe = command == theMessage && (reply == nil || !reply.Refuses()); d.Maybe {
		d.Reason = "whether it was sent is not known"
	}
	if reply == nil {
		d.Reason += ": the server gave no answer to " + command
	}
	return err
}
