package probe

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// implicitTLS does the handshake of an implicit-TLS endpoint. A bad
// certificate is no error: it stands in Result.TLS.
func (s *Session) implicitTLS(ctx context.Context) error {
	if security := s.Endpoint().Security; security != settings.TLS {
		return Skip("not implicit TLS")
	}
	err := s.handshake(ctx)
	var h *tlscheck.HandshakeError
	if errors.As(err, &h) && h.Failure == tlscheck.Plaintext {
		return s.speaksClear(h)
	}
	return err
}

// NothingSaid reports by its error that the server has sent something before
// it was asked, which would be taken for the answer. Then nothing more is sent,
// not even a farewell. A refusal is the server's own farewell: it may hang up at
// any time (RFC 5321 §3.8).
func (s *Session) NothingSaid() error {
	if s.Pending() == 0 {
		return nil
	}
	s.InStep(false)
	said := s.Peek(200)
	status, rest, _ := strings.Cut(firstLine(said), " ")
	if status == "421" || status == "-ERR" {
		return &ReplyError{Command: s.phase, Reply: NewReply(status, rest)}
	}
	return &ProtocolError{Fault: EarlyAnswer, Detail: string(said)}
}

// Unasked is the outcome of a sign-in before which the server has said
// something of its own accord, such as a farewell while others had their turn.
// Nothing was shown, so a refusal judges nothing, either; nil: it waits.
func (s *Session) Unasked() *Auth {
	err := s.NothingSaid()
	if err == nil {
		return nil
	}
	a := Auth{Status: AuthUnknown, Reason: err.Error(), Cause: err}
	var farewell *ReplyError
	if errors.As(err, &farewell) {
		s.log.add(farewell.Reply.Text, false, s.secure)
	}
	if farewell != nil && farewell.Reply.Ends() {
		a.Reply, a.Cause = &farewell.Reply, nil
	}
	return &a
}

// startTLS upgrades the connection of a STARTTLS endpoint. consent leads the
// dialogue to where the server has agreed and TLS begins.
func (s *Session) startTLS(ctx context.Context, consent func() error) error {
	if s.Endpoint().Security != settings.StartTLS {
		return Skip("not STARTTLS")
	}
	if err := consent(); err != nil {
		return err
	}
	s.begin(StartTLS) // the handshake has a limit of its own
	if err := s.upgrade(ctx); err != nil {
		return err
	}
	s.InStep(true)
	return nil
}

func (s *Session) upgrade(ctx context.Context) error {
	if err := s.nothingInjected(); err != nil {
		return err
	}
	err := s.handshake(ctx)
	var h *tlscheck.HandshakeError
	if errors.As(err, &h) && h.Failure == tlscheck.Plaintext && isText(h.First) {
		return &ProtocolError{Fault: Injected, Detail: firstLine(h.First), Err: h}
	}
	return err
}

// nothingInjected looks for bytes behind the consent to STARTTLS. They were
// sent in clear, where an attacker can put them: nothing is believed and
// nothing more is sent (RFC 3207 §4.2, RFC 9051 §6.2.1).
func (s *Session) nothingInjected() error {
	if s.Pending() == 0 {
		return nil
	}
	s.InStep(false)
	return &ProtocolError{Fault: Injected, Detail: string(s.Peek(200))}
}

func (s *Session) handshake(ctx context.Context) error {
	s.inStep.Store(false)
	ctx, cancel := context.WithDeadline(ctx, s.deadline)
	defer cancel()
	conn, state, err := tlscheck.Client(ctx, s.guard, s.Endpoint().Host, s.opt.TLS)
	if err != nil {
		return err
	}
	s.Result.TLS = state
	s.use(conn, true)
	return nil
}

// speaksClear turns plaintext where TLS was expected into what it shows.
func (s *Session) speaksClear(h *tlscheck.HandshakeError) error {
	speaks := Recognise(h.First)
	s.Result.UnlikeAsked = &Unlike{Security: settings.Plain, Protocol: speaks, First: h.First}
	s.log.add(firstLine(h.First), false, false)
	if mail := settings.Protocol(speaks); mail == s.Endpoint().Protocol || speaks == "" {
		return &ProtocolError{Fault: SpeaksClear, Speaks: speaks, Detail: firstLine(h.First), Err: h}
	}
	return &ProtocolError{Fault: WrongProtocol, Speaks: speaks, Detail: firstLine(h.First), Err: h}
}

// SetAside moves what was announced in clear aside: nothing of it counts after
// the upgrade (RFC 3207 §4.2, RFC 2595 §4, RFC 9051 §6.2.1).
func (s *Session) SetAside() {
	r := s.Result
	r.PlainCaps, r.PlainMechanisms = r.Capabilities, r.Mechanisms
	r.Capabilities, r.Mechanisms, r.NativeLogin = nil, nil, ""
}

// FirstLine reads a server's first line, which becomes the Greeting. Where a
// port without implicit TLS stays silent, a ClientHello on a second connection
// tells whether it expects TLS at once; a server that is only slow is heard out
// on the first.
func (s *Session) FirstLine(ctx context.Context) (string, error) {
	line, err := s.opening(ctx)
	s.Result.Greeting = line
	return line, err
}

func (s *Session) opening(ctx context.Context) (string, error) {
	if s.secure {
		return s.ReadLine()
	}
	s.waitUntil(time.Now().Add(min(s.silence(), s.limit/3))) // a short phase has time for both connections
	_, err := s.in().Peek(1)
	s.waitUntil(time.Time{})
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return s.afterSilence(ctx)
	case err != nil:
		return "", s.readError("", err)
	}
	return s.spoken()
}

// spoken reads the line that a server has begun to send in clear.
func (s *Session) spoken() (string, error) {
	if looksLikeTLS(s.Peek(2)) {
		s.Result.UnlikeAsked = &Unlike{Security: settings.TLS}
		return "", &ProtocolError{Fault: SpeaksTLS}
	}
	return s.ReadLine()
}

// silence is how long a cleartext port may say nothing before a second connection
// asks whether it expects TLS: so long that the answer, three round trips later,
// comes a second behind the first connection; three round trips, if that is more.
func (s *Session) silence() time.Duration {
	if s.opt.Timeouts.Silence > 0 {
		return s.opt.Timeouts.Silence
	}
	asking := 3 * s.roundTrip()
	return max(time.Second-asking, asking)
}

// roundTrip is how long the TCP handshake took; zero: not known.
func (s *Session) roundTrip() time.Duration {
	for _, a := range s.Result.Tried {
		if a.Err == nil && a.Addr.Addr().Unmap() == s.Result.RemoteAddr.Addr() {
			return a.Took
		}
	}
	return 0
}
