package diagnose

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"net/netip"
	"slices"
	"syscall"
	"testing"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

var catalogueOwner = &settings.Provider{ID: "known"}

// brokeOff is the probe of an endpoint that failed in a phase behind connecting.
func brokeOff(url, phase string, err error) Case {
	k := unconnected(url, nil)
	k.Result.Steps = append(k.Result.Steps, probe.Step{Phase: phase, Status: probe.Failed, Err: err})
	k.Findings = Result(k.Result, Context{})
	return k
}

// led is the probe of an endpoint whose name leads to an address.
func led(k Case, address string, owner *settings.Provider) Case {
	addr := netip.MustParseAddr(address)
	k.Result.Resolved, k.Provider, k.Result.Host = []netip.Addr{addr}, owner, k.Result.Endpoint.Host
	for i := range k.Result.Tried {
		k.Result.Tried[i].Addr = netip.AddrPortFrom(addr, 993)
	}
	k.Findings = Result(k.Result, Context{})
	return k
}

// signed is the probe of a server whose certificate nobody vouches for.
func signed(url, issuer string, owner *settings.Provider) Case {
	k := unconnected(url, nil)
	leaf := &x509.Certificate{Issuer: pkix.Name{CommonName: issuer}, Subject: pkix.Name{CommonName: k.Result.Endpoint.Host}}
	kind := tlscheck.UnknownCA
	if issuer == "" {
		leaf.Issuer, kind = leaf.Subject, tlscheck.SelfSigned
	}
	k.Result.TLS = &tlscheck.State{Chain: []*x509.Certificate{leaf}, Causes: []tlscheck.Cause{{Kind: kind, Fatal: true, Detail: issuer}}}
	k.Provider, k.Findings = owner, Result(k.Result, Context{})
	return k
}

// halved is the probe of a host of which one address family alone answers.
func halved(url string, broken bool) Case {
	k := unconnected(url, nil)
	k.Result.Tried = []probe.Attempt{
		{Addr: netip.MustParseAddrPort("192.0.2.1:993"), Err: map[bool]error{true: errSilent}[broken]},
		{Addr: netip.MustParseAddrPort("[2001:db8::1]:993"), Err: map[bool]error{false: errSilent}[broken]},
	}
	k.Findings = Result(k.Result, Context{})
	return k
}

func beside(k Case) Control {
	return Control{Result: k.Result, Elsewhere: true, Provider: k.Provider}
}

