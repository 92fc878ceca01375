package tlscheck

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"os"
	"os/exec"
	"slices"
	"testing"
)

// TestTwoStores walks the square of this machine's store and Mozilla's.
func TestTwoStores(t *testing.T) {
	p, stranger := newPKI(t), newPKI(t)
	shield := mint(t, nil, "avast! Web/Mail Shield Root", ca, func(c *x509.Certificate) { c.Subject.Organization = []string{"AVAST Software"} })
	reset := mint(t, nil, "Reset Networks Root", ca)
	ours, theirs, both := p.roots(), stranger.roots(), poolOf([]*x509.Certificate{p.root.cert, stranger.root.cert, shield.cert, reset.cert})
	none := x509.NewCertPool()
	good := chained(mint(t, p.inter, host, server), p.inter)
	alone := chained(mint(t, p.inter, host, server))
	shielded := chained(mint(t, shield, host, server))
	withInter := poolOf([]*x509.Certificate{p.inter.cert})

	conditional := x509.NewCertPool()
	conditional.AddCertWithConstraint(p.root.cert, func(chain []*x509.Certificate) error {
		if chain[0].NotBefore.After(noon.Add(-365 * day)) {
			return os.ErrPermission
		}
		return nil
	})

	for _, r := range []struct {
		name     string
		chain    tls.Certificate
		sys      system
		mozilla  *x509.CertPool
		trusted  bool
		store    Store
		a, b     Trust
		want     []Kind
		wantStop []Kind
	}{
		{"both", good, system{pool: ours}, both, true, StoreSystem, TrustYes, TrustYes, nil, nil},
		{"system only", good, system{pool: ours}, theirs, true, StoreSystem, TrustYes, TrustNo, []Kind{PrivateCALocally}, nil},
		{"mozilla only", good, system{pool: theirs}, ours, false, StoreSystem, TrustNo, TrustYes, nil, []Kind{StoreOutdated}},
		{"neither", good, system{pool: theirs}, none, false, StoreSystem, TrustNo, TrustNo, nil, []Kind{UnknownCA}},
		{"no second opinion", good, system{pool: ours}, nil, true, StoreSystem, TrustYes, TrustUnknown, nil, nil},
		{"a mail shield, trusted", shielded, system{pool: both}, theirs, true, StoreSystem, TrustYes, TrustNo, []Kind{Intercepted}, nil},
		{"a mail shield, not trusted", shielded, system{pool: theirs}, theirs, false, StoreSystem, TrustNo, TrustNo, nil, []Kind{Intercepted}},
		{"a name that only sounds like one", chained(mint(t, reset, host, server)), system{pool: both}, theirs, true, StoreSystem, TrustYes, TrustNo, []Kind{PrivateCALocally}, nil},
		{"intermediate known here alone", alone, system{pool: withInter}, ours, true, StoreSystem, TrustYes, TrustNo, []Kind{MissingIntermediate}, nil},
		{"root on condition", good, system{pool: ours}, conditional, true, StoreSystem, TrustYes, TrustNo, []Kind{DistrustedByMozilla}, nil},
		{"root on condition, no other store", good, system{empty: true}, conditional, false, StoreMozilla, TrustUnknown, TrustNo, []Kind{NoSystemRoots}, []Kind{Invalid}},
		{"an authority that only sounds like a mail shield", shielded, system{pool: theirs}, both, false, StoreSystem, TrustNo, TrustYes, nil, []Kind{StoreOutdated}},
		{"given store decides", good, system{pool: ours, given: true}, theirs, true, StoreGiven, TrustYes, TrustNo, nil, nil},
		{"given store is not overruled", good, system{pool: theirs, given: true}, ours, false, StoreGiven, TrustNo, TrustYes, nil, []Kind{UnknownCA}},
		{"given store may be empty", good, system{pool: none, given: true}, ours, false, StoreGiven, TrustNo, TrustYes, nil, []Kind{UnknownCA}},
		{"no store, mozilla decides", good, system{empty: true}, ours, true, StoreMozilla, TrustUnknown, TrustYes, []Kind{NoSystemRoots}, nil},
		{"no store, mozilla refuses", good, system{empty: true}, theirs, false, StoreMozilla, TrustUnknown, TrustNo, []Kind{NoSystemRoots}, []Kind{UnknownCA}},
		{"no store at all", good, system{empty: true}, nil, false, StoreSystem, TrustUnknown, TrustUnknown, nil, []Kind{NoSystemRoots}},
	} {
		t.Run(r.name, func(t *testing.T) {
			s := examine(t, r.chain, host, r.sys, Config{Now: at(noon), Mozilla: r.mozilla})
			if got, want := s.Trusted(), r.trusted; got != want {
				t.Errorf("trusted: got  %v\n\twant %v", got, want)
			}
			if _, got := s.Permit(); got != r.trusted {
				t.Errorf("permit: got  %v\n\twant %v", got, r.trusted)
			}
			got := [3]string{string(s.Store), string(s.SystemTrust), string(s.MozillaTrust)}
			if want := [3]string{string(r.store), string(r.a), string(r.b)}; got != want {
				t.Errorf("got  %v\nwant %v", got, want)
			}
			if got, want := kinds(s.Causes, false), sorted(r.want); !slices.Equal(got, want) {
				t.Errorf("not fatal: got  %v\n\twant %v", got, want)
			}
			if got, want := kinds(s.Causes, true), sorted(r.wantStop); !slices.Equal(got, want) {
				t.Errorf("fatal: got  %v\n\twant %v", got, want)
			}
		})
	}
}

