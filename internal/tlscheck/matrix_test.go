package tlscheck

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"slices"
	"testing"
	"time"

	"mailprobe/internal/lab/detector"
)

// A row is one chain and what is to be said of it where the root is trusted.
type row struct {
	name  string
	chain tls.Certificate
	roots *x509.CertPool // nil: the test root
	now   time.Time      // zero: noon
	want  []Kind         // in any order; fatal ones first is not demanded
	fatal []Kind
}

func rows(t testing.TB, p pki) []row {
	t.Helper()
	leaf := func(alter ...alteration) *minted {
		return mint(t, p.inter, host, append([]alteration{server}, alter...)...)
	}
	ok := leaf()
	other := newPKI(t)
	oldInter := mint(t, p.root, "Old Intermediate", ca, period(-100*day, -5*day))
	notCA := mint(t, p.inter, "Not A CA", server)
	limited := mint(t, p.root, "Limited", ca, func(c *x509.Certificate) {
		c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"example.org"}
	})
	short := mint(t, p.root, "Short", ca, func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = 0, true })
	below := mint(t, short, "Below", ca)
	mailOnly := mint(t, p.root, "Mail Only", ca, func(c *x509.Certificate) {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
	})
	strange := pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	strong, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	rsaInter := mintKey(t, p.root, strong, "RSA Intermediate", ca)
	sha1 := mint(t, rsaInter, host, server, func(c *x509.Certificate) { c.SignatureAlgorithm = x509.SHA1WithRSA })
	demanding := mint(t, p.root, "Demanding", ca, extension(pkix.Extension{
		Id: asn1.ObjectIdentifier{2, 5, 29, 36}, Critical: true, Value: []byte{0x30, 3, 0x80, 1, 0}, // requireExplicitPolicy, RFC 5280 §4.2.1.11
	}))
	public := extension(pkix.Extension{Id: oidSCTs, Value: []byte{4, 0}})
	policy := func(c *x509.Certificate) {
		oid, err := x509.OIDFromInts([]uint64{2, 23, 140, 1, 2, 1})
		if err != nil {
			t.Fatal(err)
		}
		c.Policies = []x509.OID{oid}
	}
	self := mint(t, nil, host, server)
	selfCA := mint(t, nil, host, server, ca)
	none := func(c *x509.Certificate) { c.DNSNames = nil }

	list := func(k ...Kind) []Kind { return k }
	return []row{
		{name: "good", chain: chained(ok, p.inter)},
		{name: "by the root", chain: chained(mint(t, p.root, host, server))},
		{name: "wildcard", chain: chained(leaf(named("*.example.net")), p.inter)},
		{name: "wrong name", chain: chained(leaf(named("mail.example.net")), p.inter), fatal: list(NameMismatch)},
		{name: "wildcard for one label only", chain: chained(leaf(named("*.net")), p.inter), fatal: list(NameMismatch)},
		{name: "partial wildcard", chain: chained(leaf(named("im*.example.net")), p.inter), fatal: list(NameMismatch)},
		{name: "common name only", chain: chained(leaf(none), p.inter), fatal: list(NoSAN)},
		{name: "expired", chain: chained(leaf(period(-90*day, -2*day)), p.inter), fatal: list(Expired)},
		{name: "expired for the wrong name", chain: chained(leaf(period(-90*day, -2*day), named("x.org")), p.inter), fatal: list(Expired, NameMismatch)},
		{name: "expired for the wrong name by a stranger", chain: chained(mint(t, other.root, host, server, period(-90*day, -2*day), named("x.org"))), fatal: list(Expired, NameMismatch, UnknownCA)},
		{name: "not yet valid", chain: chained(leaf(period(2*day, 90*day)), p.inter), fatal: list(NotYetValid)},
		{name: "ends soon", chain: chained(leaf(period(-80*day, 10*day)), p.inter), want: list(ExpiresSoon)},
		{name: "last second", chain: chained(leaf(period(-80*day, 0)), p.inter), want: list(ExpiresSoon)},
		{name: "first second", chain: chained(leaf(period(0, 80*day)), p.inter)},
		{name: "intermediate expired", chain: chained(mint(t, oldInter, host, server), oldInter), fatal: list(ChainCertExpired)},
		{name: "leaf and intermediate expired", chain: chained(mint(t, oldInter, host, server, period(-90*day, -10*day)), oldInter), fatal: list(ChainCertExpired, Expired)},
		{name: "leaf and intermediate never valid together", chain: chained(mint(t, oldInter, host, server, period(-2*day, 80*day)), oldInter), fatal: list(ChainCertExpired)},
		{name: "root expired", chain: chained(ok, p.inter), now: noon.Add(4000 * day), fatal: list(Expired, ChainCertExpired)},
		{name: "self-signed", chain: chained(self), fatal: list(SelfSigned)},
		{name: "self-signed authority", chain: chained(selfCA), fatal: list(SelfSigned, KeyUsage), want: list(CALeaf)},
		{name: "self-signed and trusted", chain: chained(self), roots: poolOf([]*x509.Certificate{self.cert})},
		{name: "unknown authority", chain: chained(mint(t, other.inter, host, server), other.inter), fatal: list(UnknownCA)},
		{name: "unknown authority with its root", chain: chained(mint(t, other.inter, host, server), other.inter, other.root), fatal: list(UnknownCA), want: list(RootSent)},
		{name: "missing intermediate of a public authority", chain: chained(leaf(public)), fatal: list(MissingIntermediate)},
		{name: "missing intermediate under a public policy", chain: chained(leaf(policy)), fatal: list(MissingIntermediate)},
		{name: "missing intermediate without marks", chain: chained(ok), fatal: list(UnknownCA)},
		{name: "intermediate is the anchor", chain: chained(ok), roots: poolOf([]*x509.Certificate{p.inter.cert})},
		{name: "root sent", chain: chained(ok, p.inter, p.root), want: list(RootSent)},
		{name: "twin of the issuer", chain: chained(mint(t, twin(t, p), host, server), p.inter, twin(t, p)), fatal: list(UnknownCA), want: list(ChainExtra)},
		{name: "swapped", chain: chained(ok, p.root, p.inter), want: list(ChainOrder, RootSent)},
		{name: "extra", chain: chained(ok, p.inter, other.inter), want: list(ChainExtra)},
		{name: "twice", chain: chained(ok, p.inter, p.inter), want: list(ChainDuplicate)},
		{name: "expired extra", chain: chained(ok, p.inter, oldInter), want: list(ChainExtra)},
		{name: "issuer is no authority", chain: chained(mint(t, notCA, host, server), notCA, p.inter), fatal: list(NotACA)},
		{name: "name constraint", chain: chained(mint(t, limited, host, server), limited), fatal: list(NameConstraint)},
		{name: "name constraint kept", chain: chained(mint(t, limited, host, server, named("imap.example.org")), limited), fatal: list(NameMismatch)},
		{name: "name constraint of a stranger", chain: strangerLimited(t, other), fatal: list(NameConstraint, UnknownCA)},
		{name: "path too long", chain: chained(mint(t, below, host, server), below, short), fatal: list(PathLen)},
		{name: "not for servers", chain: chained(leaf(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), p.inter), fatal: list(EKU)},
		{name: "for any use", chain: chained(leaf(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} }), p.inter), fatal: list(EKU)},
		{name: "for no said use", chain: chained(leaf(func(c *x509.Certificate) { c.ExtKeyUsage = nil }), p.inter), want: list(NoEKU)},
		{name: "issuer not for servers", chain: chained(mint(t, mailOnly, host, server), mailOnly), fatal: list(EKU)},
		{name: "critical extension", chain: chained(leaf(extension(strange)), p.inter), fatal: list(UnhandledCritical)},
		{name: "critical extension, wrong name", chain: chained(leaf(extension(strange), named("x.org")), p.inter), fatal: list(UnhandledCritical, NameMismatch)},
		{name: "critical extension of the issuer", chain: strangeIssuer(t, p, strange), fatal: list(UnhandledCritical)},
		{name: "weak key", chain: chained(mintKey(t, p.inter, weak, host, server), p.inter), fatal: list(KeyWeak)},
		{name: "weak signature", chain: chained(sha1, rsaInter), fatal: list(SigWeak)},
		{name: "weak signature of a root that is not sent", chain: chained(sha1), roots: poolOf([]*x509.Certificate{rsaInter.cert}), fatal: list(SigWeak)},
		{name: "no policy where one is demanded", chain: chained(mint(t, demanding, host, server), demanding), fatal: list(Policy, UnhandledCritical)},
		{name: "must staple", chain: chained(leaf(extension(pkix.Extension{Id: oidFeatures, Value: []byte{0x30, 3, 2, 1, 5}})), p.inter), fatal: list(MustStapleMissing)},
	}
}

