package tlscheck

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"reflect"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"
)

func TestNearest(t *testing.T) {
	for _, r := range []struct {
		host  string
		names []string
		want  string
	}{
		{"imap.example.net", []string{"mail.example.net", "imaps.example.net", "www.example.net"}, "imaps.example.net"},
		{"imap.mail.example.net", []string{"*.example.net"}, "imap.example.net"},
		{"IMAP.example.net", []string{"imap2.EXAMPLE.net"}, "imap2.example.net"},
		{"mail.customer.co.uk", []string{"server12.hoster.co.uk"}, ""},
		{"mail.customer.com", []string{"server12.hoster.net"}, ""},
		{"192.0.2.1", []string{"imap.example.net", "192.0.2.2"}, ""},
		{"imap.example.net", nil, ""},
		{"", []string{"imap.example.net"}, ""},
	} {
		if got, want := nearest(r.host, r.names), r.want; got != want {
			t.Errorf("%q in %q: got  %q\n\twant %q", r.host, r.names, got, want)
		}
	}
}

func TestCauseFields(t *testing.T) {
	p := newPKI(t)
	leaf := func(alter ...alteration) tls.Certificate {
		return chained(mint(t, p.inter, host, append([]alteration{server}, alter...)...), p.inter)
	}
	many := make([]string, 500)
	for i := range many {
		many[i] = "x.example.org"
	}
	for _, r := range []struct {
		name  string
		chain tls.Certificate
		want  Cause
	}{
		{"days since", leaf(period(-90*day, -3*day-time.Hour)), Cause{Kind: Expired, Fatal: true, At: noon.Add(-3*day - time.Hour), Days: 3}},
		{"days until", leaf(period(5*day, 90*day)), Cause{Kind: NotYetValid, Fatal: true, At: noon.Add(5 * day), Days: 5}},
		{"names", leaf(named("a.example.net", "b.example.org")), Cause{Kind: NameMismatch, Fatal: true, Names: []string{"a.example.net", "b.example.org"}, Nearest: "a.example.net"}},
		{"many names", leaf(named(many...)), Cause{Kind: NameMismatch, Fatal: true, Names: many[:maxNames]}},
	} {
		s := examine(t, r.chain, host, system{pool: p.roots()}, Config{Now: at(noon)})
		if len(s.Causes) != 1 {
			t.Fatalf("%s: got  %v\n\twant one", r.name, s.Causes)
		}
		got := s.Causes[0]
		got.Cert = nil
		if !reflect.DeepEqual(got, r.want) {
			t.Errorf("%s: got  %+v\n\twant %+v", r.name, got, r.want)
		}
	}
}

// TestExpiresSoon walks the lifetimes that are in use.
func TestExpiresSoon(t *testing.T) {
	p := newPKI(t)
	for _, r := range []struct {
		name           string
		lifetime, left time.Duration
		warning        time.Duration
		want           bool
	}{
		{"398 days, 20 left", 398 * day, 20 * day, 0, true},
		{"398 days, 22 left", 398 * day, 22 * day, 0, false},
		{"90 days, 14 left", 90 * day, 14 * day, 0, true},
		{"90 days, 16 left", 90 * day, 16 * day, 0, false},
		{"47 days, 7 left", 47 * day, 7 * day, 0, true},
		{"47 days, 8 left", 47 * day, 8 * day, 0, false},
		{"6 days, 23 hours left", 6 * day, 23 * time.Hour, 0, true},
		{"6 days, 25 hours left", 6 * day, 25 * time.Hour, 0, false},
		{"by hand", 90 * day, 29 * day, 30 * day, true},
		{"by hand, later", 90 * day, 14 * day, 2 * day, false},
	} {
		chain := chained(mint(t, p.inter, host, server, period(r.left-r.lifetime, r.left)), p.inter)
		s := examine(t, chain, host, system{pool: p.roots()}, Config{Now: at(noon), ExpiryWarning: r.warning})
		got := len(s.Causes) == 1 && s.Causes[0].Kind == ExpiresSoon
		if got != r.want || !s.Trusted() {
			t.Errorf("%s: got  %v %v\n\twant %v", r.name, got, s.Causes, r.want)
		}
	}
}

func TestLifetime(t *testing.T) {
	p := newPKI(t)
	for _, r := range []struct {
		name     string
		issued   time.Time
		lifetime time.Duration
		mozilla  *x509.CertPool
		want     int
	}{
		{"200 days of 2026", noon, 200*day - time.Second, p.roots(), 0},
		{"201 days of 2026", noon, 201*day - time.Second, p.roots(), 200},
		{"101 days of 2027", time.Date(2027, 3, 15, 0, 0, 0, 0, time.UTC), 101 * day, p.roots(), 100},
		{"48 days of 2029", time.Date(2029, 3, 15, 0, 0, 0, 0, time.UTC), 48 * day, p.roots(), 47},
		{"the day before the limit", time.Date(2029, 3, 14, 23, 59, 59, 0, time.UTC), 48 * day, p.roots(), 0},
		{"825 days, private", noon, 825*day - time.Second, nil, 0},
		{"826 days, private", noon, 826*day - time.Second, nil, 825},
		{"private, before Apple's limit", useFrom.Add(-time.Second), 2000 * day, nil, 0},
		{"private, from Apple's limit on", useFrom, 2000 * day, nil, 825},
		{"public, before any limit", time.Date(2018, 2, 28, 0, 0, 0, 0, time.UTC), 2000 * day, p.roots(), 0},
	} {
		leaf := mint(t, p.inter, host, server, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = r.issued, r.issued.Add(r.lifetime) })
		s := examine(t, chained(leaf, p.inter), host, system{pool: p.roots()}, Config{Now: at(r.issued.Add(day)), Mozilla: r.mozilla})
		got := 0
		for _, c := range s.Causes {
			if c.Kind == LifetimeTooLong {
				got += max(c.Limit, 1)
			}
		}
		if got != r.want {
			t.Errorf("%s: got  %d\n\twant %d", r.name, got, r.want)
		}
	}
}

