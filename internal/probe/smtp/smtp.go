// Package smtp probes message submission servers (RFC 6409, RFC 5321). It is
// the only importer of the SMTP client library; the library's types stop here.
package smtp

import (
	"context"
	"strings"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// session is an SMTP dialogue.
type session struct {
	*probe.Session
	lib *library
}

// New prepares the dialogue with one submission endpoint.
func New(e settings.Endpoint, opt probe.Options) *probe.Dialogue {
	s := &session{Session: probe.NewSession(e, opt)}
	return &probe.Dialogue{
		Session: s.Session, Greeting: s.greeting, Consent: s.consent, Capabilities: s.capabilities,
		Mechanism: s.start, SignIn: s.signIn, Access: s.access, Quit: s.quit,
	}
}

// greeting reads the server's opening, of one or more lines (RFC 5321 §4.2).
func (s *session) greeting(ctx context.Context) error {
	line, err := s.FirstLine(ctx)
	if err != nil {
		return err
	}
	if _, _, _, ok := split(line); !ok || probe.Recognise([]byte(line)) == "ftp" {
		return s.NotThisProtocol(line)
	}
	reply, err := s.rest(line)
	if err != nil {
		return err
	}
	s.Result.Greeting = reply.raw
	if reply.Status != "220" {
		return &probe.ReplyError{Reply: reply.Reply}
	}
	return nil
}

// consent asks for TLS (RFC 3207 §4), and the server has agreed.
func (s *session) consent() error {
	if err := s.hello(); err != nil {
		return err
	}
	s.SetAside()
	if err := s.announced(); err != nil {
		return err
	}
	if err := s.NothingSaid(); err != nil {
		return err
	}
	reply, err := s.command("STARTTLS")
	switch {
	case err != nil:
		return err
	case reply.Status != "220":
		return &probe.ReplyError{Command: "STARTTLS", Reply: reply.Reply}
	}
	return nil
}

// announced reports by its error whether STARTTLS is missing, or was
// overwritten on the way as firewalls do that inspect SMTP.
func (s *session) announced() error {
	caps := s.Result.PlainCaps
	if has(caps, "STARTTLS") {
		return nil
	}
	fault := probe.NotOffered
	if masked(s.Result.Greeting, caps) {
		fault = probe.Masked
	}
	return &probe.ProtocolError{Fault: fault, Detail: strings.Join(caps, ", ")}
}

func (s *session) capabilities(context.Context) error { return s.hello() }

// hello greets and reads the list of extensions (RFC 5321 §4.1.1.1). An answer
// that is there already would put all that follow one command too early.
func (s *session) hello() error {
	if err := s.NothingSaid(); err != nil {
		return err
	}
	s.Result.EHLO = s.name()
	reply, err := s.command("EHLO " + s.Result.EHLO)
	switch {
	case err != nil:
		return err
	case reply.Status != "250":
		return &probe.ReplyError{Command: "EHLO", Reply: reply.Reply}
	}
	s.Result.Capabilities, s.Result.Mechanisms = nil, nil
	for i, line := range strings.Split(reply.raw, "\n") {
		if _, _, text, ok := split(line); ok && i > 0 {
			s.learn(text)
		}
	}
	return nil
}

// name is what this side calls itself: as it was told to, or its address
// literal (RFC 5321 §4.1.3).
func (s *session) name() string {
	if told := s.Options().EHLO; told != "" {
		return told
	}
	switch addr := s.LocalAddr(); {
	case addr.Is4():
		return "[" + addr.String() + "]"
	case addr.Is6():
		return "[IPv6:" + addr.WithZone("").String() + "]"
	}
	return "[127.0.0.1]"
}

func (s *session) quit(context.Context) error { return s.Leave("QUIT") }

// start begins AUTH without an initial response and cancels it (RFC 4954 §4).
func (s *session) start(mechanism string) (probe.Reply, bool, error) {
	first, err := s.command("AUTH " + mechanism)
	if err != nil || first.Status != "334" {
		return first.Reply, false, err
	}
	_, err = s.command("*")
	return first.Reply, true, err
}
