package smtp

import (
	"cmp"
	"context"
	"errors"
	"net/mail"
	"slices"
	"strings"
	"unicode"

	"mailprobe/internal/probe"
)

// What lets the dialogue go on after a command (RFC 5321 §4.3.2). Any other
// answer of success, such as 221, is none: smtplib and others give up on it.
// 252 is meant for VRFY, and says that the recipient is accepted.
var (
	mailAnswers = []string{"250"}
	rcptAnswers = []string{"250", "251", "252"}
	dataAnswers = []string{"354"}
)

// isAddress reports whether a text can stand in MAIL FROM as it is (RFC 5321
// §4.1.2). One that would have to be quoted or needs SMTPUTF8 (RFC 6531)
// is left out: a refusal would say nothing of the account.
func isAddress(text string) bool {
	a, err := mail.ParseAddress("<" + text + ">")
	return err == nil && a.Address == text && !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
}

// access asks whether the account may send as itself. No message is sent
// unless a test message is asked for; QUIT drops the transaction (RFC 5321
// §4.1.1.10). An RSET before it would make Exim and Sendmail log a failed
// write, because nobody waits for two answers.
func (s *session) access(ctx context.Context) error {
	behind, err := s.FirstAnswer()
	if err != nil {
		return err
	}
	s.lib = s.openLibrary()
	if m := s.Options().Message; m != nil {
		return s.sendTest(ctx, m)
	}
	from, err := s.sender()
	if err != nil {
		return err
	}
	return s.maySend(ctx, from, behind)
}

// sender is the address that the account may be asked to send from; the error
// says why there is none.
func (s *session) sender() (string, error) {
	from := cmp.Or(s.Options().Sender, s.Options().Username)
	switch {
	case !strings.Contains(from, "@"):
		return "", probe.Skip("the user name is no address to send from, and no other is known")
	case !isAddress(from):
		return "", probe.Skip("the address cannot be named as it is")
	}
	return from, nil
}

// transaction is what asks for leave to send, as the library writes it.
func transaction(address string) []string {
	return []string{"MAIL FROM:<" + address + ">", "RCPT TO:<" + address + ">"}
}

// maySend asks whether the account may send from its address, by MAIL FROM and
// by RCPT TO the same address: most servers look at the sender only when they
// are told a recipient (Postfix by smtpd_delay_reject, Exim and Sendmail where
// they are set up so). Where PIPELINING is announced (RFC 2920) both leave at
// once, behind the sign-in or behind its verdict. Every answer is waited for. A
// MAIL FROM that was refused behind a sign-in may be so only for where it stood.
func (s *session) maySend(ctx context.Context, address string, behind bool) error {
	s.Result.Sender = address
	if !behind && has(s.Result.Capabilities, "PIPELINING") {
		if err := s.SendBehind(transaction(address), s.hear); err != nil {
			return err
		}
	}
	taken, err := s.transact(ctx, address)
	if behind && !taken {
		err = s.AskAgain(err, func() error { _, err := s.transact(ctx, address); return err })
	}
	return err
}

// transact hears whether the server takes the address as sender and as recipient.
// taken reports whether it does as sender.
func (s *session) transact(ctx context.Context, address string) (taken bool, err error) {
	r, atOnce := s.Result, s.SentBehind()
	mail, err := s.ask(ctx, "MAIL FROM", mailAnswers, func() error { return s.lib.client.Mail(address, nil) })
	r.AccessReply = s.Scrubbed(mail)
	if err != nil && !(atOnce && refused(err)) {
		return false, err
	}
	if !atOnce {
		if early := s.NothingSaid(); early != nil {
			return true, early // nor was the answer before it the answer
		}
	}
	rcpt, late := s.ask(ctx, "RCPT TO", rcptAnswers, func() error { return s.lib.client.Rcpt(address, nil) })
	if err != nil {
		return false, err
	}
	if rcpt != nil {
		r.AccessReply = s.Scrubbed(rcpt)
	}
	return true, late
}

// refused reports whether a command was refused, and both sides talk on.
func refused(err error) bool {
	var r *probe.ReplyError
	return errors.As(err, &r) && !r.Reply.Ends()
}

// ask runs one command and holds the answer against those that let the next
// one follow. The error is a *probe.ReplyError for a refusal, and otherwise
// says what was wrong with the answer, which is nil if none came.
func (s *session) ask(ctx context.Context, command string, good []string, run func() error) (*probe.Reply, error) {
	s.InStep(false)
	reply, err := s.call(ctx, run)
	switch {
	case err != nil:
		return nil, err
	case reply == nil:
		return nil, &probe.ProtocolError{Fault: probe.ClosedEarly, Detail: command + " was not answered"}
	case slices.Contains(good, reply.Status):
		s.InStep(true)
		return reply, nil
	case reply.Refuses():
		s.InStep(!reply.Ends())
		return reply, &probe.ReplyError{Command: command, Reply: *reply}
	}
	return reply, &probe.ProtocolError{Fault: probe.Malformed, Detail: reply.Text}
}
