package probe

import (
	"context"
	"net"
	"time"

	"mailprobe/internal/settings"
)

// Open resolves and connects and, on a STARTTLS endpoint, runs the dialogue
// up to the server's consent. What it returns is the bare connection on which
// TLS begins; the caller owns it and its deadline is that of one phase.
func (s *Session) Open(ctx context.Context, dialogue func() error) (net.Conn, error) {
	stop := context.AfterFunc(ctx, s.abort)
	defer stop()
	s.begin(Connect)
	err := s.Resolve(ctx)
	if err == nil {
		err = s.Connect(ctx)
	}
	if err == nil && s.Endpoint().Security == settings.StartTLS {
		err = dialogue()
	}
	if err == nil && s.Pending() > 0 {
		err = &ProtocolError{Fault: Injected, Detail: string(s.Peek(200))}
	}
	if err != nil {
		s.abort()
		return nil, err
	}
	s.guard.SetDeadline(time.Time{})
	return s.guard, nil
}
