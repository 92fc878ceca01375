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

// FirstLine reads a server's first line. Where a port without implicit TLS
// stays silent, a ClientHello on a second connection tells whether it expects
// TLS at once; a server that is only slow is heard out on the first.
func (s *Session) FirstLine(ctx context.Context) (string, error) {
	if s.secure {
		return s.ReadLine()
	}
	s.waitUntil(time.Now().Add(s.silence()))
	_, err := s.reader.Peek(1)
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
