package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"os"
	"time"

	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// A second is what a ClientHello on a second connection to a silent server
// has shown.
type second struct {
	guard  *guard                   // nil: no connection came about
	tls    *tls.Conn                // nil: no handshake was completed
	state  *tlscheck.State          // of tls
	failed *tlscheck.HandshakeError // why there is no handshake; nil: for another reason
}

// afterSilence finds out what a silent port is. Servers that hold their
// greeting back take a client that speaks first for a sender of spam: on the
// first connection nothing is said before they have spoken. Whichever
// connection tells something first is believed.
func (s *Session) afterSilence(parent context.Context) (string, error) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	asked, first := make(chan second, 1), s.guard
	go func() {
		found := s.askAgain(ctx)
		if found.tells(s.Endpoint().Protocol) {
			first.SetReadDeadline(time.Now())
		}
		asked <- found
	}()
	s.waitUntil(s.deadline.Add(-time.Until(s.deadline) / 4))
	_, err := s.in().Peek(1)
	s.waitUntil(time.Time{})
	cancel()
	found := <-asked
	switch {
	case err == nil:
		found.close()
		s.Note("slow to greet")
		return s.spoken()
	case !found.tells(s.Endpoint().Protocol) && errors.Is(err, os.ErrDeadlineExceeded):
		found.close()
		return s.lastResort(parent, err)
	case !found.tells(s.Endpoint().Protocol):
		found.close()
		return "", s.readError("", err)
	}
	return s.otherwise(found, &ProtocolError{Fault: Silent, Err: err})
}

// lastResort says ClientHello on the first connection, shortly before its
// time is up: a server that takes one client at a time has not seen the
// second.
func (s *Session) lastResort(ctx context.Context, silence error) (string, error) {
	ctx, cancel := context.WithDeadline(ctx, s.deadline)
	defer cancel()
	found := s.greetTLS(ctx, s.guard)
	if !found.tells(s.Endpoint().Protocol) {
		return "", s.readError("", silence)
	}
	return s.otherwise(found, &ProtocolError{Fault: Silent, Err: silence})
}

// askAgain connects once more and says ClientHello at once.
func (s *Session) askAgain(ctx context.Context) second {
	_, conn := s.dial(ctx, s.Result.RemoteAddr, s.deadline)
	if conn == nil {
		return second{}
	}
	g := &guard{Conn: conn}
	g.begin(s.deadline)
	return s.greetTLS(ctx, g)
}

func (s *Session) greetTLS(ctx context.Context, g *guard) second {
	var failed *tlscheck.HandshakeError
	over, state, err := tlscheck.Client(ctx, g, s.Endpoint().Host, s.opt.TLS)
	errors.As(err, &failed)
	return second{g, over, state, failed}
}

// tells reports whether more is known than that the ClientHello was not
// understood: somebody speaks TLS, or another protocol.
func (f second) tells(p settings.Protocol) bool {
	if f.failed == nil {
		return f.tls != nil
	}
	speaks := Recognise(f.failed.First)
	return looksLikeTLS(f.failed.First) || speaks != "" && speaks != string(p)
}

func (f second) close() {
	if f.guard != nil {
		f.guard.Close()
	}
}

// otherwise goes on with the second connection, which has told what the port
// is; silence is what the first one told.
func (s *Session) otherwise(found second, silence error) (string, error) {
	if s.guard != found.guard {
		s.guard.Close()
		s.mu.Lock()
		s.guard = found.guard
		s.mu.Unlock()
	}
	switch {
	case found.tls != nil:
		s.Result.TLS = found.state
		s.use(found.tls, true)
		return "", s.speaksTLS(silence)
	case looksLikeTLS(found.failed.First):
		s.use(found.guard, false)
		s.Result.UnlikeAsked = &Unlike{Security: settings.TLS, First: found.failed.First}
		return "", &ProtocolError{Fault: SpeaksTLS, Err: found.failed}
	}
	s.use(found.guard, false)
	line := firstLine(found.failed.First)
	s.log.add(line, false, false)
	return line, nil
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
