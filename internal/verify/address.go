package verify

import (
	"context"
	"net/netip"
	"sync"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

const (
	maxOtherAddresses = 8 // of one endpoint that are probed
	atOncePerHost     = 2 // connections to one host: servers count them
)

// probeAddresses probes every other address of each endpoint, without signing
// in, if the plan asks for it.
func (p Plan) probeAddresses(ctx context.Context, endpoints []Endpoint) {
	if !p.AllAddresses {
		return
	}
	turns := make(map[string]chan struct{})
	for _, e := range endpoints {
		turns[e.Host] = make(chan struct{}, atOncePerHost)
	}
	var wait sync.WaitGroup
	for i := range endpoints {
		e := &endpoints[i]
		wait.Go(func() { e.Addresses = p.probeEach(ctx, e.Endpoint, otherAddresses(e.Result), turns[e.Host]) })
	}
	wait.Wait()
}

// probeEach probes one endpoint at each address, as many at once as there are
// turns.
func (p Plan) probeEach(ctx context.Context, e settings.Endpoint, addrs []netip.Addr, turns chan struct{}) []*probe.Result {
	results := make([]*probe.Result, len(addrs))
	var wait sync.WaitGroup
	for i, addr := range addrs {
		wait.Go(func() {
			select {
			case turns <- struct{}{}:
			case <-ctx.Done():
				return
			}
			defer func() { <-turns }()
			opt := p.besides()
			opt.Address = &addr
			results[i] = speaking(e, opt).Probe(ctx)
		})
	}
	wait.Wait()
	return observed(ctx, results)
}

// otherAddresses lists the addresses of a host of which nothing is known yet:
// the dialogue of r did not go there, and no connection failed.
func otherAddresses(r *probe.Result) []netip.Addr {
	known := map[netip.Addr]bool{r.RemoteAddr.Addr(): true}
	for _, t := range r.Tried {
		known[t.Addr.Addr()] = known[t.Addr.Addr()] || t.Err != nil
	}
	var others []netip.Addr
	for _, a := range r.Resolved {
		if !known[a] && len(others) < maxOtherAddresses {
			others = append(others, a)
		}
		known[a] = true
	}
	return others
}
