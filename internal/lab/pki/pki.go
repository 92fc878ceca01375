// Package pki makes throw-away certificate authorities and certificates in
// memory, sound ones and faulty ones, for servers on loopback. Its keys are
// ECDSA P-256, because they are made in microseconds.
package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"time"
)

// A CA is a certificate authority, a root or an intermediate. It is safe for
// concurrent use.
type CA struct {
	cert  *x509.Certificate
	key   crypto.Signer
	chain [][]byte // what a server sends behind a leaf, in order: nothing for a root
	root  *CA
}

// An Edit changes a certificate before it is signed; nil changes nothing. It
// is the way to every fault that LeafOptions has no word for.
type Edit func(*x509.Certificate)

// NewCA makes a root whose common name is name. It is valid from a year ago
// for two years.
func NewCA(name string) (*CA, error) {
	ca, err := newCA(name, nil, nil)
	if err != nil {
		return nil, err
	}
	ca.root = ca
	return ca, nil
}

// Intermediate makes an authority below ca. Its leaves send its certificate
// along, as RFC 8446 §4.4.2 wants.
func (ca *CA) Intermediate(name string, edit Edit) (*CA, error) {
	sub, err := newCA(name, ca, edit)
	if err != nil {
		return nil, err
	}
	sub.root = ca.root
	sub.chain = append([][]byte{sub.cert.Raw}, ca.chain...)
	return sub, nil
}

func newCA(name string, issuer *CA, edit Edit) (*CA, error) {
	now := time.Now()
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: name, Organization: []string{"not a real authority"}},
		NotBefore:             now.AddDate(-1, 0, 0),
		NotAfter:              now.AddDate(1, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	if edit != nil {
		edit(template)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key for %s: %w", name, err)
	}
	der, err := sign(template, key, issuer)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("read back the certificate of %s: %w", name, err)
	}
	return &CA{cert: cert, key: key}, nil
}

// Certificate returns the authority's own certificate.
func (ca *CA) Certificate() *x509.Certificate { return ca.cert }

// Pool returns a new pool that holds the root above ca and nothing else.
func (ca *CA) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(ca.root.cert)
	return pool
}

// PEM returns the root above ca as a file for --cacert.
func (ca *CA) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.root.cert.Raw})
}

// LeafOptions says what stands in a server's certificate. The zero value of
// each field asks for a sound one.
type LeafOptions struct {
	Names     []string      // DNS names and IP addresses; the first is the common name too
	NotBefore time.Time     // zero: 30 days ago
	NotAfter  time.Time     // zero: in 60 days
	Key       crypto.Signer // nil: a new ECDSA P-256 key
	OmitChain bool          // send the leaf without the intermediates above it
	Edit      Edit
}

// Leaf makes a server's certificate signed by ca.
func (ca *CA) Leaf(o LeafOptions) (tls.Certificate, error) { return leaf(o, ca) }

// SelfSigned makes a server's certificate signed by its own key.
func SelfSigned(o LeafOptions) (tls.Certificate, error) { return leaf(o, nil) }

func leaf(o LeafOptions, issuer *CA) (tls.Certificate, error) {
	if o.Key == nil {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return tls.Certificate{}, fmt.Errorf("make a key for %v: %w", o.Names, err)
		}
		o.Key = key
	}
	der, err := sign(o.template(), o.Key, issuer)
	if err != nil {
		return tls.Certificate{}, err
	}
	cert := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: o.Key}
	if issuer != nil && !o.OmitChain {
		cert.Certificate = append(cert.Certificate, issuer.chain...)
	}
	cert.Leaf, err = x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read back the certificate of %v: %w", o.Names, err)
	}
	return cert, nil
}

func (o LeafOptions) template() *x509.Certificate {
	now := time.Now()
	t := &x509.Certificate{
		NotBefore:   now.AddDate(0, 0, -30),
		NotAfter:    now.AddDate(0, 0, 60),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if !o.NotBefore.IsZero() {
		t.NotBefore = o.NotBefore
	}
	if !o.NotAfter.IsZero() {
		t.NotAfter = o.NotAfter
	}
	for i, name := range o.Names {
		if i == 0 {
			t.Subject.CommonName = name
		}
		if ip := net.ParseIP(name); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, name)
		}
	}
	if o.Edit != nil {
		o.Edit(t)
	}
	return t
}

// sign signs template for the holder of key. Without an issuer the key signs
// for itself.
func sign(template *x509.Certificate, key crypto.Signer, issuer *CA) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, fmt.Errorf("make a serial number: %w", err)
	}
	template.SerialNumber = serial
	parent, signer := template, key
	if issuer != nil {
		parent, signer = issuer.cert, issuer.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		return nil, fmt.Errorf("sign the certificate of %q: %w", template.Subject.CommonName, err)
	}
	return der, nil
}
