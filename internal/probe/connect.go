package probe

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"time"
)

func portText(port uint16) string { return strconv.Itoa(int(port)) }

// Connect calls the host's addresses one after the other, each as soon as the
// one before it has failed or has had a moment alone (RFC 8305), and goes on
// with the first that accepts. The first address of each family is called
// at once: what became of both is worth knowing, and only the quicker one
// would be seen. The others under way are let finish and recorded, because a
// mail program that takes one of them first would hang.
func (s *Session) Connect(ctx context.Context) error {
	if len(s.Result.Resolved) == 1 {
		return s.connectOnly(ctx, netip.AddrPortFrom(s.Result.Resolved[0], s.port))
	}
	r := s.newRace(ctx)
	conn, err := r.run(ctx, s.tried)
	if conn == nil {
		r.giveUp()
		return &ConnectError{Err: err}
	}
	s.race = r
	s.adopt(conn)
	return nil
}

// connectOnly calls the only address there is.
func (s *Session) connectOnly(ctx context.Context, addr netip.AddrPort) error {
	attempt, conn := s.dial(ctx, addr, s.deadline)
	s.tried(attempt)
	if conn == nil {
		return &ConnectError{Err: attempt.Err}
	}
	s.adopt(conn)
	return nil
}

func (s *Session) tried(a Attempt) { s.Result.Tried = append(s.Result.Tried, a) }

// newRace returns the race to all addresses, begun. Where the phase is short
// the starts move together: the last address has half the time at least.
func (s *Session) newRace(ctx context.Context) *race {
	addrs, deadline := inTurn(s.Result.Resolved, s.port), s.deadline
	ctx, giveUp := context.WithCancel(ctx)
	share := time.Until(deadline) / time.Duration(2*len(addrs))
	r := &race{
		dial:    func(addr netip.AddrPort) (Attempt, net.Conn) { return s.dial(ctx, addr, deadline) },
		waiting: addrs, results: make(chan dialled, len(addrs)), giveUp: giveUp,
		pause: min(stagger, max(share, leastStagger)),
	}
	r.next = time.NewTimer(r.pause)
	r.start()
	if len(addrs) > 1 && addrs[0].Addr().Is6() != addrs[1].Addr().Is6() {
		r.start()
	}
	return r
}

func (s *Session) dial(ctx context.Context, addr netip.AddrPort, deadline time.Time) (Attempt, net.Conn) {
	started := time.Now()
	if one := started.Add(perAddress); one.Before(deadline) {
		deadline = one
	}
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	var d Dialer = s.opt.Dialer
	if d == nil {
		d = UsualDialer()
	}
	conn, err := d.DialContext(ctx, "tcp", addr.String())
	return Attempt{addr, time.Since(started), err}, conn
}

// UsualDialer is a net.Dialer without keep-alives: no dialogue is so long that
// it needs them.
func UsualDialer() *net.Dialer { return &net.Dialer{KeepAlive: -1} }

// adopt puts the guard around a new connection and makes it the session's.
func (s *Session) adopt(conn net.Conn) {
	g := &guard{Conn: conn}
	g.begin(s.deadline)
	s.mu.Lock()
	s.guard = g
	s.mu.Unlock()
	s.use(g, false)
	if remote, ok := conn.RemoteAddr().(*net.TCPAddr); ok {
		ap := remote.AddrPort()
		s.Result.RemoteAddr = netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	}
}

// LocalAddr returns the address that this side talks from; the zero Addr if
// it is not known.
func (s *Session) LocalAddr() netip.Addr {
	if local, ok := s.guard.LocalAddr().(*net.TCPAddr); ok {
		return local.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}
