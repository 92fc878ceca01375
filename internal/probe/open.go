package probe

import (
	"context"
	"net"
	"time"

	"mailprobe/internal/settings"
)

// Open resolves and connects and, on a STARTTLS endpoint, hears the greeting
// and obtains the server's consent, all within the time of one phase. What it
// returns is the bare connection on which TLS begins; the caller owns it.
func (s *Session) Open(ctx context.Context, greeting func(context.Context) error, consent func() error) (net.Conn, error) {
	stop := context.AfterFunc(ctx, s.abort)
	defer stop()
	s.begin(Connect)
	err := s.Resolve(ctx)
	if err == nil {
		err = s.Connect(ctx)
	}
	if err == nil && s.Endpoint().Security == settings.StartTLS {
		if err = greeting(ctx); err == nil {
			err = consent()
		}
	}
	if err == nil {
		err = s.nothingInjected()
	}
	if err != nil {
		s.abort()
		return nil, err
	}
	s.guard.SetDeadline(time.Time{})
	return s.guard, nil
}
