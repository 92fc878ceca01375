package bulk

import (
	"context"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// What a stranger's server is asked at once where the user says nothing.
// Courier's imapd takes four connections from an address (MAXPERIP in its
// etc/imapd, courier-mta.org, read on 2026-11-30).
const (
	usualPerHost     = 4
	usualPerProvider = 16
	unbounded        = 1 << 30
)

// A place at a server is given on after a pause, by chance up to jitter longer
// than the least: the server sees that the one is gone before the next comes.
const (
	leastPause = 20 * time.Millisecond
	jitter     = 100 * time.Millisecond
)

// Limits are how much is done at once. What is zero is as usual, which is
// without a limit for servers on this computer.
type Limits struct {
	Jobs        int        // dialogues in all; 0: 128
	PerHost     int        // with one host, and at one address
	PerProvider int        // with all hosts of one operator
	Rate        rate.Limit // connections begun in a second; 0: any number
}

// UsualJobs is how many dialogues there are at once where nothing is said.
const UsualJobs = 128

func (l Limits) jobs() int {
	if l.Jobs > 0 {
		return l.Jobs
	}
	return UsualJobs
}

// A gate lets dialogues begin within the limits.
type gate struct {
	limits Limits
	names  *names
	own    map[netip.Addr]bool // this computer's addresses
	lanes  *lanes
	slots  chan struct{}
	rate   *rate.Limiter // nil: none
	credit atomic.Int64  // connections that have waited for the rate already
	dialer probe.Dialer  // nil: probe.UsualDialer
}

func newGate(l Limits, n *names, dialer probe.Dialer) *gate {
	g := &gate{limits: l, names: n, own: ownAddresses(), lanes: newLanes(), slots: make(chan struct{}, l.jobs()), dialer: dialer}
	if l.Rate > 0 {
		g.rate = rate.NewLimiter(l.Rate, 1)
	}
	return g
}

// ownAddresses are those of this computer's interfaces; a system that does not
// tell has loopback alone.
func ownAddresses() map[netip.Addr]bool {
	own := make(map[netip.Addr]bool)
	list, err := net.InterfaceAddrs()
	if err != nil {
		return own
	}
	for _, a := range list {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			own[p.Addr().Unmap()] = true
		}
	}
	return own
}

// A place is leave to hold one dialogue.
type place struct {
	gate    *gate
	keys    []string // of the lanes
	bounded bool     // one of them has a limit
	aside   func()   // called before a wait for one of them
}

// enter waits until a dialogue with an endpoint may begin: first at its
// operator, then its host, then its addresses, last for a slot. In this order
// nobody waits for a place whose owner waits for him. aside is called where it
// has to wait for a server. The error is that of ctx.
func (g *gate) enter(ctx context.Context, e settings.Endpoint, way probe.Way, aside func()) (*place, error) {
	p := &place{gate: g, aside: aside}
	err := p.takeAll(ctx, e, way)
	if err == nil {
		err = g.begin(ctx)
	}
	if err != nil {
		p.freeLanes(0)
		return nil, err
	}
	return p, nil
}

// takeAll takes a place in every lane that leads to an endpoint.
func (p *place) takeAll(ctx context.Context, e settings.Endpoint, way probe.Way) error {
	g := p.gate
	if err := p.take(ctx, "operator "+operator(e.Host), g.most(e, way, g.limits.PerProvider, usualPerProvider)); err != nil {
		return err
	}
	if err := p.take(ctx, "host "+e.Host, g.most(e, way, g.limits.PerHost, usualPerHost)); err != nil {
		return err
	}
	for _, a := range g.names.called(ctx, way, e.Host, e.Port) {
		most := usualPerHost
		switch {
		case g.limits.PerHost > 0:
			most = g.limits.PerHost
		case g.isOwn(a):
			most = unbounded
		}
		if err := p.take(ctx, "address "+a.String(), most); err != nil {
			return err
		}
	}
	return nil
}

// begin waits for a slot and for the rate.
func (g *gate) begin(ctx context.Context) error {
	select {
	case g.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if g.rate == nil {
		return nil
	}
	if err := g.rate.Wait(ctx); err != nil {
		<-g.slots
		if ctx.Err() == nil { // its deadline comes before the turn would
			return context.DeadlineExceeded
		}
		return ctx.Err()
	}
	g.credit.Add(1)
	return nil
}

// most is what the user says, or as usual. A host that is led to this computer
// by hand is one of its own.
func (g *gate) most(e settings.Endpoint, way probe.Way, said, usual int) int {
	if said > 0 {
		return said
	}
	to, _, addrs, _ := way.Overrides.Way(e.Host, e.Port)
	if addr, err := netip.ParseAddr(to); err == nil && len(addrs) == 0 {
		addrs = []netip.Addr{addr}
	}
	for _, a := range addrs {
		if !g.isOwn(a) {
			return usual
		}
	}
	if len(addrs) > 0 || to == "localhost" {
		return unbounded
	}
	return usual
}

func (g *gate) isOwn(a netip.Addr) bool { return a.IsLoopback() || g.own[a.Unmap()] }

func (p *place) take(ctx context.Context, key string, most int) error {
	if err := p.gate.lanes.enter(ctx, key, most, p.aside); err != nil {
		return err
	}
	p.keys, p.bounded = append(p.keys, key), p.bounded || most < unbounded
	return nil
}

// leave gives the place on, where there is a limit after a moment, so that
// connections keep no step. busy: the server had enough.
func (p *place) leave(busy bool) {
	for _, key := range p.keys {
		if busy {
			p.gate.lanes.rest(key, rand.Float64())
		} else {
			p.gate.lanes.served(key)
		}
	}
	pause := time.Duration(0)
	if p.bounded {
		pause = leastPause + rand.N(jitter)
	}
	p.freeLanes(pause)
	<-p.gate.slots
}

func (p *place) freeLanes(pause time.Duration) {
	for _, key := range p.keys {
		p.gate.lanes.leave(key, pause)
	}
}

// DialContext implements probe.Dialer. Connections that a dialogue makes beside
// its first count for the rate, and those that come later wait for them.
func (g *gate) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if g.rate != nil && g.credit.Add(-1) < 0 {
		g.credit.Add(1)
		g.rate.Reserve()
	}
	if g.dialer == nil {
		return probe.UsualDialer().DialContext(ctx, network, address)
	}
	return g.dialer.DialContext(ctx, network, address)
}
