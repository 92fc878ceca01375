package probe

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
)

// A Way leads connections that no probe makes, such as those to web servers,
// to where those of the probes would go. The zero Way is the network as it is.
type Way struct {
	Overrides Overrides
	Family    Family
	Dialer    Dialer // nil: a plain net.Dialer
}

// DialContext connects to "host:port"; network is "tcp".
func (w Way) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return nil, err
	}
	host, to, _ := w.Overrides.redirect(host, uint16(port))
	given, ok := w.Overrides.addresses(host, to)
	if !ok {
		return w.dialer().DialContext(ctx, w.network(network), net.JoinHostPort(host, portText(to)))
	}
	return w.dialAny(ctx, host, inFamily(given, w.Family), to)
}

// dialAny connects to the first of the addresses given for a host that accepts.
func (w Way) dialAny(ctx context.Context, host string, addrs []netip.Addr, port uint16) (conn net.Conn, err error) {
	err = &ResolveError{Host: host, Err: errNoFamily}
	for _, a := range addrs {
		if conn, err = w.dialOne(ctx, netip.AddrPortFrom(a, port)); err == nil || ctx.Err() != nil {
			return conn, err
		}
	}
	return nil, fmt.Errorf("connect to %s: %w", host, err)
}

func (w Way) dialOne(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, perAddress)
	defer cancel()
	return w.dialer().DialContext(ctx, "tcp", addr.String())
}

func (w Way) dialer() Dialer {
	if w.Dialer == nil {
		return &net.Dialer{}
	}
	return w.Dialer
}

func (w Way) network(any string) string {
	if w.Family == AnyFamily {
		return any
	}
	return any + strconv.Itoa(int(w.Family))
}
