package bulk

import (
	"context"
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

func (g *gate) isOwn(a netip.Addr) bool { return a.IsLoopback() || g.own[a.Unmap()] }

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
