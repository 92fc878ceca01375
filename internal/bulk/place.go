package bulk

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"time"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// A place is leave to hold one dialogue.
type place struct {
	gate    *gate
	keys    []string // of the lanes
	bounded bool     // one of them has a limit
	aside   func()   // called before a wait for one of them
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
