package diagnose

import (
	"crypto/x509"
	"slices"
	"syscall"
	"testing"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// failedAt is a probe that failed in one phase.
func failedAt(url, phase string, err error) *probe.Result {
	return &probe.Result{Endpoint: parsed(url), Steps: []probe.Step{{Phase: phase, Status: probe.Failed, Err: err}}}
}

func fault(f probe.ProtocolFault) error { return &probe.ProtocolError{Fault: f} }

func TestAlternatives(t *testing.T) {
	const imap, imaps, smtp = "imap://mail.example.com", "imaps://mail.example.com", "submission://mail.example.com"
	unlike := func(r *probe.Result, s settings.Security, speaks string) *probe.Result {
		r.UnlikeAsked = &probe.Unlike{Security: s, Protocol: speaks}
		return r
	}
	connect := func(err error) *probe.Result { return unconnected(imaps, err).Result }
	noAuth := func(url string) *probe.Result {
		return &probe.Result{Endpoint: parsed(url), Steps: []probe.Step{{Phase: probe.Capabilities, Status: probe.OK}}}
	}
	tests := []struct {
		name   string
		result *probe.Result
		want   []string
	}{
		{"TLS at once", unlike(failedAt(imap, probe.Greeting, fault(probe.SpeaksTLS)), settings.TLS, "imap"),
			[]string{"imaps://mail.example.com:143", "imaps://new.example.com:993", "imaps://mail.example.com:993"}},
		{"in clear", unlike(failedAt(imaps, probe.TLS, fault(probe.SpeaksClear)), settings.Plain, "imap"),
			[]string{"imap://mail.example.com:993", "imaps://new.example.com:993", "imap://mail.example.com:143"}},
		{"in clear, another protocol", unlike(failedAt(imaps, probe.TLS, fault(probe.WrongProtocol)), settings.Plain, "smtp"),
			[]string{"imaps://new.example.com:993", "imap://mail.example.com:143"}},
		{"no STARTTLS", failedAt(imap, probe.StartTLS, fault(probe.NotOffered)),
			[]string{"imaps://new.example.com:993", "imaps://mail.example.com:993"}},
		{"STARTTLS refused", failedAt(smtp, probe.StartTLS, &probe.ReplyError{Command: "STARTTLS", Reply: probe.Reply{Status: "554"}}),
			[]string{"submissions://mail.example.com:465"}},
		{"STARTTLS refused for now", failedAt(smtp, probe.StartTLS, &probe.ReplyError{Command: "STARTTLS", Reply: probe.Reply{Status: "454"}}), []string{"submissions://mail.example.com:465"}},
		{"STARTTLS without a handshake", failedAt(smtp, probe.StartTLS, &tlscheck.HandshakeError{}), []string{"submissions://mail.example.com:465"}},
		{"a handshake that fails", failedAt(imaps, probe.TLS, &tlscheck.HandshakeError{}), nil},
		{"tampering", failedAt(imap, probe.StartTLS, fault(probe.Injected)), nil},
		{"silence", failedAt(imap, probe.Greeting, fault(probe.Silent)), []string{"imaps://new.example.com:993", "imaps://mail.example.com:993"}},
		{"an end before the first word", failedAt(imaps, probe.Greeting, fault(probe.ClosedEarly)), []string{"imaps://new.example.com:993", "imap://mail.example.com:143"}},
		{"silence in the handshake", failedAt(imaps, probe.TLS, &tlscheck.HandshakeError{Failure: tlscheck.Timeout}), []string{"imaps://new.example.com:993", "imap://mail.example.com:143"}},
		{"cut in the middle of the sign-in", failedAt(imaps, probe.SignIn, fault(probe.ClosedEarly)), nil},
		{"turned away", failedAt(imap, probe.Greeting, &probe.ReplyError{}), nil},
		{"refused", connect(syscall.ECONNREFUSED), []string{"imaps://new.example.com:993", "imap://mail.example.com:143"}},
		{"timed out", connect(errSilent), []string{"imaps://new.example.com:993", "imap://mail.example.com:143"}},
		{"no way there", connect(syscall.ENETUNREACH), []string{"imaps://new.example.com:993", "imap://mail.example.com:143"}},
		{"forbidden by this computer", connect(syscall.EPERM), nil},
		{"no such name", failedAt(imaps, probe.Resolve, &probe.ResolveError{Err: errNXDOM}), []string{"imaps://new.example.com:993"}},
		{"no DNS", failedAt(imaps, probe.Resolve, &probe.ResolveError{Err: errNoDNS}), nil},
		{"a server for incoming mail", noAuth("submission://mail.example.com:25"),
			[]string{"submissions://mail.example.com:465", "submission://mail.example.com:587"}},
		{"cleartext is asked for", noAuth("submission+plain://mail.example.com"), nil},
		{"the password is wrong", failedAt(imaps, probe.SignIn, &probe.ReplyError{}), nil},
	}
	s := &settings.Provider{Offers: []settings.Offer{{Endpoints: []settings.Setting{
		{Endpoint: parsed("imaps://new.example.com"), Role: settings.Alternative},
		{Endpoint: parsed("imap+plain://mail.example.com:1143"), Role: settings.Alternative},
		{Endpoint: parsed("imaps://old.example.com"), Role: settings.Legacy},
		{Endpoint: parsed("pop3s://mail.example.com"), Role: settings.Documented},
	}}}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, a := range Alternatives(tt.result, s) {
				got = append(got, a.Endpoint.String())
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\n\twant %q", got, tt.want)
			}
		})
	}
}