func TestStaple(t *testing.T) {
	p := newPKI(t)
	leaf := mint(t, p.inter, host, server)
	for _, r := range []struct {
		name    string
		answer  ocsp.Response
		by      *minted
		want    []Kind
		trusted bool
	}{
		{"good", ocsp.Response{Status: ocsp.Good, NextUpdate: noon.Add(day)}, p.inter, nil, true},
		{"stale", ocsp.Response{Status: ocsp.Good, NextUpdate: noon.Add(-day)}, p.inter, []Kind{OCSPStale}, true},
		{"revoked", ocsp.Response{Status: ocsp.Revoked, RevokedAt: noon.Add(-day), NextUpdate: noon.Add(day)}, p.inter, []Kind{OCSPRevoked}, false},
		{"revoked says a stranger", ocsp.Response{Status: ocsp.Revoked, RevokedAt: noon.Add(-day)}, leaf, nil, true},
		{"revoked is another", ocsp.Response{Status: ocsp.Revoked, RevokedAt: noon.Add(-day), SerialNumber: big.NewInt(7)}, p.inter, nil, true},
	} {
		r.answer.ThisUpdate = noon.Add(-2 * day)
		if r.answer.SerialNumber == nil {
			r.answer.SerialNumber = leaf.cert.SerialNumber
		}
		staple, err := ocsp.CreateResponse(p.inter.cert, p.inter.cert, r.answer, r.by.key)
		if err != nil {
			t.Fatal(err)
		}
		chain := chained(leaf, p.inter)
		chain.OCSPStaple = staple
		s := examine(t, chain, host, system{pool: p.roots()}, Config{Now: at(noon)})
		if got := s.Trusted(); got != r.trusted {
			t.Errorf("%s: trusted: got  %v\n\twant %v", r.name, got, r.trusted)
		}
		got := append(kinds(s.Causes, true), kinds(s.Causes, false)...)
		if !reflect.DeepEqual(got, r.want) {
			t.Errorf("%s: got  %v\n\twant %v", r.name, got, r.want)
		}
	}
}

// TestMustStaple: rubbish is no staple.
func TestMustStaple(t *testing.T) {
	p := newPKI(t)
	feature := extension(pkix.Extension{Id: oidFeatures, Value: []byte{0x30, 3, 2, 1, 5}})
	chain := chained(mint(t, p.inter, host, server, feature), p.inter)
	chain.OCSPStaple = []byte("rubbish")
	s := examine(t, chain, host, system{pool: p.roots()}, Config{Now: at(noon)})
	if got, want := kinds(s.Causes, true), []Kind{MustStapleMissing}; !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestBounds shows chains that only cost time.
func TestBounds(t *testing.T) {
	p := newPKI(t)
	leaf := mint(t, p.inter, host, server)
	long := chained(leaf)
	for range 30 {
		long.Certificate = append(long.Certificate, p.root.cert.Raw)
	}
	long.Certificate = append(long.Certificate, p.inter.cert.Raw)
	s := examine(t, long, host, system{pool: p.roots()}, Config{Now: at(noon)})
	if s.Trusted() {
		t.Error("a certificate behind the bound was used")
	}
	huge := *p.root.cert
	huge.PublicKey = &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 20000), E: 3}
	x := newExam(t.Context(), &State{Chain: []*x509.Certificate{leaf.cert, &huge, p.inter.cert}}, nil, Config{System: p.roots()})
	if contains(x.sent, &huge) || len(x.sent) != 2 {
		t.Errorf("got  %d certificates\nwant 2, without the huge one", len(x.sent))
	}
}

func TestAddressAsName(t *testing.T) {
	p := newPKI(t)
	leaf := mint(t, p.inter, host, server, func(c *x509.Certificate) {
		c.IPAddresses = []net.IP{net.ParseIP("192.0.2.1"), net.ParseIP("2001:db8::1")}
	})
	for name, want := range map[string]bool{"192.0.2.1": true, "192.0.2.2": false, "2001:db8::1": true, "2001:DB8:0::1": true, "2001:db8::2": false} {
		s := examine(t, chained(leaf, p.inter), name, system{pool: p.roots()}, Config{Now: at(noon)})
		if got := s.Trusted(); got != want {
			t.Errorf("%s: got  %v\n\twant %v", name, got, want)
		}
	}
}
