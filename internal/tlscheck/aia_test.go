package tlscheck

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// fetcher returns a Fetcher that finds every host at srv.
func fetcher(t *testing.T, h http.HandlerFunc) Fetcher {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return Fetcher{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, srv.Listener.Addr().String())
	}}
}

func TestAIA(t *testing.T) {
	p, stranger := newPKI(t), newPKI(t)
	second := mint(t, p.inter, "Second", ca, func(c *x509.Certificate) { c.IssuingCertificateURL = []string{"http://ca.example/inter"} })
	from := func(path string) alteration {
		return func(c *x509.Certificate) { c.IssuingCertificateURL = []string{"http://ca.example/" + path} }
	}
	files := map[string][]byte{
		"/inter": p.inter.cert.Raw, "/second": second.cert.Raw, "/wrong": stranger.inter.cert.Raw,
		"/strange": stranger.inter.cert.Raw, "/rubbish": []byte("no certificate"),
	}
	aia := fetcher(t, func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write(files[r.URL.Path]) })
	for _, r := range []struct {
		name string
		leaf *minted
		want Kind
	}{
		{"one is missing", mint(t, p.inter, host, server, from("inter")), MissingIntermediate},
		{"two are missing", mint(t, second, host, server, from("second")), MissingIntermediate},
		{"not the issuer", mint(t, p.inter, host, server, from("wrong")), UnknownCA},
		{"no certificate", mint(t, p.inter, host, server, from("rubbish")), UnknownCA},
		{"a stranger's", mint(t, stranger.inter, host, server, from("strange")), UnknownCA},
		{"nothing to fetch", mint(t, p.inter, host, server), UnknownCA},
	} {
		s := examine(t, chained(r.leaf), host, system{pool: p.roots()}, Config{Now: at(noon), AIA: aia})
		if got, want := kinds(s.Causes, true), []Kind{r.want}; !slices.Equal(got, want) {
			t.Errorf("%s: got  %v\n\twant %v", r.name, got, want)
		}
		if _, ok := s.Permit(); ok || s.Trusted() {
			t.Errorf("%s: what was fetched made the chain trusted", r.name)
		}
	}
}

func TestFetchGuards(t *testing.T) {
	calls := 0
	f := fetcher(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, "/here", http.StatusFound)
		case "/big":
			_, _ = w.Write([]byte(strings.Repeat("x", maxFetched+1)))
		}
	})
	for _, r := range []struct {
		address string
		calls   int
	}{
		{"https://ca.example/x", 0},
		{"ldap://ca.example/x", 0},
		{"file:///etc/passwd", 0},
		{"http://ca.example:22/x", 0},
		{"http://user@ca.example/x", 0},
		{"http://ca.example/away", 1},
		{"http://ca.example/big", 1},
	} {
		calls = 0
		if got, err := f.Fetch(t.Context(), r.address); err == nil {
			t.Errorf("%s: got  %d bytes\n\twant an error", r.address, len(got))
		}
		if calls != r.calls {
			t.Errorf("%s: got  %d requests\n\twant %d", r.address, calls, r.calls)
		}
	}
}

// TestFetchPublicOnly dials the test's own listener by the default dialer.
func TestFetchPublicOnly(t *testing.T) {
	if err := publicOnly(t.Context(), "tcp", "127.0.0.1:80", nil); err == nil {
		t.Error("loopback was not refused")
	}
	_, err := Fetcher{}.Fetch(t.Context(), "http://127.0.0.1/")
	if err == nil || !strings.Contains(err.Error(), "no public address") {
		t.Errorf("got  %v\nwant a refusal before connecting", err)
	}
}

func TestPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1": false, "::1": false, "10.1.2.3": false, "192.168.1.1": false, "172.16.0.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false, "0.1.2.3": false, "224.0.0.1": false,
		"255.255.255.255": false, "240.0.0.1": false, "198.18.0.1": false, "192.0.2.1": false,
		"fe80::1": false, "fd00::1": false, "ff02::1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false,
		"2001:db8::1": false, "::": false, "::ffff:127.0.0.1": false,
		"9.9.9.9": true, "2620:fe::fe": true, "::ffff:9.9.9.9": true,
	} {
		if got := public(netip.MustParseAddr(address).Unmap()); got != want {
			t.Errorf("%s: got  %v\n\twant %v", address, got, want)
		}
	}
}
