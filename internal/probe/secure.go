package probe

import (
	"context"
	"errors"
	"os"
	"time"

	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// ImplicitTLS does the handshake of an implicit-TLS endpoint. A bad
// certificate is no error: it stands in Result.TLS.
func (s *Session) ImplicitTLS(ctx context.Context) error {
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
// it was asked. Then nothing more is sent, not even a farewell.
func (s *Session) NothingSaid() error {
	if s.Pending() == 0 {
		return nil
	}
	s.inStep.Store(false)
	return &ProtocolError{Fault: EarlyAnswer, Detail: string(s.Peek(200))}
}

// Upgrade does the handshake that follows a server's consent to STARTTLS.
// Bytes that are there already were sent in clear behind the consent, where
// an attacker can put them: nothing is believed and nothing more is sent
// (RFC 3207 §4.2, RFC 9051 §6.2.1).
func (s *Session) Upgrade(ctx context.Context) error {
	if n := s.Pending(); n > 0 {
		s.inStep.Store(false)
		return &ProtocolError{Fault: Injected, Detail: string(s.Peek(200))}
	}
	err := s.handshake(ctx)
	var h *tlscheck.HandshakeError
	if errors.As(err, &h) && h.Failure == tlscheck.Plaintext && isText(h.First) {
		return &ProtocolError{Fault: Injected, Detail: firstLine(h.First), Err: h}
	}
	return err
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
	s.log.add(s.Scrub(firstLine(h.First)), false, false)
	if mail := settings.Protocol(speaks); mail == s.Endpoint().Protocol || speaks == "" {
		return &ProtocolError{Fault: SpeaksClear, Speaks: speaks, Detail: firstLine(h.First), Err: h}
	}
	return &ProtocolError{Fault: WrongProtocol, Speaks: speaks, Detail: firstLine(h.First), Err: h}
}

// FirstLine reads a server's first line. On a port without implicit TLS that
// stays silent it tries a ClientHello on the same connection: if a handshake
// comes about, the port expects TLS at once. A server that was only slow
// answers the ClientHello in clear; it is then asked again on a new
// connection, with patience.
func (s *Session) FirstLine(ctx context.Context) (string, error) {
	if s.secure {
		return s.ReadLine()
	}
	s.waitUntil(time.Now().Add(s.silence()))
	_, err := s.reader.Peek(1)
	s.waitUntil(time.Time{})
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return s.afterSilence(ctx, &ProtocolError{Fault: Silent, Err: err})
	case err != nil:
		return "", s.readError("", err)
	case looksLikeTLS(s.Peek(2)):
		s.Result.UnlikeAsked = &Unlike{Security: settings.TLS}
		return "", &ProtocolError{Fault: SpeaksTLS}
	}
	return s.ReadLine()
}

// silence is how long a cleartext port may say nothing. On a port registered
// for implicit TLS the mix-up is likely, so the wait is short.
func (s *Session) silence() time.Duration {
	e := s.Endpoint()
	switch {
	case s.opt.Timeouts.Silence > 0:
		return s.opt.Timeouts.Silence
	case e.Port == settings.DefaultPort(e.Protocol, settings.TLS):
		return time.Second
	}
	return 3 * time.Second
}

func (s *Session) afterSilence(ctx context.Context, silence error) (string, error) {
	s.guard.begin(s.deadline)
	err := s.handshake(ctx)
	var h *tlscheck.HandshakeError
	switch {
	case err == nil:
		return "", s.speaksTLS(silence)
	case errors.As(err, &h) && looksLikeTLS(h.First):
		s.Result.UnlikeAsked = &Unlike{Security: settings.TLS, First: h.First}
		return "", &ProtocolError{Fault: SpeaksTLS, Err: h}
	case errors.As(err, &h) && h.Failure == tlscheck.Plaintext && Recognise(h.First) != string(s.Endpoint().Protocol):
		line := firstLine(h.First)
		s.log.add(s.Scrub(line), false, false)
		return line, nil
	case errors.As(err, &h) && h.Failure == tlscheck.Timeout && h.Got == 0:
		return "", silence
	}
	return s.startOver(ctx)
}

// speaksTLS looks who is behind the TLS that a cleartext port turned out to
// speak, then leaves.
func (s *Session) speaksTLS(silence error) error {
	u := &Unlike{Security: settings.TLS}
	s.waitUntil(time.Now().Add(2 * time.Second))
	if line, err := s.ReadLine(); err == nil {
		u.First = []byte(line)
		u.Protocol = Recognise(u.First)
	}
	s.Result.UnlikeAsked = u
	return &ProtocolError{Fault: SpeaksTLS, Speaks: u.Protocol, Detail: string(u.First), Err: silence}
}

// startOver connects once more, because the ClientHello has spoiled the first
// connection, and gives the server the time of a whole phase again.
func (s *Session) startOver(ctx context.Context) (string, error) {
	s.Note("slow to greet")
	s.guard.Close()
	s.begin(s.phase)
	_, conn := s.dial(ctx, s.Result.RemoteAddr, s.deadline)
	if conn == nil {
		return "", &ProtocolError{Fault: Silent}
	}
	s.adopt(conn)
	return s.ReadLine()
}
