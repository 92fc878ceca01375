package verify

import (
	"context"
	"crypto/x509"
	"net"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"mailprobe/internal/lab"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// A world is an internet on loopback: names with addresses, and labs behind
// some of them. What is not there refuses connections at a host that is up,
// and is silent elsewhere. It implements probe.Resolver and probe.Dialer.
type world struct {
	t     *testing.T
	roots *x509.CertPool
	names map[string][]netip.Addr
	where map[netip.AddrPort]string // on loopback
	fates map[string]error          // of an address, or of an address with a port

	mu      sync.Mutex
	dialled map[string]int
}

func newWorld(t *testing.T) *world {
	return &world{t: t, roots: x509.NewCertPool(), names: make(map[string][]netip.Addr),
		where: make(map[netip.AddrPort]string), fates: make(map[string]error), dialled: make(map[string]int)}
}

// A site is what stands at one address.
type site struct {
	addr    string
	servers []lab.Server
}

func at(addr string, servers ...lab.Server) site { return site{addr, servers} }

func server(url string, fault lab.Fault) lab.Server {
	return lab.Server{Endpoint: endpoint(url), Fault: fault}
}

// endpoint reads a URL of the test's own text.
func endpoint(url string) settings.Endpoint {
	e, err := settings.ParseURL(url)
	if err != nil {
		panic(err)
	}
	return e
}

func documented(urls ...string) []settings.Setting { return inRole(settings.Documented, urls...) }

func inRole(role settings.Role, urls ...string) []settings.Setting {
	var list []settings.Setting
	for _, u := range urls {
		list = append(list, settings.Setting{Endpoint: endpoint(u), Role: role})
	}
	return list
}

// build starts a lab for each site and enters its hosts in DNS.
func (w *world) build(sites ...site) *world {
	w.t.Helper()
	for _, s := range sites {
		box, err := lab.Start(w.t.Context(), lab.Options{Servers: s.servers, Accounts: []lab.Account{{Address: "me@example.com", Password: "right"}}})
		if err != nil {
			w.t.Fatal(err)
		}
		w.t.Cleanup(func() { box.Close() })
		w.roots.AppendCertsFromPEM(box.CAPEM())
		for _, x := range s.servers {
			w.name(x.Endpoint.Host, s.addr)
			w.where[netip.AddrPortFrom(netip.MustParseAddr(s.addr), x.Endpoint.Port)] = box.Address(x.Endpoint)
		}
	}
	return w
}

func (w *world) name(host, addr string) {
	a := netip.MustParseAddr(addr)
	for _, known := range w.names[host] {
		if known == a {
			return
		}
	}
	w.names[host] = append(w.names[host], a)
}

func (w *world) LookupNetIP(_ context.Context, network, host string) ([]netip.Addr, error) {
	host = strings.TrimSuffix(host, ".")
	if err := w.fates[host]; err != nil {
		return nil, err
	}
	var found []netip.Addr
	for _, a := range w.names[host] {
		if a.Is4() == (network == "ip4") {
			found = append(found, a)
		}
	}
	if len(found) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return found, nil
}

func (w *world) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	to := netip.MustParseAddrPort(address)
	w.mu.Lock()
	w.dialled[address]++
	w.mu.Unlock()
	for _, key := range []string{address, to.Addr().String(), "*"} {
		if err := w.fates[key]; err != nil {
			return nil, &net.OpError{Op: "dial", Net: network, Err: err}
		}
	}
	local := w.where[to]
	if local == "" {
		return nil, &net.OpError{Op: "dial", Net: network, Err: w.nobody(to.Addr())}
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, local)
	if err != nil {
		return nil, err
	}
	return placed{conn, to}, nil
}

// nobody is what answers at an address where no server is.
func (w *world) nobody(addr netip.Addr) error {
	for known := range w.where {
		if known.Addr() == addr {
			return syscall.ECONNREFUSED
		}
	}
	return syscall.ETIMEDOUT
}

// connections returns how many connections went to an address, "addr:port" or
// "addr" for all of its ports; "" is every one.
func (w *world) connections(address string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	sum := 0
	for to, n := range w.dialled {
		if strings.HasPrefix(to, address) {
			sum += n
		}
	}
	return sum
}

// plan returns a plan for settings in this world.
func (w *world) plan(list []settings.Setting) Plan {
	p := Plan{Target: "example", Endpoints: list, Options: probe.Options{
		Resolver: w, Dialer: w,
		Timeouts: probe.Timeouts{Phase: 20 * time.Second, Silence: 50 * time.Millisecond},
	}}
	p.Options.TLS.System = w.roots
	return p
}

// placed is a connection that says where in the world it goes.
type placed struct {
	net.Conn
	to netip.AddrPort
}

func (c placed) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(c.to) }
