// Package authtest gives tests of signing in what they cannot make up: the
// permit of a real, verified TLS session.
package authtest

import (
	"crypto/tls"
	"net"
	"testing"

	"mailprobe/internal/lab/pki"
	"mailprobe/internal/tlscheck"
)

// Permit returns the permit of a handshake with a server that proves to be
// host. It does the handshake in memory.
func Permit(t testing.TB, host string) tlscheck.Permit {
	t.Helper()
	ca, err := pki.NewCA("authority of a test")
	if err != nil {
		t.Fatal(err)
	}
	cert, err := ca.Leaf(pki.LeafOptions{Names: []string{host}})
	if err != nil {
		t.Fatal(err)
	}
	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()
	go tls.Server(far, &tls.Config{Certificates: []tls.Certificate{cert}}).HandshakeContext(t.Context())
	_, state, err := tlscheck.Client(t.Context(), near, host, tlscheck.Config{System: ca.Pool()})
	if err != nil {
		t.Fatalf("handshake with %s: %v", host, err)
	}
	permit, ok := state.Permit()
	if !ok {
		t.Fatalf("no permit for %s: %+v", host, state.Causes)
	}
	return permit
}
