package pki_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"testing"
	"time"

	"mailprobe/internal/lab/pki"
)

func newCA(t *testing.T, name string) *pki.CA {
	t.Helper()
	ca, err := pki.NewCA(name)
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

func newIntermediate(t *testing.T, ca *pki.CA, edit pki.Edit) *pki.CA {
	t.Helper()
	sub, err := ca.Intermediate("issuing", edit)
	if err != nil {
		t.Fatal(err)
	}
	return sub
}

func newLeaf(t *testing.T, ca *pki.CA, o pki.LeafOptions) tls.Certificate {
	t.Helper()
	make := pki.SelfSigned
	if ca != nil {
		make = ca.Leaf
	}
	cert, err := make(o)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// verify checks cert as a client does that was sent its whole chain.
func verify(t *testing.T, cert tls.Certificate, roots *x509.CertPool, name string) error {
	t.Helper()
	inter := x509.NewCertPool()
	for _, der := range cert.Certificate[1:] {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		inter.AddCert(c)
	}
	_, err := cert.Leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: inter, DNSName: name})
	return err
}

func isInvalid(reason x509.InvalidReason) func(error) bool {
	return func(err error) bool {
		var e x509.CertificateInvalidError
		return errors.As(err, &e) && e.Reason == reason
	}
}

func isUnknownAuthority(err error) bool { return errors.As(err, new(x509.UnknownAuthorityError)) }
func isWrongName(err error) bool        { return errors.As(err, new(x509.HostnameError)) }
func isSound(err error) bool            { return err == nil }

func TestCertificatesAreFaultyExactlyAsAsked(t *testing.T) {
	now := time.Now()
	root, other := newCA(t, "root"), newCA(t, "other")
	sub := newIntermediate(t, root, nil)
	lapsed := newIntermediate(t, root, func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Hour) })
	notCA := newIntermediate(t, root, func(c *x509.Certificate) { c.IsCA = false })
	good := pki.LeafOptions{Names: []string{"imap.example.com"}}
	rows := []struct {
		name string
		ca   *pki.CA
		leaf pki.LeafOptions
		is   func(error) bool
	}{
		{"sound", root, good, isSound},
		{"sound below an intermediate", sub, good, isSound},
		{"intermediate not sent", sub, pki.LeafOptions{Names: good.Names, OmitChain: true}, isUnknownAuthority},
		{"expired", root, pki.LeafOptions{Names: good.Names, NotAfter: now.Add(-time.Hour)}, isInvalid(x509.Expired)},
		{"not yet valid", root, pki.LeafOptions{Names: good.Names, NotBefore: now.Add(time.Hour)}, isInvalid(x509.Expired)},
		{"wrong name", root, pki.LeafOptions{Names: []string{"example.net"}}, isWrongName},
		{"no alternative name", root, pki.LeafOptions{Names: good.Names, Edit: func(c *x509.Certificate) { c.DNSNames = nil }}, isWrongName},
		{"for clients only", root, pki.LeafOptions{Names: good.Names, Edit: func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		}}, isInvalid(x509.IncompatibleUsage)},
		{"unknown authority", other, good, isUnknownAuthority},
		{"self-signed", nil, good, isUnknownAuthority},
		{"intermediate expired", lapsed, good, isInvalid(x509.Expired)},
		{"issuer is no authority", notCA, good, isUnknownAuthority},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			err := verify(t, newLeaf(t, row.ca, row.leaf), root.Pool(), "imap.example.com")
			if !row.is(err) {
				t.Errorf("got an unexpected verdict: %v", err)
			}
		})
	}
}

func TestLeafHoldsAddressesAndGivenKey(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	root := newCA(t, "root")
	cert := newLeaf(t, root, pki.LeafOptions{Names: []string{"127.0.0.1"}, Key: key})
	if err := verify(t, cert, root.Pool(), "127.0.0.1"); err != nil {
		t.Errorf("got %v\nwant a certificate for the address", err)
	}
	if got, want := cert.Leaf.PublicKeyAlgorithm, x509.RSA; got != want {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestPEMHoldsTheRoot(t *testing.T) {
	root := newCA(t, "root")
	block, rest := pem.Decode(newIntermediate(t, root, nil).PEM())
	if block == nil || len(rest) != 0 {
		t.Fatalf("got %d bytes behind block %v\nwant one block", len(rest), block)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if !cert.Equal(root.Certificate()) {
		t.Errorf("got  %v\nwant %v", cert.Subject, root.Certificate().Subject)
	}
}
