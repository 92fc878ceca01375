package discover

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"

	"mailprobe/internal/probe"
	"mailprobe/internal/tlscheck"
)

// An untrustedError says that the web server's certificate is not good.
type untrustedError struct {
	host  string
	port  uint16
	state *tlscheck.State
}

func (e *untrustedError) Error() string {
	return fmt.Sprintf("the certificate of %s is not trusted", e.host)
}

// A privateError says that a host was not called because it is in a private
// network, or this computer.
type privateError struct {
	host string
	addr netip.Addr
}

func (e *privateError) Error() string {
	return fmt.Sprintf("%s is at %s, which is this computer or in a private network", e.host, e.addr)
}

// A lookUpError says why a host has no address.
type lookUpError struct{ err error }

func (e *lookUpError) Error() string { return e.err.Error() }

func (e *lookUpError) Unwrap() error { return e.err }

// certain reports whether an error would be seen from everywhere: somebody
// answered, and refused. Silence, and a DNS server that does not answer, may be
// this network's.
func certain(err error) bool {
	_, lookUp := errors.AsType[*lookUpError](err)
	handshake, secured := errors.AsType[*tlscheck.HandshakeError](err)
	switch {
	case lookUp:
		return false
	case secured:
		return handshake.Failure != tlscheck.Timeout && handshake.Failure != tlscheck.Canceled
	}
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

// dialled reports whether an error came of a connection that was tried.
func dialled(err error) bool {
	_, lookUp := errors.AsType[*lookUpError](err)
	_, private := errors.AsType[*privateError](err)
	_, inClear := errors.AsType[*clearError](err)
	return err != nil && !lookUp && !private && !inClear && !errors.Is(err, errNoAddress)
}

// A clearError says that an address was not asked because it is not encrypted.
type clearError struct{ url string }

func (e *clearError) Error() string { return fmt.Sprintf("%s is not encrypted", e.url) }

// dial connects to a host, by turns at its addresses. One that somebody else
// named is not called in a private network.
func (w web) dial(ctx context.Context, host string, port uint16, strange bool) (net.Conn, error) {
	toHost, toPort, addrs, ruled := w.Overrides.Way(host, port)
	var err error
	if len(addrs) == 0 {
		if addrs, err = w.addresses(ctx, toHost); err != nil {
			return nil, &lookUpError{err}
		}
	}
	var last error
	for _, addr := range addrs[:min(len(addrs), 4)] {
		if strange && !ruled && Private(addr) {
			return nil, &privateError{host, addr}
		}
		conn, err := w.call(ctx, netip.AddrPortFrom(addr, toPort))
		if err == nil {
			return conn, nil
		}
		last = err
	}
	return nil, last
}

func (w web) call(ctx context.Context, at netip.AddrPort) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	var d probe.Dialer = w.Dialer
	if d == nil {
		d = new(net.Dialer)
	}
	return d.DialContext(ctx, "tcp", at.String())
}

// addresses finds the addresses of a host, IPv4 first: one that works is
// enough here.
func (w web) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr.Unmap()}, nil
	}
	var r probe.Resolver = w.Resolver
	if r == nil {
		r = net.DefaultResolver
		if strings.Contains(host, ".") {
			host += "." // the search list of this computer is not for it
		}
	}
	network := map[probe.Family]string{probe.AnyFamily: "ip", probe.IPv4Only: "ip4", probe.IPv6Only: "ip6"}[w.Family]
	addrs, err := r.LookupNetIP(ctx, network, host)
	if err != nil {
		return nil, err
	}
	for i, a := range addrs {
		addrs[i] = a.Unmap()
	}
	slices.SortStableFunc(addrs, func(a, b netip.Addr) int { return a.BitLen() - b.BitLen() })
	if len(addrs) == 0 {
		return nil, &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	return addrs, nil
}

// Private reports whether an address is one that somebody outside must not
// send this computer to: its own, those of private networks and of the link,
// and those that are nobody's.
func Private(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified() || a.IsMulticast() ||
		slices.ContainsFunc(inner, func(p netip.Prefix) bool { return p.Contains(a) })
}

// inner are further ranges that lead into the own network: those of carriers
// (RFC 6598), "this network", benchmarks, and IPv4 within IPv6 (RFC 6052).
var inner = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("255.255.255.255/32"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("fec0::/10"),
}

// notThere reports whether an error says that a name does not exist.
func notThere(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}
