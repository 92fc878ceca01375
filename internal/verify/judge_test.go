package verify

import (
	"context"
	"crypto/x509"
	"errors"
	"strings"
	"syscall"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/diagnose"
	"mailprobe/internal/finding"
	"mailprobe/internal/lab"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
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
		{"a sign-in rejected, and nothing found", probe.Result{Auth: probe.Auth{Status: probe.AuthRejected, Open: true}}, nil, Works, ""},
		{"a message neither sent nor seen", probe.Result{Message: &probe.Delivery{}}, nil, Unknown, ""},
		{"a message sent", probe.Result{Message: &probe.Delivery{Sent: true}}, nil, Works, ""},
		{"a message seen", probe.Result{Message: &probe.Delivery{Seen: true}}, nil, Works, ""},
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

// A server under a name of its owner's gets the advice of the provider that
// its greeting shows.
func TestRecognisedProvider(t *testing.T) {
	w := newWorld(t).build(at("192.0.2.1", server("imaps://mail.corp.example", lab.LoginRefused)))
	w.name("mail.corp.example", "192.0.2.1")
	p := w.plan(documented("imaps://mail.corp.example"))
	p.Options.Credential = auth.NewCredential(auth.Password, auth.NewSecret("wrong"))
	p.Options.Username = "me@corp.example"
	var asked string
	p.Recognise = func(host, greeting string) *settings.Provider {
		if greeting != "" {
			asked = host + " " + greeting
		}
		return &settings.Provider{ID: "hoster", Advice: []settings.Advice{{Codes: []string{"auth.rejected"}, Text: "Make an app password."}}}
	}
	e := Run(t.Context(), p).Endpoints[0]
	if !strings.HasPrefix(asked, "mail.corp.example * OK") {
		t.Errorf("got  %q\nwant the host and its greeting", asked)
	}
	f := find(e.Findings, "auth.rejected")
	if f == nil || !strings.Contains(f.Advises(), "Make an app password.") {
		t.Errorf("got  %+v\nwant the provider's advice", f)
	}
}

// TestInterruptedRunIsNotOffline: what was not reached before the end may well
// answer.
func TestInterruptedRunIsNotOffline(t *testing.T) {
	away := &probe.ConnectError{Err: syscall.ENETUNREACH}
	result := &probe.Result{Endpoint: endpoint("imaps://mail.example.com"),
		Tried: []probe.Attempt{{Err: syscall.ENETUNREACH}},
		Steps: []probe.Step{{Phase: probe.Resolve, Status: probe.OK}, {Phase: probe.Connect, Status: probe.Failed, Err: away}}}
	ended, end := context.WithCancel(t.Context())
	end()
	for _, row := range []struct {
		name string
		ctx  context.Context
		want bool // env.offline is said
	}{{"at its end", t.Context(), true}, {"interrupted", ended, false}} {
		r := &Report{Endpoints: []Endpoint{{Result: result, Findings: diagnose.Result(result, diagnose.Context{})}}}
		Plan{}.judgeRun(row.ctx, r)
		if got := find(r.Findings, "env.offline") != nil; got != row.want {
			t.Errorf("%s\ngot  %v\nwant env.offline: %v", row.name, r.Findings, row.want)
		}
	}
}