// twin is an intermediate of one name and, each time, another key.
func twin(t testing.TB, p pki) *minted {
	t.Helper()
	return mint(t, p.inter, "Second Intermediate", ca)
}

func strangerLimited(t testing.TB, other pki) tls.Certificate {
	t.Helper()
	limited := mint(t, other.root, "Limited Stranger", ca, func(c *x509.Certificate) {
		c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"example.org"}
	})
	return chained(mint(t, limited, host, server), limited)
}

func strangeIssuer(t testing.TB, p pki, strange pkix.Extension) tls.Certificate {
	t.Helper()
	inter := mint(t, p.root, "Strange Intermediate", ca, extension(strange))
	return chained(mint(t, inter, host, server), inter)
}

// examine describes a chain as Client does after its handshake.
func examine(t *testing.T, chain tls.Certificate, name string, sys system, cfg Config) *State {
	t.Helper()
	s := &State{ServerName: name, Version: tls.VersionTLS13, Chain: certsOf(chain), SystemTrust: TrustUnknown, MozillaTrust: TrustUnknown}
	x := newExam(t.Context(), s, chain.OCSPStaple, cfg)
	x.system = sys
	s.seal = &seal{of: s, verified: x.run(), serverName: name, version: s.Version}
	return s
}

func kinds(causes []Cause, fatal bool) []Kind {
	var out []Kind
	for _, c := range causes {
		if c.Fatal == fatal && !slices.Contains(out, c.Kind) {
			out = append(out, c.Kind)
		}
	}
	slices.Sort(out)
	return out
}

