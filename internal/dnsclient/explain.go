package dnsclient

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync"

	"mailprobe/internal/probe"
)

// Explain asks for the addresses of a host that the operating system's
// resolver does not find. Both families are asked for at once; of the two
// answers it keeps the one that says more about the name. It is nil for an IP
// address, of which DNS knows nothing. Its Err says why there is no answer, or that the
// DNS server does know an address; Server is the one that was asked.
func (c *Client) Explain(ctx context.Context, host string) *probe.Lookup {
	if _, err := netip.ParseAddr(host); err == nil {
		return nil
	}
	if reason := outsideDNS(host); reason != "" {
		return &probe.Lookup{Err: notAsked(host, reason)}
	}
	var found [2]*probe.Lookup
	var wait sync.WaitGroup
	for i, t := range []Type{A, AAAA} {
		wait.Go(func() { found[i] = c.explain(ctx, host, t) })
	}
	wait.Wait()
	if weight(found[1]) > weight(found[0]) {
		return found[1]
	}
	return found[0]
}

// outsideDNS says why the answer of a DNS server would say nothing about a
// name, though the system's resolver was asked for it.
func outsideDNS(host string) string {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	last := name[strings.LastIndexByte(name, '.')+1:]
	switch {
	case last == "localhost":
		return "it means this computer (RFC 6761)"
	case last == name:
		return "it has no dot, so this computer completes it"
	case last == "local":
		return "names in .local are asked for on the local network (RFC 6762)"
	}
	return ""
}

func (c *Client) explain(ctx context.Context, host string, t Type) *probe.Lookup {
	a, err := c.Exchange(ctx, host, t)
	if err != nil {
		l := &probe.Lookup{Err: err}
		if e, ok := errors.AsType[*serverError](err); ok {
			l.Server = e.Server
		}
		return l
	}
	l := &probe.Lookup{Server: a.Server, Rcode: a.Rcode, EDE: a.EDE, CNAME: a.CNAME}
	switch {
	case a.Rcode == "NOERROR" && len(a.Addrs) > 0:
		l.Err = &foundError{a.Addrs}
	case a.Rcode == "NOERROR" && !a.settles():
		l.Err = &serverError{a.Server, errReferral}
	}
	return l
}

// weight orders what two answers for one name say: an address; that nothing
// of the name exists, which holds for every type (RFC 8020 §2); a refusal; no
// answer. That one family has no address says the least: the other may.
func weight(l *probe.Lookup) int {
	_, found := errors.AsType[*foundError](l.Err)
	switch {
	case found:
		return 4
	case l.Err != nil:
		return 1
	case l.Rcode == "NXDOMAIN":
		return 3
	case l.Rcode == "NOERROR":
		return 0
	}
	return 2
}
