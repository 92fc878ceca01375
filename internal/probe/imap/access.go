package imap

import (
	"context"

	"github.com/emersion/go-imap/v2"

	"mailprobe/internal/probe"
)

// access opens the mailbox for reading only: Exchange and NetEase accept a
// sign-in and refuse here. How many messages there are must be said before the
// consent (RFC 9051 §6.3.2): Thunderbird for Android opens no mailbox without.
func (s *session) access(ctx context.Context) error {
	sent, behind := s.SentBehind(), s.AnswersBehind() // before the library reads
	if !sent && s.waits(firstTag+" ") {               // the library's tags can be guessed
		s.InStep(false)
		return &probe.ProtocolError{Fault: probe.EarlyAnswer, Detail: string(s.Peek(200))}
	}
	s.lib = s.openLibrary()
	s.lib.twice = sent && !behind
	if err := s.Do(ctx, s.lib.client.WaitGreeting); err != nil {
		return s.lib.cause(err)
	}
	reply, err := s.open(ctx, behind)
	s.Result.AccessReply = s.Scrubbed(reply)
	switch {
	case reply != nil && !reply.Positive() && !reply.Ends():
		return &probe.ReplyError{Command: opening, Reply: *reply}
	case err != nil:
		return err
	case reply == nil || reply.Ends():
		return &probe.ProtocolError{Fault: probe.ClosedEarly, Detail: opening + " was not answered"}
	case !s.lib.counted():
		return &probe.ProtocolError{Fault: probe.Malformed, Detail: "no EXISTS before " + reply.Text}
	}
	s.lookForTest(ctx)
	return nil
}

// open opens the mailbox. Where the server refuses and knows ID, it is asked
// once more behind that: the provider may want to know the program first, and
// not every such provider is recognised. behind says that the first answer is to
// a command behind the sign-in: a refusal may be so only for where that stood.
func (s *session) open(ctx context.Context, behind bool) (*probe.Reply, error) {
	first := s.Options().IMAPID && s.takesID()
	if first {
		if reply, err := s.ask(ctx, s.sendID); err != nil || reply.Ends() {
			return reply, err
		}
	}
	reply, err := s.ask(ctx, s.examine)
	if behind && err == nil && reply != nil && !reply.Positive() && !reply.Ends() {
		if again, err := s.ask(ctx, s.examine); err == nil && again != nil && !again.Ends() {
			reply = again
		}
	}
	if first || err != nil || reply == nil || reply.Status != "NO" || !s.takesID() {
		return reply, err
	}
	if named, err := s.ask(ctx, s.sendID); err != nil || named.Ends() {
		return reply, nil
	}
	again, err := s.ask(ctx, s.examine)
	s.Result.WantsID = err == nil && again != nil && again.Positive()
	return again, err
}

// takesID reports whether the server announces the ID command.
func (s *session) takesID() bool { return has(s.Result.Capabilities, "ID") }

// opening is the command that decides: with it a mail program can read mail.
const opening = "EXAMINE INBOX"

// ask runs one command and notes whether both sides are in step after it.
func (s *session) ask(ctx context.Context, run func() error) (*probe.Reply, error) {
	s.InStep(false)
	reply, err := s.call(ctx, run)
	s.InStep(err == nil && reply != nil && !reply.Ends())
	return reply, err
}

// sendID names this program (RFC 2971): some providers open no mailbox to a
// nameless one.
func (s *session) sendID() error {
	_, err := s.lib.client.ID(&imap.IDData{Name: "mailprobe"}).Wait()
	return err
}

func (s *session) examine() error {
	_, err := s.lib.client.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	return err
}