func sorted(k []Kind) []Kind {
	k = slices.Clone(k)
	slices.Sort(k)
	return k
}

func TestCauses(t *testing.T) {
	p := newPKI(t)
	for _, r := range rows(t, p) {
		t.Run(r.name, func(t *testing.T) {
			roots, now := r.roots, r.now
			if roots == nil {
				roots = p.roots()
			}
			if now.IsZero() {
				now = noon
			}
			s := examine(t, r.chain, host, system{pool: roots}, Config{Now: at(now)})
			if got, want := kinds(s.Causes, true), sorted(r.fatal); !slices.Equal(got, want) {
				t.Errorf("fatal: got  %v\n\twant %v", got, want)
			}
			if got, want := kinds(s.Causes, false), sorted(r.want); !slices.Equal(got, want) {
				t.Errorf("not fatal: got  %v\n\twant %v", got, want)
			}
		})
	}
}

// A vouching is a computer's stores, and the one of them that decides.
type vouching struct {
	name    string
	system  system
	mozilla *x509.CertPool
	decides *x509.CertPool
}

func vouchings(p pki, chain []*x509.Certificate) []vouching {
	all := []vouching{{"Mozilla alone", system{empty: true}, p.roots(), p.roots()}}
	for name, roots := range map[string]*x509.CertPool{"root": p.roots(), "none": x509.NewCertPool(), "leaf": poolOf(chain[:1]), "all": poolOf(chain)} {
		all = append(all, vouching{name, system{pool: roots}, nil, roots}, vouching{name + " and Mozilla", system{pool: roots}, p.roots(), roots})
	}
	return all
}

// TestTrustedIsVerify holds our verdict against that of crypto/x509, over
// every chain, name and store: what it refuses is refused, and what it takes
// as well, but for what the table says that others refuse.
func TestTrustedIsVerify(t *testing.T) {
	detector.Spare(t)
	p := newPKI(t)
	for _, r := range rows(t, p) {
		for _, v := range vouchings(p, certsOf(r.chain)) {
			for _, name := range []string{host, "x.org", ""} {
				for _, now := range []time.Time{noon, noon.Add(-60 * day), noon.Add(4000 * day)} {
					s := examine(t, r.chain, name, v.system, Config{Now: at(now), Mozilla: v.mozilla})
					err := plainVerify(certsOf(r.chain), name, v.decides, now)
					where := fmt.Sprintf("%s, %s, name %q, %s", r.name, v.name, name, now)
					if got, want := s.Trusted(), err == nil && name != "" && !stricter(s); got != want {
						t.Fatalf("%s: got  %v %v\n\twant %v (%v)", where, got, s.Causes, want, err)
					}
					if _, got := s.Permit(); got != s.Trusted() {
						t.Fatalf("%s: permit %v for a session that is trusted: %v", where, got, s.Trusted())
					}
					if slices.ContainsFunc(s.Causes, func(c Cause) bool { return c.Kind == Invalid }) {
						t.Errorf("%s: no reason is named: %v", where, err)
					}
				}
			}
		}
	}
}

func plainVerify(chain []*x509.Certificate, name string, roots *x509.CertPool, now time.Time) error {
	_, err := chain[0].Verify(x509.VerifyOptions{DNSName: name, Roots: roots, Intermediates: poolOf(chain[1:]), CurrentTime: now})
	return err
}

// stricter reports whether there are reasons to refuse, none of which is
// one for Go.
func stricter(s *State) bool {
	fatal := 0
	for _, c := range s.Causes {
		if !c.Fatal {
			continue
		}
		fatal++
		if p, ok := PracticeOf(c); !ok || !slices.Contains(p.Those(Takes), Go) {
			return false
		}
	}
	return fatal > 0
}
