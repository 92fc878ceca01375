package diagnose

import (
	"crypto/tls"
	"crypto/x509"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// server is a dialogue that reached its end at an address, altered.
func server(addr string, alter ...func(*probe.Result)) *probe.Result {
	a := netip.MustParseAddr(addr)
	r := &probe.Result{
		Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "mail.example.com", Port: 993, Security: settings.TLS},
		Resolved: []netip.Addr{a}, RemoteAddr: netip.AddrPortFrom(a, 993),
		Steps:        []probe.Step{{Phase: probe.Capabilities, Status: probe.OK}},
		Capabilities: []string{"IMAP4rev1", "IDLE", "AUTH=PLAIN"}, Mechanisms: []string{"PLAIN"}, NativeLogin: "LOGIN",
		TLS: &tlscheck.State{Version: tls.VersionTLS13, Chain: []*x509.Certificate{{
			RawSubjectPublicKeyInfo: []byte("key"), NotAfter: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}}},
	}
	for _, change := range alter {
		change(r)
	}
	return r
}

func failing(phase string, err error) func(*probe.Result) {
	return func(r *probe.Result) {
		r.Steps = []probe.Step{{Phase: phase, Status: probe.Failed, Err: err}}
		r.Capabilities, r.Mechanisms, r.NativeLogin, r.TLS = nil, nil, "", nil
	}
}

func cause(k tlscheck.Kind, fatal bool) func(*probe.Result) {
	return func(r *probe.Result) {
		r.TLS.Causes = append(r.TLS.Causes, tlscheck.Cause{Kind: k, Fatal: fatal, At: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)})
	}
}

