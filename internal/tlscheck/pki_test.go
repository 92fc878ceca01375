package tlscheck

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"
)

// noon is the time of all tests.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const host = "imap.example.net"

// A minted certificate and its key.
type minted struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// An alteration changes the template of a certificate.
type alteration func(*x509.Certificate)

// mint makes a certificate by issuer; nil: by itself.
func mint(t testing.TB, issuer *minted, cn string, alter ...alteration) *minted {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return mintKey(t, issuer, key, cn, alter...)
}

func mintKey(t testing.TB, issuer *minted, key crypto.Signer, cn string, alter ...alteration) *minted {
	t.Helper()
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: cn},
		NotBefore: noon.Add(-30 * day), NotAfter: noon.Add(60 * day),
	}
	for _, a := range alter {
		a(tmpl)
	}
	m := &minted{key: key}
	parent, signer := tmpl, key
	if issuer != nil {
		parent, signer = issuer.cert, issuer.key
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	if m.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return m
}

func ca(c *x509.Certificate) {
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	c.NotBefore, c.NotAfter = noon.Add(-3650*day), noon.Add(3650*day)
}

func server(c *x509.Certificate) {
	c.DNSNames = []string{host}
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
}

func named(names ...string) alteration {
	return func(c *x509.Certificate) { c.DNSNames = names }
}

func period(from, to time.Duration) alteration {
	return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = noon.Add(from), noon.Add(to) }
}

func extension(e pkix.Extension) alteration {
	return func(c *x509.Certificate) { c.ExtraExtensions = append(c.ExtraExtensions, e) }
}

// A pki is a root, an intermediate and what they sign.
type pki struct{ root, inter *minted }

func newPKI(t testing.TB) pki {
	t.Helper()
	root := mint(t, nil, "Test Root", ca)
	return pki{root, mint(t, root, "Test Intermediate", ca)}
}

func (p pki) roots() *x509.CertPool { return poolOf([]*x509.Certificate{p.root.cert}) }

// chained returns the certificate that a server shows: leaf first.
func chained(leaf *minted, above ...*minted) tls.Certificate {
	c := tls.Certificate{PrivateKey: leaf.key, Certificate: [][]byte{leaf.cert.Raw}, Leaf: leaf.cert}
	for _, a := range above {
		c.Certificate = append(c.Certificate, a.cert.Raw)
	}
	return c
}

func certsOf(c tls.Certificate) []*x509.Certificate {
	var certs []*x509.Certificate
	for _, der := range c.Certificate {
		parsed, err := x509.ParseCertificate(der)
		if err != nil {
			panic(err)
		}
		certs = append(certs, parsed)
	}
	return certs
}

func at(now time.Time) func() time.Time { return func() time.Time { return now } }
