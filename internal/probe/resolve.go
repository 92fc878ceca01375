package probe

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
)

// maxAddresses bounds the addresses of one host and family that are tried.
const maxAddresses = 8

// Resolve finds the addresses of the endpoint's host. A and AAAA are asked
// for separately, so that one family's fault does not hide behind the other.
func (s *Session) Resolve(ctx context.Context) error {
	e := s.Result.Endpoint
	host, port, moved := s.opt.Overrides.redirect(e.Host, e.Port)
	s.Result.Host, s.port, s.Result.Overridden = host, port, moved
	if moved {
		s.Note("sent to " + net.JoinHostPort(host, portText(port)) + " by --connect-to")
	}
	addrs, err := s.addresses(ctx, host, port)
	if err != nil {
		if s.opt.DNS != nil && ctx.Err() == nil {
			s.Result.Lookup = s.explain(ctx, host)
		}
		return &ResolveError{Host: host, Err: err}
	}
	s.Result.Resolved = s.ofFamily(addrs)
	if len(s.Result.Resolved) == 0 {
		return &ResolveError{Host: host, Err: errNoFamily}
	}
	return nil
}

// explain asks DNS itself, after the time of the phase if need be.
func (s *Session) explain(ctx context.Context, host string) *Lookup {
	ctx, cancel := context.WithTimeout(ctx, s.share(toLookUp))
	defer cancel()
	return s.opt.DNS.Explain(ctx, host)
}

var (
	errNoFamily  = errors.New("it has no address of the family asked for")
	errNoAddress = errors.New("the answer holds no address")
)

func (s *Session) addresses(ctx context.Context, host string, port uint16) ([]netip.Addr, error) {
	if s.opt.Address != nil {
		s.Note("this address of several")
		return []netip.Addr{*s.opt.Address}, nil
	}
	if addrs, ok := s.opt.Overrides.addresses(host, port); ok {
		s.Result.Overridden = true
		s.Note("given by --resolve")
		return addrs, nil
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, nil
	}
	return s.lookUp(ctx, host)
}

// lookUp asks for both families at once. The error is that of the family
// whose answer says more than "nothing there".
func (s *Session) lookUp(ctx context.Context, host string) ([]netip.Addr, error) {
	ctx, cancel := context.WithDeadline(ctx, s.deadline)
	defer cancel()
	var found [2][]netip.Addr
	var errs [2]error
	var wait sync.WaitGroup
	for i, network := range []string{"ip4", "ip6"} {
		wait.Add(1)
		go func() {
			defer wait.Done()
			found[i], errs[i] = s.resolver().LookupNetIP(ctx, network, absolute(host, s.opt.Resolver == nil))
		}()
	}
	wait.Wait()
	var addrs, beyond []netip.Addr
	for _, list := range found {
		n := min(len(list), maxAddresses)
		addrs, beyond = append(addrs, list[:n]...), append(beyond, list[n:]...)
	}
	s.Result.Beyond = s.ofFamily(beyond)
	switch {
	case len(addrs) > 0:
		return addrs, nil
	case errs[0] == nil && errs[1] == nil:
		return nil, errNoAddress
	case errs[0] == nil || notFound(errs[0]) && errs[1] != nil:
		return nil, errs[1]
	}
	return nil, errs[0]
}

func (s *Session) resolver() Resolver {
	if s.opt.Resolver == nil {
		return net.DefaultResolver
	}
	return s.opt.Resolver
}

// absolute keeps the search list of resolv.conf out of a look-up.
func absolute(host string, system bool) string {
	if system && strings.Contains(host, ".") && !strings.HasSuffix(host, ".") {
		return host + "."
	}
	return host
}

func notFound(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// ofFamily keeps the addresses of the family that the user asked for.
func (s *Session) ofFamily(addrs []netip.Addr) []netip.Addr { return inFamily(addrs, s.opt.Family) }

func inFamily(addrs []netip.Addr, f Family) []netip.Addr {
	var kept []netip.Addr
	for _, a := range addrs {
		a = a.Unmap()
		if f == AnyFamily || (f == IPv4Only) == a.Is4() {
			kept = append(kept, a)
		}
	}
	return kept
}
