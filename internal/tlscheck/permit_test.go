package tlscheck

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"testing"
)

// session makes a real one, over net.Pipe as other packages' tests do.
func session(t *testing.T, name string, cfg Config, srv *tls.Config) *State {
	t.Helper()
	near, far := net.Pipe()
	t.Cleanup(func() { near.Close(); far.Close() })
	go serve(srv)(far)
	_, s, err := Client(t.Context(), near, name, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPermit(t *testing.T) {
	p := newPKI(t)
	srv := &tls.Config{Certificates: []tls.Certificate{chained(mint(t, p.inter, host, server), p.inter)}}
	cfg := Config{System: p.roots(), Now: at(noon)}

	permit, ok := session(t, host+".", cfg, srv).Permit()
	if !ok || !permit.Valid() || permit.ServerName() != host {
		t.Errorf("got  %v %v\nwant a permit for %s", permit, ok, host)
	}

	for _, r := range []struct {
		name  string
		state func() *State
	}{
		{"nil", func() *State { return nil }},
		{"zero", func() *State { return new(State) }},
		{"by hand", func() *State {
			return &State{ServerName: host, Version: tls.VersionTLS13, Chain: []*x509.Certificate{p.root.cert}, SystemTrust: TrustYes}
		}},
		{"another name", func() *State { return session(t, "x.org", cfg, srv) }},
		{"no name", func() *State { return session(t, "", cfg, srv) }},
		{"an address that the certificate lacks", func() *State { return session(t, "127.0.0.1", cfg, srv) }},
		{"a stranger", func() *State { return session(t, host, Config{System: newPKI(t).roots(), Now: at(noon)}, srv) }},
		{"expired", func() *State { return session(t, host, Config{System: p.roots(), Now: at(noon.Add(900 * day))}, srv) }},
		{"causes taken away", func() *State {
			s := session(t, "x.org", cfg, srv)
			s.Causes = nil
			return s
		}},
		{"a cause taken away that is none to crypto/x509", func() *State {
			unfit := mint(t, p.inter, host, server, usage(x509.KeyUsageCertSign))
			s := session(t, host, cfg, &tls.Config{Certificates: []tls.Certificate{chained(unfit, p.inter)}})
			s.Causes = nil
			return s
		}},
		{"trust put in", func() *State {
			s := session(t, host, Config{System: newPKI(t).roots(), Now: at(noon)}, srv)
			s.Causes, s.SystemTrust, s.MozillaTrust = nil, TrustYes, TrustYes
			return s
		}},
		{"found wanting later", func() *State {
			s := session(t, host, cfg, srv)
			s.Causes = append(s.Causes, Cause{Kind: Invalid, Fatal: true})
			return s
		}},
		{"renamed", func() *State {
			s := session(t, host, cfg, srv)
			s.ServerName = "x.org"
			return s
		}},
		{"a copy", func() *State {
			s := *session(t, host, cfg, srv)
			return &s
		}},
		{"laid over another", func() *State {
			bad := session(t, "x.org", cfg, srv)
			*bad = *session(t, host, cfg, srv)
			return bad
		}},
		{"through JSON", func() *State {
			raw, err := json.Marshal(&State{ServerName: host, Version: tls.VersionTLS13, SystemTrust: TrustYes})
			if err != nil {
				t.Fatal(err)
			}
			s := session(t, "x.org", cfg, srv)
			if err := json.Unmarshal(raw, s); err != nil {
				t.Fatal(err)
			}
			return s
		}},
		{"TLS 1.1", func() *State {
			cs := tls.ConnectionState{Version: tls.VersionTLS11, PeerCertificates: certsOf(srv.Certificates[0])}
			return describe(t.Context(), cs, host, cfg)
		}},
		{"no certificate", func() *State {
			return describe(t.Context(), tls.ConnectionState{Version: tls.VersionTLS13}, host, cfg)
		}},
	} {
		t.Run(r.name, func(t *testing.T) {
			if got, ok := r.state().Permit(); ok || got.Valid() {
				t.Errorf("got  a permit for %q\nwant none", got.ServerName())
			}
		})
	}
}

// TestPermitTLS12 is the other side of the row for TLS 1.1: the same chain.
func TestPermitTLS12(t *testing.T) {
	p := newPKI(t)
	cs := tls.ConnectionState{Version: tls.VersionTLS12, PeerCertificates: certsOf(chained(mint(t, p.inter, host, server), p.inter))}
	if _, ok := describe(t.Context(), cs, host, Config{System: p.roots(), Now: at(noon)}).Permit(); !ok {
		t.Error("got  no permit\nwant one")
	}
}
