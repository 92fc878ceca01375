// Package pop3 probes POP3 servers (RFC 1939). It is the only importer of the
// POP3 client library; the library's types stop here.
package pop3

import (
	"context"
	"slices"
	"strings"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// session is a POP3 dialogue.
type session struct {
	*probe.Session
	noCAPA  bool
	looks   bool            // it is this endpoint that looks for the test message
	deleted *probe.Delivery // the test message that QUIT deletes; nil: none
}

// New prepares the dialogue with one POP3 endpoint.
func New(e settings.Endpoint, opt probe.Options) *probe.Dialogue {
	s := &session{Session: probe.NewSession(e, opt)}
	return &probe.Dialogue{
		Session: s.Session, Greeting: s.greeting, Consent: s.consent, Capabilities: s.capabilities,
		Mechanism: s.start, SignIn: s.signIn, Access: s.access, Quit: s.quit,
	}
}

// greeting reads the server's first line (RFC 1939 §4).
func (s *session) greeting(ctx context.Context) error {
	line, err := s.FirstLine(ctx)
	if err != nil {
		return err
	}
	reply, ok := parse(line)
	switch {
	case !ok:
		return s.NotThisProtocol(line)
	case !reply.Positive():
		return &probe.ReplyError{Reply: reply}
	}
	s.InStep(true)
	return nil
}

// consent asks for TLS by STLS (RFC 2595 §4), and the server has agreed.
func (s *session) consent() error {
	if err := s.askCapabilities(); err != nil {
		return err
	}
	s.SetAside()
	if !has(s.Result.PlainCaps, "STLS") && !s.noCAPA {
		return &probe.ProtocolError{Fault: probe.NotOffered, Detail: strings.Join(s.Result.PlainCaps, ", ")}
	}
	if err := s.NothingSaid(); err != nil {
		return err
	}
	reply, err := s.command("STLS")
	switch {
	case err != nil:
		return err
	case !reply.Positive() && s.noCAPA:
		return &probe.ProtocolError{Fault: probe.NotOffered, Detail: reply.Text}
	case !reply.Positive():
		return &probe.ReplyError{Command: "STLS", Reply: reply}
	}
	return nil
}

func (s *session) capabilities(context.Context) error { return s.askCapabilities() }

// askCapabilities sends CAPA (RFC 2449 §5). A server that does not know it
// takes at least USER and PASS. An answer that is there already would put all
// that follow one command too early.
func (s *session) askCapabilities() error {
	if err := s.NothingSaid(); err != nil {
		return err
	}
	reply, err := s.command("CAPA")
	if err != nil {
		return err
	}
	if s.noCAPA = !reply.Positive(); s.noCAPA {
		s.Note("the server does not know CAPA")
		s.Result.NativeLogin = NativeLogin
		return nil
	}
	return s.readLines(s.learn)
}

// readLines reads the lines of an answer up to its end (RFC 1939 §3).
func (s *session) readLines(take func(line string)) error {
	s.InStep(false)
	for reads := probe.NewReads(); ; {
		if err := reads.Next(); err != nil {
			return err
		}
		line, err := s.ReadLine()
		if err != nil {
			return err
		}
		if line == "." {
			s.InStep(true)
			return nil
		}
		take(strings.TrimPrefix(line, "."))
	}
}

// learn takes in one capability with its arguments.
func (s *session) learn(line string) {
	words := strings.Fields(line)
	if len(words) == 0 {
		return
	}
	s.Result.Capabilities = append(s.Result.Capabilities, strings.Join(words, " "))
	switch strings.ToUpper(words[0]) {
	case "SASL":
		for _, m := range words[1:] {
			if m = strings.ToUpper(m); !slices.Contains(s.Result.Mechanisms, m) {
				s.Result.Mechanisms = append(s.Result.Mechanisms, m)
			}
		}
	case "USER":
		s.Result.NativeLogin = NativeLogin
	}
}

// command sends one command and reads the first line of its answer.
func (s *session) command(line string) (probe.Reply, error) {
	s.InStep(false)
	if err := s.Send(line); err != nil {
		return probe.Reply{}, err
	}
	return s.answer()
}

func (s *session) answer() (probe.Reply, error) {
	line, err := s.ReadLine()
	if err != nil {
		return probe.Reply{}, err
	}
	reply, ok := parse(line)
	if !ok {
		return reply, &probe.ProtocolError{Fault: probe.Malformed, Detail: line}
	}
	s.InStep(true)
	return reply, nil
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

// quit takes leave, as a rule without waiting for the answer (RFC 8314 §3.4).
func (s *session) quit(context.Context) error { return s.leave() }

// parse splits the first line of an answer (RFC 1939 §3, RFC 2449 §8).
func parse(line string) (probe.Reply, bool) {
	status, rest, _ := strings.Cut(line, " ")
	if tab := strings.IndexByte(status, '\t'); tab >= 0 {
		status, rest = line[:tab], line[tab+1:]
	}
	status = strings.ToUpper(status)
	return probe.NewReply(status, rest), status == "+OK" || status == "-ERR"
}

// has reports whether a capability is announced, whatever its arguments.
func has(caps []string, name string) bool {
	return slices.ContainsFunc(caps, func(c string) bool {
		word, _, _ := strings.Cut(c, " ")
		return strings.EqualFold(word, name)
	})
}
