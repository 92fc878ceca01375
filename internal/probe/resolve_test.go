package probe_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// A fakeResolver answers by family.
type fakeResolver map[string]answer

type answer struct {
	addrs []netip.Addr
	err   error
}

func (r fakeResolver) LookupNetIP(_ context.Context, network, _ string) ([]netip.Addr, error) {
	return r[network].addrs, r[network].err
}

func addrs(list ...string) []netip.Addr {
	var parsed []netip.Addr
	for _, text := range list {
		parsed = append(parsed, netip.MustParseAddr(text))
	}
	return parsed
}

type fakeDNS struct{ asked []string }

func (d *fakeDNS) Explain(_ context.Context, host string) *probe.Lookup {
	d.asked = append(d.asked, host)
	return &probe.Lookup{Rcode: "NXDOMAIN"}
}

var example = settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993, Security: settings.TLS}

// runPhases runs the first phases of a session and nothing else.
func runPhases(ctx context.Context, s *probe.Session) *probe.Result {
	return s.Run(ctx, []probe.Phase{{Name: probe.Resolve, Run: s.Resolve}, {Name: probe.Connect, Run: s.Connect}})
}

func resolve(t *testing.T, e settings.Endpoint, opt probe.Options) *probe.Result {
	t.Helper()
	s := probe.NewSession(e, opt)
	return s.Run(t.Context(), []probe.Phase{{Name: probe.Resolve, Run: s.Resolve}})
}

func TestResolve(t *testing.T) {
	nobody := &net.DNSError{Err: "no such host", IsNotFound: true}
	broken := &net.DNSError{Err: "server misbehaving", IsTemporary: true}
	v4, v6 := addrs("192.0.2.1"), addrs("2001:db8::1")
	rows := []struct {
		name   string
		v4, v6 answer
		family probe.Family
		want   string
	}{
		{"both families", answer{v4, nil}, answer{v6, nil}, 0, "[192.0.2.1 2001:db8::1]"},
		{"IPv4 alone", answer{v4, nil}, answer{nil, nobody}, 0, "[192.0.2.1]"},
		{"IPv6 alone", answer{nil, nobody}, answer{v6, nil}, 0, "[2001:db8::1]"},
		{"one family broken", answer{v4, nil}, answer{nil, broken}, 0, "[192.0.2.1]"},
		{"nobody", answer{nil, nobody}, answer{nil, nobody}, 0, "look up imap.example.com: lookup : no such host"},
		{"broken says more than nobody", answer{nil, nobody}, answer{nil, broken}, 0, "look up imap.example.com: lookup : server misbehaving"},
		{"and in the other order", answer{nil, broken}, answer{nil, nobody}, 0, "look up imap.example.com: lookup : server misbehaving"},
		{"broken says more than empty", answer{}, answer{nil, broken}, 0, "look up imap.example.com: lookup : server misbehaving"},
		{"empty", answer{}, answer{}, 0, "look up imap.example.com: the answer holds no address"},
		{"IPv6 only", answer{v4, nil}, answer{v6, nil}, probe.IPv6Only, "[2001:db8::1]"},
		{"IPv4 only", answer{v4, nil}, answer{v6, nil}, probe.IPv4Only, "[192.0.2.1]"},
		{"none of the family", answer{v4, nil}, answer{nil, nobody}, probe.IPv6Only, "look up imap.example.com: it has no address of the family asked for"},
		{"mapped", answer{addrs("::ffff:192.0.2.1"), nil}, answer{}, 0, "[192.0.2.1]"},
		{"many", answer{slices.Repeat(v4, 50), nil}, answer{v6, nil}, 0,
			"[" + strings.Repeat("192.0.2.1 ", 8) + "2001:db8::1]"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			dns := new(fakeDNS)
			r := resolve(t, example, probe.Options{Resolver: fakeResolver{"ip4": row.v4, "ip6": row.v6}, Family: row.family, DNS: dns})
			got := fmt.Sprint(r.Resolved)
			if f := r.FailedStep(); f != nil {
				got = f.Err.Error()
				if !errors.As(f.Err, new(*probe.ResolveError)) {
					t.Errorf("got  %T\nwant a *probe.ResolveError", f.Err)
				}
			}
			if got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
			if got, want := r.Lookup != nil, len(row.v4.addrs)+len(row.v6.addrs) == 0; got != want {
				t.Errorf("got  DNS asked: %v\nwant %v", got, want)
			}
		})
	}
}

func TestResolveByHand(t *testing.T) {
	rule := func(host string, port uint16, list ...string) probe.Overrides {
		return probe.Overrides{Resolve: []probe.ResolveRule{{Host: host, Port: port, Addrs: addrs(list...)}}}
	}
	to := func(r probe.ConnectRule) probe.Overrides { return probe.Overrides{ConnectTo: []probe.ConnectRule{r}} }
	both := to(probe.ConnectRule{Host: "imap.example.com", ToHost: "other.example.com", ToPort: 1993})
	both.Resolve = rule("other.example.com", 1993, "192.0.2.7").Resolve
	special := netip.MustParseAddr("192.0.2.99")
	literal := example
	literal.Host = "192.0.2.50"
	rows := []struct {
		name       string
		e          settings.Endpoint
		opt        probe.Options
		want       string
		overridden bool
	}{
		{"host and port", example, probe.Options{Overrides: rule("IMAP.example.com", 993, "192.0.2.5")}, "imap.example.com [192.0.2.5]", true},
		{"any host, any port", example, probe.Options{Overrides: rule("*", 0, "192.0.2.5", "2001:db8::5")}, "imap.example.com [192.0.2.5 2001:db8::5]", true},
		{"another port", example, probe.Options{Overrides: rule("imap.example.com", 143, "192.0.2.5")}, "imap.example.com [192.0.2.1]", false},
		{"another host", example, probe.Options{Overrides: rule("pop.example.com", 993, "192.0.2.5")}, "imap.example.com [192.0.2.1]", false},
		{"elsewhere, then by hand", example, probe.Options{Overrides: both}, "other.example.com [192.0.2.7]", true},
		{"elsewhere by address", example, probe.Options{Overrides: to(probe.ConnectRule{ToHost: "192.0.2.8"})}, "192.0.2.8 [192.0.2.8]", true},
		{"one address", example, probe.Options{Address: &special}, "imap.example.com [192.0.2.99]", false},
		{"an address as host", literal, probe.Options{}, "192.0.2.50 [192.0.2.50]", false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			row.opt.Resolver = fakeResolver{"ip4": {addrs("192.0.2.1"), nil}}
			r := resolve(t, row.e, row.opt)
			if got := fmt.Sprint(r.Host, " ", r.Resolved); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
			if got, want := r.Overridden, row.overridden; got != want {
				t.Errorf("got  overridden %v\nwant %v", got, want)
			}
		})
	}
}