func TestCertificateNames(t *testing.T) {
	mismatch := tlscheck.Cause{Kind: tlscheck.NameMismatch, Fatal: true}
	names := []string{"www.hosting.example", "*.hosting.example", "shop.test", "imap.hosting.example", "mail.example.com", "192.0.2.7", "localhost", "bad name.example", "a.hosting.example"}
	tests := []struct {
		name  string
		state tlscheck.State
		want  []string
	}{
		{"nearest first, three at most", tlscheck.State{SystemTrust: tlscheck.TrustYes, Causes: []tlscheck.Cause{mismatch}},
			[]string{"mail.example.com", "www.hosting.example", "shop.test"}},
		{"expired as well", tlscheck.State{SystemTrust: tlscheck.TrustYes, Causes: []tlscheck.Cause{mismatch, {Kind: tlscheck.Expired, Fatal: true}}}, nil},
		{"about to expire", tlscheck.State{SystemTrust: tlscheck.TrustYes, Causes: []tlscheck.Cause{mismatch, {Kind: tlscheck.ExpiresSoon}}},
			[]string{"mail.example.com", "www.hosting.example", "shop.test"}},
		{"of an unknown authority", tlscheck.State{SystemTrust: tlscheck.TrustNo, Causes: []tlscheck.Cause{mismatch}}, nil},
		{"trusted by Mozilla, which does not decide", tlscheck.State{SystemTrust: tlscheck.TrustNo, MozillaTrust: tlscheck.TrustYes, Causes: []tlscheck.Cause{mismatch}}, nil},
		{"trusted by Mozilla, which decides", tlscheck.State{Store: tlscheck.StoreMozilla, MozillaTrust: tlscheck.TrustYes, Causes: []tlscheck.Cause{mismatch}},
			[]string{"mail.example.com", "www.hosting.example", "shop.test"}},
		{"for this name", tlscheck.State{SystemTrust: tlscheck.TrustYes}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.state.Chain = []*x509.Certificate{{DNSNames: names}}
			var got []string
			for _, a := range Alternatives(&probe.Result{Endpoint: parsed("imaps://imap.example.com"), TLS: &tt.state}, nil) {
				got = append(got, a.Host)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\n\twant %q", got, tt.want)
			}
		})
	}
}

// TestServesNeedsProof: a State that no handshake has made is none.
func TestServesNeedsProof(t *testing.T) {
	r := &probe.Result{Endpoint: parsed("imaps://mail.example.com"), NativeLogin: "LOGIN", Capabilities: []string{"IMAP4rev1"},
		Steps: []probe.Step{{Phase: probe.Capabilities, Status: probe.OK}},
		TLS:   &tlscheck.State{SystemTrust: tlscheck.TrustYes, Version: 0x0304, Chain: []*x509.Certificate{{}}}}
	if Serves(r, Context{}) {
		t.Error("got  a server without proof recommended\n\twant it refused")
	}
}
