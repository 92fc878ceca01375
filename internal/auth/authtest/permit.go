// Package authtest gives tests of signing in what they cannot make up: the
// permit of a real, verified TLS session.
package authtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"testing"
	"time"

	"mailprobe/internal/tlscheck"
)

// Permit returns the permit of a handshake with a server that proves to be
// host. It does the handshake in memory.
func Permit(t testing.TB, host string) tlscheck.Permit {
	t.Helper()
	cert := certificate(t, host)
	roots := x509.NewCertPool()
	roots.AddCert(cert.Leaf)

	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()
	go tls.Server(far, &tls.Config{Certificates: []tls.Certificate{cert}}).HandshakeContext(t.Context())
	_, state, err := tlscheck.Client(t.Context(), near, host, tlscheck.Config{System: roots})
	if err != nil {
		t.Fatalf("handshake with %s: %v", host, err)
	}
	permit, ok := state.Permit()
	if !ok {
		t.Fatalf("no permit for %s: %+v", host, state.Causes)
	}
	return permit
}

// certificate makes a certificate for host that is its own authority.
func certificate(t testing.TB, host string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(now.UnixNano()),
		Subject:               pkix.Name{CommonName: host},
		DNSNames:              []string{host},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.Add(24 * time.Hour),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}
