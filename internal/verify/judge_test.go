package verify

import (
	"crypto/x509"
	"errors"
	"testing"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/tlscheck"
)

func TestVerdict(t *testing.T) {
	chain := []*x509.Certificate{{}}
	trusted := &tlscheck.State{Chain: chain, SystemTrust: tlscheck.TrustYes}
	warning := []finding.Finding{{Severity: finding.Warning}}
	grave := []finding.Finding{{Severity: finding.Warning}, {Severity: finding.Error, Phase: probe.TLS}}
	tests := []struct {
		name     string
		result   probe.Result
		findings []finding.Finding
		want     Verdict
		phase    string
	}{
		{"all well", probe.Result{TLS: trusted}, nil, Works, ""},
		{"a warning", probe.Result{TLS: trusted}, warning, Works, ""},
		{"an error", probe.Result{TLS: trusted}, grave, Fails, probe.TLS},
		{"a failure without an error", probe.Result{Steps: []probe.Step{{Status: probe.Failed, Err: errors.New("x")}}}, warning, Unknown, ""},
		{"a certificate that nobody blames and nobody trusts", probe.Result{TLS: &tlscheck.State{Chain: chain, SystemTrust: tlscheck.TrustNo}}, warning, Unknown, ""},
		{"an open sign-in", probe.Result{Auth: probe.Auth{Status: probe.AuthSkipped, Open: true}}, nil, Unknown, ""},
		{"a sign-in that need not be", probe.Result{Auth: probe.Auth{Status: probe.AuthSkipped}}, nil, Works, ""},
		{"a sign-in not judged", probe.Result{Auth: probe.Auth{Status: probe.AuthUnknown}}, nil, Unknown, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, phase := verdict(&tt.result, tt.findings)
			if got != tt.want || phase != tt.phase {
				t.Errorf("got  %s %q\n\twant %s %q", got, phase, tt.want, tt.phase)
			}
		})
	}
}

func TestOverallOfRun(t *testing.T) {
	grave := []finding.Finding{{Severity: finding.Error}}
	tests := []struct {
		name   string
		report Report
		want   Verdict
	}{
		{"nothing was run", Report{}, Unknown},
		{"all work", Report{Endpoints: []Endpoint{{Verdict: Works}, {Verdict: Works}}}, Works},
		{"all work, with a warning", Report{Endpoints: []Endpoint{{Verdict: Works}}, Findings: []finding.Finding{{Severity: finding.Warning}}}, Works},
		{"all work, by a wrong clock", Report{Endpoints: []Endpoint{{Verdict: Works}}, Findings: grave}, Unknown},
		{"one fails, by a wrong clock", Report{Endpoints: []Endpoint{{Verdict: Fails}}, Findings: grave}, Fails},
		{"one is unknown", Report{Endpoints: []Endpoint{{Verdict: Unknown}, {Verdict: Works}}}, Unknown},
		{"one fails", Report{Endpoints: []Endpoint{{Verdict: Unknown}, {Verdict: Fails}}}, Fails},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := overall(&tt.report); got != tt.want {
				t.Errorf("got  %s\n\twant %s", got, tt.want)
			}
		})
	}
}
