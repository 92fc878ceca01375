package tlscheck

import (
	"bytes"
	"crypto/tls"
	"net"
	"slices"
	"testing"
)

func TestClient(t *testing.T) {
	p := newPKI(t)
	good := chained(mint(t, p.inter, host, server), p.inter)
	var asked []string
	srv := func(max uint16) *tls.Config {
		return &tls.Config{MaxVersion: max, GetCertificate: func(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
			asked = append(asked, h.ServerName)
			const alpn, ticket = 16, 35
			if slices.Contains(h.Extensions, alpn) || slices.Contains(h.Extensions, ticket) {
				t.Errorf("ALPN or tickets were offered: %d", h.Extensions)
			}
			return &good, nil
		}}
	}
	for _, r := range []struct {
		name, sni string
		version   uint16
		trusted   bool
	}{
		{host, host, tls.VersionTLS13, true},
		{host + ".", host, tls.VersionTLS13, true},
		{host, host, tls.VersionTLS12, true},
		{"127.0.0.1", "", tls.VersionTLS13, false},
		{"x.org", "x.org", tls.VersionTLS13, false},
	} {
		asked = nil
		_, s, err := talk(t, r.name, Config{System: p.roots(), Now: at(noon)}, serve(srv(r.version)))
		if err != nil {
			t.Fatalf("%s: %v", r.name, err)
		}
		if len(asked) != 1 || asked[0] != r.sni {
			t.Errorf("%s: SNI: got  %q\n\twant %q", r.name, asked, r.sni)
		}
		if s.Version != r.version || s.Trusted() != r.trusted || s.Got == 0 || s.Sent == 0 {
			t.Errorf("%s: got  %+v\n\twant version %x, trusted %v", r.name, s, r.version, r.trusted)
		}
		if got, want := s.Unique != nil, r.version == tls.VersionTLS12; got != want {
			t.Errorf("%s: tls-unique: got  %v\n\twant %v", r.name, got, want)
		}
		if n := len(s.Exporter()); n != 32 {
			t.Errorf("%s: tls-exporter has %d bytes", r.name, n)
		}
	}
}

// TestBinding holds our channel binding against the server's.
func TestBinding(t *testing.T) {
	p := newPKI(t)
	good := chained(mint(t, p.inter, host, server), p.inter)
	theirs := make(chan []byte, 1)
	_, s, err := talk(t, host, Config{System: p.roots(), Now: at(noon)}, func(conn net.Conn) {
		c := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{good}})
		if c.Handshake() != nil {
			theirs <- nil
			return
		}
		cs := c.ConnectionState()
		key, _ := cs.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32)
		theirs <- key
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.Exporter(), <-theirs; !bytes.Equal(got, want) {
		t.Errorf("got  %x\nwant %x", got, want)
	}
}

func TestClientCertificate(t *testing.T) {
	p := newPKI(t)
	mine := chained(mint(t, p.inter, "me"), p.inter)
	wanting := &tls.Config{Certificates: []tls.Certificate{chained(mint(t, p.inter, host, server), p.inter)}, ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12}
	_, s, err := talk(t, host, Config{System: p.roots(), Now: at(noon), ClientCert: &mine}, serve(wanting))
	if err != nil || !s.CertAsked || !s.Trusted() {
		t.Errorf("got  %v %+v\nwant a session", err, s)
	}
}
