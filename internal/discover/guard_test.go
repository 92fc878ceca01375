package discover

import (
	"errors"
	"net"
	"net/netip"
	"testing"

	"mailprobe/internal/lab/publish"
	"mailprobe/internal/probe"
)

func TestPrivate(t *testing.T) {
	for text, want := range map[string]bool{
		"127.0.0.1": true, "127.8.9.1": true, "10.0.0.1": true, "172.16.0.1": true, "172.32.0.1": false, "192.168.255.1": true, "169.254.169.254": true,
		"100.64.0.1": true, "100.128.0.1": false, "0.0.0.0": true, "0.1.2.3": true, "224.0.0.1": true, "255.255.255.255": true,
		"192.0.2.1": false, "8.8.8.8": false, "1.1.1.1": false,
		"::1": true, "::": true, "fe80::1": true, "fc00::1": true, "fd12::1": true, "fec0::1": true, "ff02::1": true, "2001:db8::1": false,
		"::ffff:127.0.0.1": true, "::ffff:8.8.8.8": false, "64:ff9b::7f00:1": true,
	} {
		if got := Private(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: got  %t\nwant %t", text, got, want)
		}
	}
}

// A name may mean another address when it is dialled than when it was looked
// at.
func TestGuardHoldsAtTheDial(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	at := listener.Addr().String()
	resolve, _ := probe.ParseResolve("imap.corp.example:993:127.0.0.1")
	connect, _ := probe.ParseConnectTo("imap.corp.example:993:" + at)
	for _, row := range []struct {
		name  string
		rules probe.Overrides
		let   bool
	}{
		{"nobody named it", probe.Overrides{}, false},
		{"--resolve", probe.Overrides{Resolve: []probe.ResolveRule{resolve}}, true},
		{"--connect-to", probe.Overrides{ConnectTo: []probe.ConnectRule{connect}}, true},
	} {
		conn, err := Guard{Overrides: row.rules}.DialContext(t.Context(), "tcp", at)
		if conn != nil {
			conn.Close()
		}
		if _, private := errors.AsType[*privateError](err); (err == nil) != row.let || private == row.let {
			t.Errorf("%s: got  %v\nwant it dialled: %t", row.name, err, row.let)
		}
	}
}

// What a document names in a private network is said, and is no endpoint.
func TestOfferedHostsInPrivateNetworks(t *testing.T) {
	n := newInternet(t)
	n.Pages[acHost+configPath] = publish.XML(both)
	n.Addrs["imap.corp.example"], n.Addrs["smtp.corp.example"] = "192.168.1.1", "192.0.2.1"
	r := n.ask(n.options(), "corp.example")
	if list := r.Endpoints(); len(list) != 1 || list[0].At.Host != "smtp.corp.example" || !has(*r.Of(Autoconfig), "settings.private_address") {
		t.Errorf("got  %v %s", list, said(r))
	}
	o := n.options()
	rule, _ := probe.ParseResolve("imap.corp.example:993:192.168.1.1")
	o.Overrides.Resolve = append(o.Overrides.Resolve, rule)
	if r := n.ask(o, "corp.example"); len(r.Endpoints()) != 2 {
		t.Errorf("named by the user: got  %s", said(r))
	}
}
