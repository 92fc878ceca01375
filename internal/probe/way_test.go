package probe

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"
)

// recordedDialer records where a Way connects to.
type recordedDialer struct{ network, address []string }

func (d *recordedDialer) DialContext(_ context.Context, network, address string) (net.Conn, error) {
	d.network, d.address = append(d.network, network), append(d.address, address)
	if strings.HasPrefix(address, "192.0.2.1:") {
		return nil, net.ErrClosed
	}
	c, _ := net.Pipe()
	return c, nil
}

func TestWay(t *testing.T) {
	two := []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")}
	for name, row := range map[string]struct {
		way  Way
		want string // network and address of each call
	}{
		"as it is":      {Way{}, "tcp idp.example:443"},
		"one family":    {Way{Family: IPv6Only}, "tcp6 idp.example:443"},
		"other host":    {Way{Overrides: Overrides{ConnectTo: []ConnectRule{{"idp.example", 443, "other.example", 8443}}}}, "tcp other.example:8443"},
		"not this host": {Way{Overrides: Overrides{ConnectTo: []ConnectRule{{"mail.example", 443, "other.example", 8443}}}}, "tcp idp.example:443"},
		"by hand":       {Way{Overrides: Overrides{Resolve: []ResolveRule{{"idp.example", 443, two}}}}, "tcp 192.0.2.1:443, tcp [2001:db8::1]:443"},
		"by hand, IPv6": {Way{Overrides: Overrides{Resolve: []ResolveRule{{"idp.example", 443, two}}}, Family: IPv6Only}, "tcp [2001:db8::1]:443"},
	} {
		d := &recordedDialer{}
		row.way.Dialer = d
		conn, err := row.way.DialContext(t.Context(), "tcp", "idp.example:443")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		conn.Close()
		var got []string
		for i := range d.network {
			got = append(got, d.network[i]+" "+d.address[i])
		}
		if strings.Join(got, ", ") != row.want {
			t.Errorf("%s\ngot  %s\nwant %s", name, strings.Join(got, ", "), row.want)
		}
	}
	none := Way{Family: IPv6Only, Overrides: Overrides{Resolve: []ResolveRule{{"*", 0, two[:1]}}}, Dialer: &recordedDialer{}}
	if conn, err := none.DialContext(t.Context(), "tcp", "idp.example:443"); err == nil {
		conn.Close()
		t.Error("got  a connection of the wrong family\nwant an error")
	}
}
