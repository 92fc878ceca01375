package dnsclient

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

func TestServersOfResolvConf(t *testing.T) {
	tests := []struct {
		name, file string
		want       []string
	}{
		{"one", "search example.com\nnameserver 192.0.2.53\n", []string{"192.0.2.53:53"}},
		{"IPv6", "nameserver 2001:db8::53\nnameserver fe80::1%eth0\n", []string{"[2001:db8::53]:53", "[fe80::1%eth0]:53"}},
		{"at most three", "nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n",
			[]string{"192.0.2.1:53", "192.0.2.2:53", "192.0.2.3:53"}},
		{"names are no servers", "nameserver dns.example.com\nnameserver\n# nameserver 192.0.2.2\nnameserver 192.0.2.1\n", []string{"192.0.2.1:53"}},
		{"none", "search example.com\n", nil},
		{"empty", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "resolv.conf")
			if err := os.WriteFile(path, []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := Options{ResolvConf: path}.servers()
			_, none := errors.AsType[*NoServerError](err)
			if !reflect.DeepEqual(got, tt.want) || none != (tt.want == nil) {
				t.Errorf("got  %q, %v", got, err)
				t.Errorf("want %q", tt.want)
			}
		})
	}
}

func TestNewWithoutResolvConf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none")
	c, err := New(Options{ResolvConf: path})
	e, ok := errors.AsType[*NoServerError](err)
	if !ok || e.Path != path || !errors.Is(err, fs.ErrNotExist) || c != nil {
		t.Errorf("got %v, %v, want a NoServerError", c, err)
	}
}

func TestServerGivenByHand(t *testing.T) {
	tests := []struct{ text, want string }{
		{"192.0.2.53", "192.0.2.53:53"},
		{"192.0.2.53:5353", "192.0.2.53:5353"},
		{"2001:db8::53", "[2001:db8::53]:53"},
		{"[2001:db8::53]", "[2001:db8::53]:53"},
		{"[2001:db8::53]:5353", "[2001:db8::53]:5353"},
		{"DNS.Example.com", "dns.example.com:53"},
		{"localhost:5353", "localhost:5353"},
		{"192.0.2.53:0", ""},
		{"192.0.2.53:99999", ""},
		{"192.0.2.53:", ""},
		{":53", ""},
		{"a:b:c", ""},
		{"[2001:db8::53", ""},
		{"two words", ""},
	}
	for _, tt := range tests {
		got, err := Options{Server: tt.text, ResolvConf: "/nonexistent"}.servers()
		if tt.want == "" {
			if err == nil || !strings.Contains(err.Error(), "give an address or a name") {
				t.Errorf("%q: got %q, %v, want what to give", tt.text, got, err)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(got, []string{tt.want}) {
			t.Errorf("%q: got %q, %v, want %q", tt.text, got, err, tt.want)
		}
	}
}

func TestShownServer(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.53:53":       "192.0.2.53",
		"192.0.2.53:5353":     "192.0.2.53:5353",
		"[2001:db8::53]:53":   "2001:db8::53",
		"[2001:db8::53]:5353": "[2001:db8::53]:5353",
	} {
		if got := shownServer(address); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestNewAsksTheServerGiven(t *testing.T) {
	server := startServer(t, records(dns.RcodeNameError))
	c, err := New(Options{Server: server, Timeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Explain(t.Context(), host); got.Server != server || got.Rcode != "NXDOMAIN" || got.Err != nil {
		t.Errorf("got %+v, want NXDOMAIN of %s", got, server)
	}
}

func TestNewWaitsTwoSeconds(t *testing.T) {
	c, err := New(Options{Server: "192.0.2.53"})
	if err != nil {
		t.Fatal(err)
	}
	want := &wire{servers: []string{"192.0.2.53:53"}, try: 2 * time.Second}
	if !reflect.DeepEqual(c.exchanger, want) {
		t.Errorf("got %+v, want %+v", c.exchanger, want)
	}
}

// TestTrusted: the AD bit is believed of a server on this computer, and of those
// of which resolv.conf says so; not of one that is named by hand.
func TestTrusted(t *testing.T) {
	for _, row := range []struct {
		file, server string
		want         bool
	}{
		{"nameserver 192.0.2.53\noptions edns0 trust-ad\n", "", true},
		{"options ndots:1\nnameserver 192.0.2.53\n", "", false},
		{"# options trust-ad\nnameserver 192.0.2.53\n", "", false},
		{"nameserver 192.0.2.53\noptions trust-ad\n", "192.0.2.9", false},
	} {
		path := filepath.Join(t.TempDir(), "resolv.conf")
		if err := os.WriteFile(path, []byte(row.file), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := (Options{ResolvConf: path, Server: row.server}).trustsAD(); got != row.want {
			t.Errorf("%q %q\ngot  %v\nwant %v", row.file, row.server, got, row.want)
		}
	}
	for address, want := range map[string]bool{"127.0.0.53:53": true, "[::1]:53": true, "192.0.2.53:53": false, "localhost:53": false, "[fe80::1%eth0]:53": false} {
		if got := isLocal(address); got != want {
			t.Errorf("%s\ngot  %v\nwant %v", address, got, want)
		}
	}
}

func TestTLSA(t *testing.T) {
	server := startServer(t, records(dns.RcodeSuccess, "_993._tcp.imap.example. 60 IN TLSA 3 1 1 AB01", "other.example. 60 IN TLSA 3 1 1 CD"))
	a, err := clientOf(time.Second, server).Records(t.Context(), "_993._tcp.imap.example", TLSA)
	if err != nil || len(a.TLSA) != 1 || a.TLSA[0] != (Pin{3, 1, 1, "ab01"}) || !a.Trusted || a.AuthenticData {
		t.Errorf("got  %+v, %v", a, err)
	}
}
