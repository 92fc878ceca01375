// Package imap probes IMAP servers (RFC 9051, RFC 3501). It is the only
// importer of the IMAP client library; the library's types stop here.
package imap

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// session is an IMAP dialogue.
type session struct {
	*probe.Session
	preauth  bool   // the server signed us in by itself
	untagged string // the last line that answered no command, while signing in
	lib      *library
}

// New prepares the dialogue with one IMAP endpoint.
func New(e settings.Endpoint, opt probe.Options) *probe.Dialogue {
	s := &session{Session: probe.NewSession(e, opt)}
	return &probe.Dialogue{
		Session: s.Session, Greeting: s.greeting, Consent: s.consent, Capabilities: s.capabilities,
		Mechanism: s.start, SignIn: s.signIn, Access: s.access, Quit: s.quit,
	}
}

// greeting reads the server's first line: OK, PREAUTH or BYE (RFC 9051 §7.1).
func (s *session) greeting(ctx context.Context) error {
	line, err := s.FirstLine(ctx)
	if err != nil {
		return err
	}
	first, status, text := split(line)
	if first != "*" {
		return s.NotThisProtocol(line)
	}
	s.learn(text)
	switch status {
	case "OK":
	case "BYE":
		return &probe.ReplyError{Reply: probe.NewReply(status, text)}
	case "PREAUTH":
		if !s.Secure() {
			return &probe.ProtocolError{Fault: probe.Preauth, Detail: line}
		}
		s.preauth = true
	default:
		return s.NotThisProtocol(line)
	}
	s.InStep(true)
	return nil
}

// consent asks for TLS (RFC 9051 §6.2.1), and the server has agreed. The tag is
// random, so that an answer sent before the question can be told from the real
// one.
func (s *session) consent() error {
	defer s.SetAside() // up to the consent itself
	if !has(s.Result.Capabilities, "STARTTLS") {
		if err := s.askCapabilities(); err != nil {
			return err
		}
	}
	if !has(s.Result.Capabilities, "STARTTLS") {
		return &probe.ProtocolError{Fault: probe.NotOffered, Detail: strings.Join(s.Result.Capabilities, " ")}
	}
	reply, err := s.command("STARTTLS")
	if err != nil {
		return err
	}
	if reply.Status != "OK" {
		return &probe.ReplyError{Command: "STARTTLS", Reply: reply}
	}
	return nil
}

// capabilities asks what the server offers, unless the greeting has said it
// in the same state of security.
func (s *session) capabilities(context.Context) error {
	if len(s.Result.Capabilities) > 0 {
		s.Note("announced in the greeting")
		return nil
	}
	return s.askCapabilities()
}

func (s *session) askCapabilities() error {
	reply, err := s.command("CAPABILITY")
	switch {
	case err != nil:
		return err
	case reply.Status != "OK":
		return &probe.ReplyError{Command: "CAPABILITY", Reply: reply}
	case len(s.Result.Capabilities) == 0:
		return &probe.ProtocolError{Fault: probe.Malformed, Detail: "no CAPABILITY answer before " + reply.Text}
	}
	return nil
}

// command sends one command and reads to its tagged answer. A BYE ends the
// wait.
func (s *session) command(name string) (probe.Reply, error) {
	s.InStep(false)
	tag := newTag()
	if err := s.Send(tag + " " + name); err != nil {
		return probe.Reply{}, err
	}
	for reads := probe.NewReads(); ; {
		if err := reads.Next(); err != nil {
			return probe.Reply{}, err
		}
		line, err := s.ReadLine()
		if err != nil {
			return probe.Reply{}, err
		}
		reply, err := s.response(tag, line)
		switch {
		case err != nil:
			return probe.Reply{}, err
		case reply != nil && reply.Ends():
			return probe.Reply{}, &probe.ReplyError{Command: name, Reply: *reply}
		case reply != nil:
			s.InStep(true)
			return *reply, nil
		}
	}
}

// response takes in one line of an answer and returns the reply if it is the
// tagged one or a BYE. Before signing in everything else but capabilities is
// ignored (RFC 9051 §11.3).
func (s *session) response(tag, line string) (*probe.Reply, error) {
	first, word, text := split(line)
	switch {
	case literal.MatchString(line):
		return nil, &probe.ProtocolError{Fault: probe.Malformed, Detail: line}
	case first == tag && tagged(line), first == "*" && word == "BYE":
		s.learn(text)
		reply := probe.NewReply(word, text)
		return &reply, nil
	case first == "*" && word == "CAPABILITY":
		s.learn("[CAPABILITY " + text + "]")
		return nil, nil
	case first == "*":
		s.learn(text)
		return nil, nil
	case tagged(line):
		return nil, &probe.ProtocolError{Fault: probe.EarlyAnswer, Detail: line}
	}
	return nil, &probe.ProtocolError{Fault: probe.Malformed, Detail: line}
}

func (s *session) quit(context.Context) error { return s.Leave(newTag() + " LOGOUT") }

// newTag returns a tag that nobody can guess.
func newTag() string {
	var b [4]byte
	rand.Read(b[:])
	return fmt.Sprintf("m%x", b)
}