func TestProductOf(t *testing.T) {
	for _, r := range []struct {
		name pkix.Name
		want string
	}{
		{pkix.Name{CommonName: "ESET SSL Filter CA", Organization: []string{"ESET, spol. s r. o."}}, "ESET"},
		{pkix.Name{CommonName: "avast! Web/Mail Shield Root"}, "Avast"},
		{pkix.Name{CommonName: "AVG Web/Mail Shield Root"}, "AVG"},
		{pkix.Name{CommonName: "Norton Web/Mail Shield Root"}, "Norton"},
		{pkix.Name{CommonName: "Kaspersky Anti-Virus Personal Root Certificate"}, "Kaspersky"},
		{pkix.Name{CommonName: "Zscaler Intermediate Root CA"}, "Zscaler"},
		{pkix.Name{CommonName: "DO_NOT_TRUST_FiddlerRoot"}, "Fiddler"},
		{pkix.Name{CommonName: "Reset Networks"}, ""},
		{pkix.Name{CommonName: "R11", Organization: []string{"Let's Encrypt"}}, ""},
	} {
		if got, want := productOf(&x509.Certificate{Issuer: r.name}), r.want; got != want {
			t.Errorf("%s: got  %q\n\twant %q", r.name, got, want)
		}
	}
}

// TestEmptySystemStore runs itself where the operating system's store is
// looked for in vain.
func TestEmptySystemStore(t *testing.T) {
	if os.Getenv("TLSCHECK_NO_ROOTS") != "" {
		p := newPKI(t)
		s := examine(t, chained(mint(t, p.inter, host, server), p.inter), host, systemOf(Config{}), Config{Now: at(noon), Mozilla: p.roots()})
		if got, want := s.Store, StoreMozilla; got != want {
			t.Errorf("got  %v\nwant %v", got, want)
		}
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestEmptySystemStore$", "-test.v")
	cmd.Env = append(os.Environ(), "TLSCHECK_NO_ROOTS=1", "SSL_CERT_FILE=/nonexistent", "SSL_CERT_DIR=/nonexistent")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestMozillaRoots(t *testing.T) {
	if pool := MozillaRoots(); pool.Equal(x509.NewCertPool()) {
		t.Error("the bundle is empty")
	}
}
