package bulk

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"mailprobe/internal/probe"
)

const (
	namesKept  = 1024        // answers that are remembered
	namesAge   = time.Minute // for how long
	namesAsked = 64          // questions at once
)

// Names asks the operating system for addresses and remembers some answers for
// a moment, so that who is called is known before, and asked once.
type names struct {
	asked   probe.Resolver
	turns   chan struct{}
	mu      sync.Mutex
	answers *recent[nameQuestion, nameAnswer]
}

type nameQuestion struct{ network, host string }

type nameAnswer struct {
	at    time.Time
	addrs []netip.Addr
	err   error
}

func newNames(asked probe.Resolver) *names {
	if asked == nil {
		asked = &net.Resolver{PreferGo: true} // the other one takes a thread for each question
	}
	return &names{asked: asked, turns: make(chan struct{}, namesAsked), answers: newRecent[nameQuestion, nameAnswer](namesKept)}
}

// LookupNetIP implements probe.Resolver.
func (n *names) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	q := nameQuestion{network, host}
	n.mu.Lock()
	a, ok := n.answers.get(q)
	n.mu.Unlock()
	if ok && time.Since(a.at) < namesAge {
		return a.addrs, a.err
	}
	select {
	case n.turns <- struct{}{}:
		defer func() { <-n.turns }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	a.addrs, a.err = n.asked.LookupNetIP(ctx, network, absolute(host))
	a.at = time.Now()
	if ctx.Err() == nil {
		n.mu.Lock()
		n.answers.put(q, a)
		n.mu.Unlock()
	}
	return a.addrs, a.err
}

// absolute keeps the search list of resolv.conf out of a question.
func absolute(host string) string {
	if strings.Contains(host, ".") && !strings.HasSuffix(host, ".") {
		return host + "."
	}
	return host
}

// called returns the addresses at which a host is called first, one of each
// family, sorted; none: they are not known.
func (n *names) called(ctx context.Context, way probe.Way, host string, port uint16) []netip.Addr {
	to, _, addrs, _ := way.Overrides.Way(host, port)
	if addr, err := netip.ParseAddr(to); err == nil && len(addrs) == 0 {
		addrs = []netip.Addr{addr}
	}
	if len(addrs) == 0 {
		addrs = n.lookUp(ctx, to)
	}
	var first [2]netip.Addr
	for _, a := range addrs {
		a = a.Unmap()
		family := 1
		if a.Is4() {
			family = 0
		}
		if wanted := way.Family == probe.AnyFamily || (way.Family == probe.IPv4Only) == a.Is4(); wanted && !first[family].IsValid() {
			first[family] = a
		}
	}
	var all []netip.Addr
	for _, a := range first {
		if a.IsValid() {
			all = append(all, a)
		}
	}
	return all
}

// lookUp asks for both families; whatever goes wrong is the probe's to tell.
func (n *names) lookUp(ctx context.Context, host string) []netip.Addr {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	var found [2][]netip.Addr
	var wait sync.WaitGroup
	for i, network := range []string{"ip4", "ip6"} {
		wait.Go(func() { found[i], _ = n.LookupNetIP(ctx, network, host) })
	}
	wait.Wait()
	return append(found[0], found[1]...)
}
