package verify

import (
	"context"
	"net/netip"
	"slices"
	"sync"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// atOncePerHost bounds the connections to one host: servers count them.
const atOncePerHost = 2

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
		wait.Go(func() {
			others := otherAddresses(e.Result)
			e.Addresses = p.probeEach(ctx, e.Endpoint, others, turns[e.Host])
			e.Untested = slices.Concat(untested(others, e.Addresses), e.Result.Beyond, unanswered(append(e.Addresses, e.Result)))
		})
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

// untested lists the addresses of which no result tells.
func untested(addrs []netip.Addr, results []*probe.Result) []netip.Addr {
	return slices.DeleteFunc(slices.Clone(addrs), func(a netip.Addr) bool {
		return slices.ContainsFunc(results, func(r *probe.Result) bool { return slices.Contains(r.Resolved, a) })
	})
}

// unanswered lists the addresses from which no answer came in time: they were
// asked for, and nothing is known of them.
func unanswered(results []*probe.Result) []netip.Addr {
	var addrs []netip.Addr
	for _, r := range results {
		for _, a := range diagnose.Unanswered(r) {
			if !slices.Contains(addrs, a) {
				addrs = append(addrs, a)
			}
		}
	}
	return addrs
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
		if !known[a] {
			others = append(others, a)
		}
		known[a] = true
	}
	return others
}