// TestRunCauses: what explains several endpoints is told from what is one's
// own, by what another provider shows.
func TestRunCauses(t *testing.T) {
	const own, stranger = "imaps://mail.example.com", "imaps://mail.example.org"
	closed := &tlscheck.HandshakeError{Failure: tlscheck.Closed, Err: io.EOF}
	lost := &tlscheck.HandshakeError{Failure: tlscheck.Timeout, Err: errSilent, Explained: &tlscheck.Explanation{Reason: tlscheck.LargeAnswer}}
	long := &tlscheck.HandshakeError{Failure: tlscheck.Timeout, Err: errSilent, Explained: &tlscheck.Explanation{Reason: tlscheck.LargeHello}}
	mute := &tlscheck.HandshakeError{Failure: tlscheck.Timeout, Err: errSilent}
	stripped := &probe.ProtocolError{Fault: probe.NotOffered}
	alert, old := &tlscheck.HandshakeError{Failure: tlscheck.Alert, Alert: 40, Err: io.EOF}, &tlscheck.HandshakeError{Failure: tlscheck.Alert, Alert: 70, Err: io.EOF}
	legacy := &tlscheck.HandshakeError{Failure: tlscheck.Closed, Err: io.EOF, Explained: &tlscheck.Explanation{Reason: tlscheck.LegacyVersion, Version: 0x301}}
	ssh, injected := &probe.ProtocolError{Fault: probe.WrongProtocol, Speaks: "ssh"}, &probe.ProtocolError{Fault: probe.Injected}
	bye := &probe.ReplyError{Reply: probe.NewReply("BYE", "go away")}
	page := &probe.ProtocolError{Fault: probe.WrongProtocol, Speaks: "http"}
	tests := []struct {
		name     string
		k        Case
		controls []Control
		run      string
		first    string
	}{
		{"closed at ClientHello here", brokeOff(own, probe.TLS, closed), []Control{elsewhereSecured(stranger)}, "", "tls.handshake_closed error provider"},
		{"closed at ClientHello everywhere", brokeOff(own, probe.TLS, closed), []Control{beside(brokeOff(stranger, probe.TLS, closed))}, "", "net.interference warning local-network"},
		{"reset as the connection came about, elsewhere behind it", unconnected(own, syscall.ECONNRESET), []Control{beside(brokeOff(stranger, probe.TLS, closed))}, "", "net.interference warning local-network"},
		{"closed at ClientHello, elsewhere reset as the connection came about", brokeOff(own, probe.TLS, closed), []Control{elsewhere(stranger, syscall.ECONNRESET)}, "", "net.interference warning local-network"},
		{"closed at ClientHello, refused elsewhere", brokeOff(own, probe.TLS, closed), []Control{elsewhere(stranger, syscall.ECONNREFUSED)}, "", "tls.handshake_closed error provider"},
		{"no STARTTLS here", brokeOff("submission://mail.example.com", probe.StartTLS, stripped), []Control{elsewhereSecured("submission://mail.example.org")}, "", "starttls.not_offered error provider"},
		{"no STARTTLS anywhere", brokeOff("submission://mail.example.com", probe.StartTLS, stripped), []Control{beside(brokeOff("submission://mail.example.org", probe.StartTLS, stripped))}, "", "starttls.stripped_suspected warning local-network"},
		{"large packets lost", brokeOff(own, probe.TLS, lost), nil, "", "net.large_packets_lost warning local-network"},
		{"large packets lost on the way to one", brokeOff(own, probe.TLS, lost), []Control{elsewhereSecured(stranger)}, "", "net.large_packets_lost warning provider"},
		{"a web server here", brokeOff(own, probe.TLS, page), []Control{elsewhereSecured(stranger)}, "", "mode.wrong_protocol error catalogue"},
		{"web servers everywhere", brokeOff(own, probe.TLS, page), []Control{beside(brokeOff(stranger, probe.TLS, page))}, "env.proxy_or_captive warning local-network", "mode.wrong_protocol warning local-network"},
		{"a public name inside", led(unconnected(own, syscall.ECONNREFUSED), "10.0.0.1", catalogueOwner), nil, "dns.resolver_lies warning local-network", "net.refused warning local-network"},
		{"a name led to nowhere", led(unconnected(own, errSilent), "0.0.0.0", catalogueOwner), nil, "dns.resolver_lies warning local-network", "net.timeout warning local-network"},
		{"a company's own name inside", led(unconnected(own, errSilent), "10.0.0.1", nil), nil, "", "net.timeout warning local-network; dns.private_address warning local-network"},
		{"IPv4 is broken here", halved(own, true), []Control{beside(halved(stranger, true))}, "net.ipv4_broken warning local-network", ""},
		{"IPv6 is broken here", halved(own, false), []Control{beside(halved(stranger, false))}, "net.ipv6_broken warning local-network", ""},
		{"IPv6 is broken there", halved(own, false), []Control{beside(halved(stranger, true))}, "", "net.ipv6_broken warning provider"},
		{"IPv6 is broken somewhere", halved(own, false), nil, "", "net.ipv6_broken warning provider"},
		{"a private authority at a known provider", signed(own, "Gateway", catalogueOwner), nil, "", "cert.intercepted error local-network"},
		{"a private authority at a company's server", signed(own, "Gateway", nil), nil, "", "cert.unknown_ca error provider"},
		{"one authority for all", signed(own, "Gateway", catalogueOwner), []Control{beside(signed(stranger, "Gateway", nil))}, "cert.intercepted error local-network", "cert.intercepted error local-network"},
		{"one authority for two companies", signed(own, "Holding", nil), []Control{beside(signed(stranger, "Holding", nil))}, "", "cert.unknown_ca error provider"},
		{"two authorities", signed(own, "One", nil), []Control{beside(signed(stranger, "Two", catalogueOwner))}, "", "cert.unknown_ca error provider"},
		{"a company's own self-signed server, and another", signed(own, "", nil), []Control{beside(signed(stranger, "", catalogueOwner))}, "", "cert.self_signed error provider"},
		{"another name here", named(own), []Control{elsewhereSecured(stranger)}, "", "cert.name_mismatch error provider"},
		{"other names everywhere", named(own), []Control{beside(named(stranger))}, "net.interference warning local-network", "cert.name_mismatch warning local-network"},
		{"one web server elsewhere, and a mail server", brokeOff(own, probe.TLS, page), []Control{beside(brokeOff(stranger, probe.TLS, page)), elsewhereSecured("imaps://mail.example.net")}, "", "mode.wrong_protocol error catalogue"},
		{"long messages lost here", brokeOff(own, probe.TLS, long), []Control{elsewhereSecured(stranger)}, "", "tls.large_hello_intolerant error provider"},
		{"long messages lost everywhere", brokeOff(own, probe.TLS, long), []Control{beside(brokeOff(stranger, probe.TLS, mute))}, "", "net.large_packets_lost warning local-network"},
		{"over IPv6 alone, and the comparison over IPv4", over6(unconnected(own, errSilent)), []Control{elsewhere4(stranger)}, "", "net.timeout warning local-network"},
		{"an alert here", brokeOff(own, probe.TLS, alert), []Control{elsewhereSecured(stranger)}, "", "tls.alert_handshake_failure error provider"},
		{"one alert everywhere", brokeOff(own, probe.TLS, alert), []Control{beside(brokeOff(stranger, probe.TLS, alert))}, "", "net.interference warning local-network"},
		{"two alerts", brokeOff(own, probe.TLS, alert), []Control{beside(brokeOff(stranger, probe.TLS, old))}, "", "tls.alert_handshake_failure error provider"},
		{"SSH here", brokeOff(own, probe.TLS, ssh), []Control{elsewhereSecured(stranger)}, "", "mode.wrong_protocol error catalogue"},
		{"SSH everywhere", brokeOff(own, probe.TLS, ssh), []Control{beside(brokeOff(stranger, probe.TLS, ssh))}, "", "net.interference warning local-network"},
		{"SSH here, a page elsewhere", brokeOff(own, probe.TLS, ssh), []Control{beside(brokeOff(stranger, probe.TLS, page))}, "", "mode.wrong_protocol error catalogue"},
		{"text behind STARTTLS everywhere", brokeOff("submission://mail.example.com", probe.StartTLS, injected), []Control{beside(brokeOff("submission://mail.example.org", probe.StartTLS, injected))}, "", "net.interference warning local-network"},
		{"old TLS here, another works", brokeOff(own, probe.TLS, legacy), []Control{elsewhereSecured(stranger)}, "", "tls.version_legacy_only error provider"},
		{"turned away here", brokeOff(own, probe.Greeting, bye), []Control{elsewhereSecured(stranger)}, "", "proto.greeting_reject error provider"},
		{"turned away everywhere", brokeOff(own, probe.Greeting, bye), []Control{beside(brokeOff(stranger, probe.Greeting, bye))}, "", "net.interference warning local-network"},
		{"self-signed everywhere", signed(own, "", catalogueOwner), []Control{beside(signed(stranger, "", catalogueOwner))}, "cert.intercepted error local-network", "cert.intercepted error local-network"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			run, each := Run([]Case{tt.k}, tt.controls, Context{})
			if got := codesOf(t, run); got != tt.run {
				t.Errorf("run:\n\tgot  %q\n\twant %q", got, tt.run)
			}
			grave := slices.DeleteFunc(each[0], func(f finding.Finding) bool { return f.Severity == finding.Info })
			if got := codesOf(t, grave); got != tt.first {
				t.Errorf("case:\n\tgot  %q\n\twant %q", got, tt.first)
			}
		})
	}
}

// elsewhereSecured is a comparison that came as far as encryption.
func elsewhereSecured(url string) Control {
	k := unconnected(url, nil)
	k.Result.TLS = &tlscheck.State{}
	return beside(k)
}

// named is the probe of a server whose certificate is for another name.
func named(url string) Case {
	k := unconnected(url, nil)
	k.Result.TLS = &tlscheck.State{Chain: []*x509.Certificate{{}}, Causes: []tlscheck.Cause{{Kind: tlscheck.NameMismatch, Fatal: true, Names: []string{"filter.example"}}}}
	k.Findings = Result(k.Result, Context{})
	return k
}

// over6 is a probe of a host that has an IPv6 address alone.
func over6(k Case) Case {
	k.Result.Tried[0].Addr = netip.MustParseAddrPort("[2001:db8::1]:993")
	k.Findings = Result(k.Result, Context{})
	return k
}

// elsewhere4 is a comparison that came about over IPv4.
func elsewhere4(url string) Control {
	k := unconnected(url, nil)
	k.Result.RemoteAddr = netip.MustParseAddrPort("192.0.2.9:993")
	return beside(k)
}