func TestAddressFindings(t *testing.T) {
	refused := failing(probe.Connect, &probe.ConnectError{Err: syscall.ECONNREFUSED})
	farAway := failing(probe.Connect, &probe.ConnectError{Err: syscall.ENETUNREACH})
	rejected := func(r *probe.Result) {
		r.Steps = append(r.Steps, probe.Step{Phase: probe.SignIn, Status: probe.Failed, Err: &probe.ReplyError{}})
	}
	caps := func(list ...string) func(*probe.Result) { return func(r *probe.Result) { r.Capabilities = list } }
	mechanisms := func(list ...string) func(*probe.Result) { return func(r *probe.Result) { r.Mechanisms = list } }
	version := func(v uint16) func(*probe.Result) { return func(r *probe.Result) { r.TLS.Version = v } }
	key := func(k string) func(*probe.Result) {
		return func(r *probe.Result) { r.TLS.Chain[0].RawSubjectPublicKeyInfo = []byte(k) }
	}
	until := func(y int) func(*probe.Result) {
		return func(r *probe.Result) { r.TLS.Chain[0].NotAfter = time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	}
	serial := func(r *probe.Result) { r.TLS.Chain[0].Raw = []byte("another") }
	never := func(r *probe.Result) {
		refused(r)
		r.RemoteAddr = netip.AddrPort{}
		r.Tried = []probe.Attempt{{Addr: netip.MustParseAddrPort("192.0.2.1:993"), Err: syscall.ECONNREFUSED}}
	}
	on := func(change ...func(*probe.Result)) []func(*probe.Result) { return change }
	const one, two = "192.0.2.1", "192.0.2.2"
	tests := []struct {
		name        string
		main, other []func(*probe.Result)
		want        string
		part        string // of the first message
	}{
		{"alike", nil, nil, "", ""},
		{"the other refuses", nil, on(refused), "net.address_inconsistent warning provider", "192.0.2.2 does not accept connections; with 192.0.2.1 all is well"},
		{"the first refuses", on(never), nil, "net.address_inconsistent warning provider", "192.0.2.1 does not accept connections; with 192.0.2.2 all is well"},
		{"both refuse", on(never), on(refused), "", ""},
		{"out of reach", nil, on(farAway), "net.unreachable info ", "no way to 192.0.2.2"},
		{"handshake", nil, on(failing(probe.TLS, &tlscheck.HandshakeError{})), "tls.inconsistent_addresses warning provider", "192.0.2.2 fails in the TLS handshake"},
		{"in clear", nil, on(failing(probe.TLS, fault(probe.SpeaksClear))), "net.address_inconsistent warning provider", "192.0.2.2 does not speak TLS"},
		{"silent", nil, on(failing(probe.Greeting, fault(probe.Silent))), "net.address_inconsistent warning provider", "192.0.2.2 says nothing"},
		{"a rejected sign-in is no difference", on(rejected), nil, "", ""},
		{"fewer mechanisms", nil, on(mechanisms()), "net.address_inconsistent warning provider", "192.0.2.2 lacks PLAIN (compared with 192.0.2.1)"},
		{"more mechanisms", nil, on(mechanisms("PLAIN", "XOAUTH2")), "net.address_inconsistent warning provider", "only 192.0.2.2 has XOAUTH2"},
		{"mechanisms in another order", on(mechanisms("PLAIN", "XOAUTH2")), on(mechanisms("XOAUTH2", "PLAIN")), "", ""},
		{"another extension", nil, on(caps("IMAP4rev1", "AUTH=PLAIN", "MOVE")), "net.address_inconsistent info ", "192.0.2.2 lacks IDLE; only 192.0.2.2 has MOVE"},
		{"another parameter", on(caps("SIZE 1000")), on(caps("size 2000")), "", ""},
		{"TLS 1.2", nil, on(version(tls.VersionTLS12)), "tls.inconsistent_addresses info ", "192.0.2.2 TLS 1.2, 192.0.2.1 TLS 1.3"},
		{"TLS 1.0", on(version(tls.VersionTLS10)), nil, "tls.inconsistent_addresses warning provider", "192.0.2.1 TLS 1.0"},
		{"expired", nil, on(cause(tlscheck.Expired, true)), "cert.inconsistent_across_addresses error provider", "the one at 192.0.2.2 has expired on 2026-11-20"},
		{"expired and misnamed", nil, on(cause(tlscheck.Expired, true), cause(tlscheck.NameMismatch, true)), "cert.inconsistent_across_addresses error provider", "has expired on 2026-11-20 and is for another host name"},
		{"the first expired", on(cause(tlscheck.Expired, true)), nil, "cert.inconsistent_across_addresses error provider", "the one at 192.0.2.1 has expired on 2026-11-20; no fault at 192.0.2.2"},
		{"both expired", on(cause(tlscheck.Expired, true)), on(cause(tlscheck.Expired, true), key("x")), "", ""},
		{"ends soon", nil, on(cause(tlscheck.ExpiresSoon, false)), "cert.inconsistent_across_addresses warning provider", "192.0.2.2 ends already on 2026-11-20"},
		{"both end soon", on(cause(tlscheck.ExpiresSoon, false)), on(cause(tlscheck.ExpiresSoon, false)), "", ""},
		{"odd, but accepted", nil, on(cause(tlscheck.RootSent, false)), "", ""},
		{"another key", nil, on(key("x")), "cert.inconsistent_across_addresses info ", "192.0.2.2 another one than 192.0.2.1"},
		{"another end", nil, on(until(2028)), "cert.inconsistent_across_addresses info ", "all of them good"},
		{"issued twice alike", nil, on(serial), "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			main := server(one, tt.main...)
			_, each := Run([]Case{{Result: main, Addresses: []*probe.Result{server(two, tt.other...)}}}, nil, Context{})
			if got := codesOf(t, each[0]); got != tt.want {
				t.Fatalf("got  %q\n\twant %q", got, tt.want)
			}
			if tt.part != "" && !strings.Contains(each[0][0].Says(), tt.part) {
				t.Errorf("got  %q\n\twant %q", each[0][0].Says(), tt.part)
			}
		})
	}
}

// TestUntestedAddresses: an address that was to be tested and was not is said.
func TestUntestedAddresses(t *testing.T) {
	main := server("192.0.2.1")
	_, each := Run([]Case{{Result: main, Untested: []netip.Addr{netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("2001:db8::7")}}}, nil, Context{})
	if got, want := codesOf(t, each[0]), "net.address_untested warning tool"; got != want {
		t.Fatalf("got  %q\n\twant %q", got, want)
	}
	if got, want := each[0][0].Says(), "192.0.2.7, 2001:db8::7. They were not tested"; !strings.Contains(got, want) {
		t.Errorf("got  %q\n\twant %q in it", got, want)
	}
}

// TestOneOfMany: of many addresses the one is named that was forgotten.
func TestOneOfMany(t *testing.T) {
	var others []*probe.Result
	for _, addr := range []string{"192.0.2.2", "192.0.2.3", "192.0.2.4"} {
		r := server(addr)
		if addr == "192.0.2.3" {
			cause(tlscheck.Expired, true)(r)
		}
		others = append(others, r)
	}
	findings := addressFindings(server("192.0.2.1"), others)
	sound(t, findings)
	want := "The addresses of mail.example.com:993 show different certificates: the one at 192.0.2.3 has expired on 2026-11-20; no fault at 192.0.2.1, 192.0.2.2, 192.0.2.4."
	if len(findings) != 1 || findings[0].Says() != want {
		t.Errorf("got  %+v\n\twant %q", findings, want)
	}
}
