package discover

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"mailprobe/internal/dnsclient"
	"mailprobe/internal/settings"
)

// maxPinned bounds the servers whose records are asked for.
const maxPinned = 16

// A Pinned is what DNS says of the certificate of a server (RFC 6698), where the
// answer is authenticated: by a DNS server that is trusted to have verified it.
type Pinned struct {
	At   settings.Endpoint
	Pins []dnsclient.Pin
}

// Pinned asks for the TLSA records of servers. Answers that nothing
// authenticates, and those that are not to be had, are left out: without a
// signature the records say nothing.
func (o Options) Pinned(ctx context.Context, servers []settings.Endpoint) []Pinned {
	servers = slices.DeleteFunc(slices.Clone(servers), func(e settings.Endpoint) bool { return e.Security == settings.Plain })
	servers = servers[:min(len(servers), maxPinned)]
	all := make([]Pinned, len(servers))
	if o.DNS == nil {
		return nil
	}
	var wait sync.WaitGroup
	for i, e := range servers {
		wait.Go(func() {
			a, err := o.DNS.Records(ctx, fmt.Sprintf("_%d._tcp.%s", e.Port, e.Host), dnsclient.TLSA)
			if err == nil && a.AuthenticData && a.Trusted {
				all[i] = Pinned{e, a.TLSA}
			}
		})
	}
	wait.Wait()
	return slices.DeleteFunc(all, func(p Pinned) bool { return len(p.Pins) == 0 })
}
