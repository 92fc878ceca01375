package discover

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// PrivateAddress is the code of a finding that settings lead into a private
// network, where nobody asked to go.
const PrivateAddress = "settings.private_address"

// A Guard keeps connections to servers that a domain's sources name out of
// private networks, also where the name means another address by now. Where
// the user leads hosts by hand, those addresses are allowed.
type Guard struct {
	Overrides probe.Overrides
	Dialer    probe.Dialer // nil: a plain net.Dialer
}

// DialContext implements probe.Dialer.
func (g Guard) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if at, err := netip.ParseAddrPort(address); err == nil && Private(at.Addr()) && !g.led(at.Addr()) {
		return nil, &privateError{at.Addr().String(), at.Addr()}
	}
	if g.Dialer == nil {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	return g.Dialer.DialContext(ctx, network, address)
}

// Control refuses such an address before it is called; it is for a net.Dialer
// that looks names up by itself.
func (g Guard) Control(_, address string, _ syscall.RawConn) error {
	if at, err := netip.ParseAddrPort(address); err == nil && Private(at.Addr()) && !g.led(at.Addr()) {
		return &privateError{at.Addr().String(), at.Addr()}
	}
	return nil
}

func (g Guard) led(a netip.Addr) bool {
	return len(g.Overrides.ConnectTo) > 0 || slices.ContainsFunc(g.Overrides.Resolve, func(r probe.ResolveRule) bool { return slices.Contains(r.Addrs, a) })
}

// maxHosts bounds the hosts whose addresses are looked up.
const maxHosts = 32

// keepOut finds the offered hosts that are in private networks, and says so.
// They are not to be dialled.
func (a *asker) keepOut(ctx context.Context, reports []Report) map[string]bool {
	hosts := a.offered(reports)
	private := make([]netip.Addr, len(hosts))
	var wait sync.WaitGroup
	for i, e := range hosts {
		wait.Go(func() { private[i] = a.inside(ctx, e) })
	}
	wait.Wait()
	out := map[string]bool{}
	for i, e := range hosts {
		if !private[i].IsValid() {
			continue
		}
		out[e.Host] = true
		for j := range reports {
			if slices.ContainsFunc(endpointsOf(reports[j], a.domain), func(x settings.Endpoint) bool { return x.Host == e.Host }) {
				reports[j].says(finding.Finding{Code: PrivateAddress, Args: finding.Args{"name": e.Host, "ip": private[i].String()},
					Message: "{name} is published as a mail server, and is at {ip}: this computer or a private network. mailprobe does not go there.",
					Remedy:  "If that is right, name the address with --resolve or --connect-to, or the server by its URL."})
				break
			}
		}
	}
	return out
}

// offered lists the hosts that sources other than the catalogue name, each
// once.
func (a *asker) offered(reports []Report) []settings.Endpoint {
	var hosts []settings.Endpoint
	for _, r := range reports {
		if r.Provider != nil {
			continue
		}
		for _, e := range endpointsOf(r, a.domain) {
			known := slices.ContainsFunc(hosts, func(x settings.Endpoint) bool { return x.Host == e.Host })
			if !known && !strings.Contains(e.Host, "%") && len(hosts) < maxHosts {
				hosts = append(hosts, e)
			}
		}
	}
	return hosts
}

func endpointsOf(r Report, target string) []settings.Endpoint {
	var list []settings.Endpoint
	for _, o := range r.Offers {
		list = append(list, o.Endpoint(target))
	}
	return list
}

// inside returns the private address of a host; the zero Addr: it has none,
// or the user leads it somewhere.
func (a *asker) inside(ctx context.Context, e settings.Endpoint) netip.Addr {
	if _, _, _, ruled := a.Overrides.Way(e.Host, e.Port); ruled {
		return netip.Addr{}
	}
	addrs, err := a.web.addresses(ctx, e.Host)
	if i := slices.IndexFunc(addrs, Private); err == nil && i >= 0 {
		return addrs[i]
	}
	return netip.Addr{}
}
