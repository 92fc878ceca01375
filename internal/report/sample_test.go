package report

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

var sampleTime = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// sample is a report put together by hand: what a run would have found.
type sample struct{ *verify.Report }

func newSample(target, id, name string) sample {
	return sample{&verify.Report{
		Target:   target,
		Provider: &settings.Provider{ID: id, Name: name},
		Started:  sampleTime,
		Took:     412740 * time.Microsecond,
		Verdict:  verify.Works,
	}}
}

// works adds an endpoint on which everything went well, and returns it.
func (s sample) works(p settings.Protocol, host string, port uint16, sec settings.Security) *verify.Endpoint {
	ep := settings.Endpoint{Protocol: p, Host: host, Port: port, Security: sec}
	addr := netip.MustParseAddrPort(fmt.Sprintf("192.0.2.10:%d", port))
	r := &probe.Result{
		Endpoint: ep, Host: host, Started: sampleTime, Took: 384 * time.Millisecond,
		Resolved: []netip.Addr{addr.Addr(), netip.MustParseAddr("2001:db8::10")}, RemoteAddr: addr,
		Tried:        []probe.Attempt{{Addr: addr, Took: 11 * time.Millisecond}},
		Greeting:     "* OK Example server ready",
		Capabilities: []string{"IMAP4rev1", "IDLE", "AUTH=PLAIN", "AUTH=XOAUTH2", "SASL-IR"},
		Mechanisms:   []string{"PLAIN", "XOAUTH2"},
		TLS:          session(host),
		Auth:         probe.Auth{Status: probe.AuthNotTested},
	}
	if sec == settings.StartTLS {
		r.Greeting = "220 Example ESMTP\n220 be polite"
		r.PlainCaps = []string{"SIZE 35882577", "STARTTLS"}
	}
	for i, ph := range phases {
		r.Steps = append(r.Steps, probe.Step{Phase: ph.name, Status: probe.OK, Took: time.Duration(i*7+1) * 1300 * time.Microsecond})
	}
	if sec != settings.TLS {
		setStep(r, probe.Step{Phase: probe.TLS, Status: probe.Skipped, Note: "encryption starts later"})
	}
	if sec != settings.StartTLS {
		setStep(r, probe.Step{Phase: probe.StartTLS, Status: probe.Skipped, Note: "encrypted from the start"})
	}
	if sec == settings.Plain {
		r.TLS = nil
	}
	setStep(r, probe.Step{Phase: probe.SignIn, Status: probe.Skipped, Note: "no credential was given"})
	setStep(r, probe.Step{Phase: probe.Access, Status: probe.Skipped, Note: "not signed in"})
	s.Endpoints = append(s.Endpoints, verify.Endpoint{
		Setting: settings.Setting{
			Endpoint: ep, Origin: settings.FromCatalogue, Role: settings.Documented,
			Source: settings.Source{Title: "Set up mail programs", Publisher: "Example", URL: "https://example.com/help/mail-settings", Read: "2026-10-01"},
		},
		Result: r, Verdict: verify.Works,
	})
	return &s.Endpoints[len(s.Endpoints)-1]
}

// fails adds an endpoint that failed in a phase.
func (s sample) fails(phase string, f finding.Finding) *verify.Endpoint {
	e := s.works(settings.IMAP, "imap.example.com", 993, settings.TLS)
	failAt(e, phase, errors.New("the reason as Go says it"))
	s.blame(e, phase, f)
	return e
}

// blame adds a finding of severity error to an endpoint.
func (s sample) blame(e *verify.Endpoint, phase string, f finding.Finding) {
	f.Severity, f.Phase = finding.Error, phase
	e.Findings = append(e.Findings, f)
	e.Verdict, s.Verdict = verify.Fails, verify.Fails
	if e.FailedPhase == "" {
		e.FailedPhase = phase
	}
}

// failAt makes the dialogue end in a phase.
func failAt(e *verify.Endpoint, phase string, err error) {
	after := false
	for _, ph := range phases {
		switch {
		case after:
			setStep(e.Result, probe.Step{Phase: ph.name, Status: probe.Skipped, Note: "skipped: " + phase + " failed"})
		case ph.name == phase:
			setStep(e.Result, probe.Step{Phase: phase, Status: probe.Failed, Took: 15 * time.Second, Err: err})
			after = true
		}
	}
	r := e.Result
	if phase == probe.Resolve || phase == probe.Connect {
		r.RemoteAddr = netip.AddrPort{}
	}
	if phase == probe.Resolve || phase == probe.Connect || phase == probe.TLS {
		r.TLS, r.Greeting = nil, ""
	}
	if phase != probe.Quit && phase != probe.Access && phase != probe.SignIn {
		r.Capabilities, r.Mechanisms = nil, nil
	}
}

func setStep(r *probe.Result, s probe.Step) {
	for i := range r.Steps {
		if r.Steps[i].Phase == s.Phase {
			r.Steps[i] = s
		}
	}
}

func session(host string) *tlscheck.State {
	return &tlscheck.State{
		ServerName: host, Version: tls.VersionTLS13, CipherSuite: tls.TLS_AES_128_GCM_SHA256, Group: tls.X25519MLKEM768,
		Chain: []*x509.Certificate{
			{
				Raw: []byte("leaf"), SerialNumber: big.NewInt(0xabc123),
				Subject: pkix.Name{CommonName: host}, Issuer: pkix.Name{CommonName: "Example CA 1", Organization: []string{"Example"}},
				NotBefore: sampleTime.AddDate(0, 0, -19), NotAfter: sampleTime.AddDate(0, 0, 71),
				DNSNames: []string{host, "mail.example.com"}, PublicKey: &ecdsa.PublicKey{Curve: elliptic.P256()},
				SignatureAlgorithm: x509.SHA256WithRSA,
			},
			{
				Raw: []byte("ca"), SerialNumber: big.NewInt(7),
				Subject: pkix.Name{CommonName: "Example CA 1", Organization: []string{"Example"}}, Issuer: pkix.Name{CommonName: "Example Root"},
				NotBefore: sampleTime.AddDate(-3, 0, 0), NotAfter: sampleTime.AddDate(7, 0, 0),
				PublicKey: &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 2047)}, SignatureAlgorithm: x509.SHA384WithRSA,
			},
		},
		SystemTrust: tlscheck.TrustYes, MozillaTrust: tlscheck.TrustYes,
	}
}

// signIn gives an endpoint an outcome of signing in.
func (s sample) signIn(e *verify.Endpoint, a probe.Auth) {
	s.SignInAsked = true
	a.Username = "me@example.com"
	e.Result.Auth = a
	e.Result.SecretSent = a.Status == probe.AuthAccepted || a.Status == probe.AuthRejected
	step := probe.Step{Phase: probe.SignIn, Status: probe.OK, Took: 95 * time.Millisecond, Note: a.Mechanism}
	switch a.Status {
	case probe.AuthRejected:
		step = probe.Step{Phase: probe.SignIn, Status: probe.Failed, Took: 2 * time.Second, Err: errors.New("rejected")}
	case probe.AuthSkipped, probe.AuthUnknown, probe.AuthNotTested:
		step = probe.Step{Phase: probe.SignIn, Status: probe.Skipped, Note: a.Reason}
	}
	setStep(e.Result, step)
}
