package probe

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"time"
)

const (
	perAddress = 10 * time.Second        // for one address to accept
	settleTime = 1500 * time.Millisecond // the least that the slower family is given
)

func portText(port uint16) string { return strconv.Itoa(int(port)) }

// Connect dials the first address of each family at once and goes on with the
// first that accepts; the other attempt is let finish and recorded, because
// a mail program that takes it first would hang (RFC 8305 hides such faults).
// If neither accepts, the other addresses are tried one after the other.
func (s *Session) Connect(ctx context.Context) error {
	first, rest := s.raceAndRest()
	conn, err := s.race(ctx, first)
	for _, addr := range rest {
		if conn != nil || time.Now().After(s.deadline) {
			break
		}
		a, c := s.dial(ctx, addr, s.deadline)
		s.Result.Tried = append(s.Result.Tried, a)
		if conn = c; conn == nil {
			err = a.Err
		}
	}
	if conn == nil {
		return &ConnectError{Err: err}
	}
	s.adopt(conn)
	return nil
}

// raceAndRest splits the addresses into the first of each family and the
// others in order.
func (s *Session) raceAndRest() (first, rest []netip.AddrPort) {
	var seen [2]bool
	for _, a := range s.Result.Resolved {
		family := 0
		if a.Is6() {
			family = 1
		}
		ap := netip.AddrPortFrom(a, s.port)
		if seen[family] {
			rest = append(rest, ap)
			continue
		}
		seen[family] = true
		first = append(first, ap)
	}
	return first, rest
}

type dialled struct {
	attempt Attempt
	conn    net.Conn
}

// race dials all addrs at once and returns the first connection. What is
// still under way then is collected by finish.
func (s *Session) race(ctx context.Context, addrs []netip.AddrPort) (net.Conn, error) {
	if len(addrs) == 1 {
		a, conn := s.dial(ctx, addrs[0], s.deadline)
		s.Result.Tried = append(s.Result.Tried, a)
		return conn, a.Err
	}
	results, deadline := make(chan dialled, len(addrs)), s.deadline
	ctx, s.giveUp = context.WithCancel(ctx)
	for _, addr := range addrs {
		go func() {
			a, c := s.dial(ctx, addr, deadline)
			results <- dialled{a, c}
		}()
	}
	var err error
	for n := len(addrs); n > 0; n-- {
		d := <-results
		s.Result.Tried = append(s.Result.Tried, d.attempt)
		if d.conn != nil {
			s.others(results, addrs, n-1)
			return d.conn, nil
		}
		err = d.attempt.Err
	}
	s.giveUp()
	return nil, err
}

// others lets the attempts that lost finish; their connections are closed.
func (s *Session) others(results chan dialled, addrs []netip.AddrPort, n int) {
	if n == 0 {
		s.giveUp()
		return
	}
	s.otherAddr, s.raced = addrs, time.Now()
	s.other = make(chan Attempt, n)
	other := s.other
	go func() {
		for range n {
			d := <-results
			if d.conn != nil {
				d.conn.Close()
			}
			other <- d.attempt
		}
		close(other)
	}()
}

// collectOther records the attempts that lost the race, waiting for them no
// longer than settleTime after it.
func (s *Session) collectOther() {
	if s.other == nil {
		return
	}
	defer s.giveUp()
	limit := time.NewTimer(time.Until(s.raced.Add(settleTime)))
	defer limit.Stop()
	for {
		select {
		case a, open := <-s.other:
			if !open {
				return
			}
			s.Result.Tried = append(s.Result.Tried, a)
		case <-limit.C:
			s.giveUpOthers()
			return
		}
	}
}

// giveUpOthers records what has not answered until now as a time-out.
func (s *Session) giveUpOthers() {
	for _, addr := range s.otherAddr {
		known := false
		for _, t := range s.Result.Tried {
			known = known || t.Addr == addr
		}
		if !known {
			s.Result.Tried = append(s.Result.Tried, Attempt{addr, time.Since(s.raced), context.DeadlineExceeded})
		}
	}
}

func (s *Session) dial(ctx context.Context, addr netip.AddrPort, deadline time.Time) (Attempt, net.Conn) {
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	ctx, cancelOne := context.WithTimeout(ctx, perAddress)
	defer cancelOne()
	var d Dialer = s.opt.Dialer
	if d == nil {
		d = &net.Dialer{}
	}
	started := time.Now()
	conn, err := d.DialContext(ctx, "tcp", addr.String())
	return Attempt{addr, time.Since(started), err}, conn
}

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
