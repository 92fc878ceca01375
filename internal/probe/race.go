package probe

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"time"
)

const (
	stagger      = 250 * time.Millisecond  // between two starts (RFC 8305 §8, Connection Attempt Delay)
	leastStagger = 10 * time.Millisecond   // RFC 8305 §8 allows no less
	perAddress   = 10 * time.Second        // for one address to accept
	settleTime   = 3500 * time.Millisecond // the least that an address is given that was overtaken
)

// A race is the staggered start of connections to the addresses of a host
// (RFC 8305 §5). The first that is accepted wins.
type race struct {
	dial    func(netip.AddrPort) (Attempt, net.Conn)
	waiting []netip.AddrPort // not called yet
	running []call
	results chan dialled
	pause   time.Duration // that a call has alone before the next
	next    *time.Timer   // the next start
	giveUp  func()        // ends what still runs
	decided time.Time
}

// A call is a connection under way.
type call struct {
	addr  netip.AddrPort
	began time.Time
}

type dialled struct {
	attempt Attempt
	conn    net.Conn // nil: it was not accepted
}

// start calls the next address, if there is one.
func (r *race) start() {
	r.next.Reset(r.pause)
	if len(r.waiting) == 0 {
		return
	}
	addr := r.waiting[0]
	r.waiting, r.running = r.waiting[1:], append(r.running, call{addr, time.Now()})
	dial := func() {
		attempt, conn := r.dial(addr)
		r.results <- dialled{attempt, conn}
	}
	if len(r.waiting) == 0 && len(r.running) == 1 { // there is nothing else to wait for
		dial()
	} else {
		go dial()
	}
}

// run returns the first connection, or nil and the last attempt's error. Each
// attempt that has ended is shown to tried. When ctx ends nobody more is called.
func (r *race) run(ctx context.Context, tried func(Attempt)) (net.Conn, error) {
	defer r.next.Stop()
	var err error
	for len(r.running) > 0 {
		select {
		case <-r.next.C:
			r.start()
		case d := <-r.results:
			r.ended(d, tried)
			if d.conn != nil {
				r.decided = time.Now()
				return d.conn, nil
			}
			if err = d.attempt.Err; ctx.Err() == nil && !r.young() {
				r.start()
			}
		}
	}
	return nil, err
}

func (r *race) ended(d dialled, tried func(Attempt)) {
	tried(d.attempt)
	r.running = slices.DeleteFunc(r.running, func(c call) bool { return c.addr == d.attempt.Addr })
}

// young reports whether a call under way has not had its time alone yet.
func (r *race) young() bool {
	return slices.ContainsFunc(r.running, func(c call) bool { return time.Since(c.began) < r.pause })
}

// settle lets the attempts that lost end, closes their connections and shows
// each to tried. One that has not answered settleTime after the decision is a
// time-out: a mail program that takes it first would hang.
func (r *race) settle(tried func(Attempt)) {
	limit := time.NewTimer(time.Until(r.decided.Add(settleTime)))
	defer limit.Stop()
	for len(r.running) > 0 {
		select { // what has come counts, however late it is looked at
		case d := <-r.results:
			r.ended(d, tried)
			d.close()
			continue
		default:
		}
		select {
		case d := <-r.results:
			r.ended(d, tried)
			d.close()
		case <-limit.C:
			for _, c := range r.running {
				tried(Attempt{c.addr, time.Since(c.began), context.DeadlineExceeded})
			}
			r.forget()
		}
	}
	r.giveUp()
}

// forget ends what still runs, and closes what comes of it all the same.
func (r *race) forget() {
	r.giveUp()
	left := len(r.running)
	r.running = nil
	go func() {
		for range left {
			(<-r.results).close()
		}
	}()
}

func (d dialled) close() {
	if d.conn != nil {
		d.conn.Close()
	}
}

// inTurn lists the addresses in the order in which they are called: that of
// the resolver, the families by turns (RFC 8305 §4).
func inTurn(addrs []netip.Addr, port uint16) []netip.AddrPort {
	var families [2][]netip.AddrPort
	for _, a := range addrs {
		family := 0
		if a.Is6() != addrs[0].Is6() {
			family = 1
		}
		families[family] = append(families[family], netip.AddrPortFrom(a, port))
	}
	var turns []netip.AddrPort
	for i := range max(len(families[0]), len(families[1])) {
		for _, f := range families {
			if i < len(f) {
				turns = append(turns, f[i])
			}
		}
	}
	return turns
}
