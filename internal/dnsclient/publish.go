package dnsclient

import (
	"context"
	"net"
	"net/netip"
	"strings"
)

// Records is what a domain publishes under a name. Without records the domain
// says that there are none; whether they could not be asked for, the error
// says.
func (c *Client) Records(ctx context.Context, name string, t Type) (Answer, error) {
	a, err := c.Exchange(ctx, name, t)
	switch {
	case err != nil:
		return a, err
	case a.Rcode == "NXDOMAIN":
		return a, nil
	case a.Rcode != "NOERROR":
		return a, refusal(a)
	case !a.settles():
		return a, &serverError{a.Server, errReferral}
	}
	return a, nil
}

// LookupNetIP finds the addresses of a host as *net.Resolver does, by asking
// the DNS server itself. The network is "ip", "ip4" or "ip6".
func (c *Client) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	var addrs []netip.Addr
	var first error
	missing := 0
	types := []Type{A, AAAA}
	switch network {
	case "ip4":
		types = types[:1]
	case "ip6":
		types = types[1:]
	}
	for _, t := range types {
		a, err := c.Records(ctx, strings.TrimSuffix(host, "."), t)
		switch {
		case err != nil && first == nil:
			first = err
		case err == nil && a.Rcode == "NXDOMAIN":
			missing++
		}
		addrs = append(addrs, a.Addrs...)
	}
	switch {
	case len(addrs) > 0:
		return addrs, nil
	case first != nil:
		return nil, first
	}
	why := "no address"
	if missing == len(types) {
		why = "no such host"
	}
	return nil, &net.DNSError{Err: why, Name: host, IsNotFound: true}
}
