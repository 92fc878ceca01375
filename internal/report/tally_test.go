package report

import (
	"errors"
	"testing"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// TestHeadlineOfARejection holds when the settings are said to work up to
// signing in: only if nothing else is wrong anywhere.
func TestHeadlineOfARejection(t *testing.T) {
	const upTo = "Office 365 (me@corp.com): all 3 documented settings work up to signing in."
	grave := func(phase string) finding.Finding {
		return finding.Finding{Code: "x.y", Severity: finding.Error, Phase: phase}
	}
	tests := []struct {
		name   string
		change func(*verify.Report)
		want   string
	}{
		{"a rejection alone", func(*verify.Report) {}, upTo},
		{"a fault before signing in", func(r *verify.Report) {
			r.Endpoints[0].Findings = append(r.Endpoints[0].Findings, grave(probe.TLS))
		}, "Office 365 (me@corp.com): 2 of 3 documented settings work from here, 1 fails."},
		{"a fault without a phase", func(r *verify.Report) {
			r.Endpoints[0].Findings = append(r.Endpoints[0].Findings, grave(""))
		}, "Office 365 (me@corp.com): 2 of 3 documented settings work from here, 1 fails."},
		{"a certificate that is not verified", func(r *verify.Report) {
			r.Endpoints[0].Result.TLS.Causes = []tlscheck.Cause{{Fatal: true}}
		}, "Office 365 (me@corp.com): 2 of 3 documented settings work from here, 1 fails."},
		{"no encryption", func(r *verify.Report) { r.Endpoints[0].Result.TLS = nil },
			"Office 365 (me@corp.com): 2 of 3 documented settings work from here, 1 fails."},
		{"another server that is not reached", func(r *verify.Report) {
			r.Endpoints[1].Verdict = verify.Unknown
			failAt(&r.Endpoints[1], probe.Connect, errors.New("timeout"))
		}, "Office 365 (me@corp.com): 1 of 3 documented settings works from here, 1 fails, 1 could not be judged."},
		{"another server without a result", func(r *verify.Report) {
			r.Endpoints[1].Verdict, r.Endpoints[1].Result = verify.Unknown, nil
		}, "Office 365 (me@corp.com): 1 of 3 documented settings works from here, 1 fails, 1 could not be judged."},
		{"something wrong with the run", func(r *verify.Report) { r.Findings = []finding.Finding{grave("")} },
			"Office 365 (me@corp.com): 2 of 3 documented settings work from here, 1 fails."},
		{"interrupted", func(r *verify.Report) { r.Interrupted = true },
			"Office 365 (me@corp.com): 2 of 3 documented settings work from here, 1 fails."},
		{"not asked", func(r *verify.Report) { r.SignInAsked = false },
			"Office 365 (me@corp.com): 2 of 3 documented settings work from here, 1 fails."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := sampleRejected()
			tt.change(r)
			if got := headline(nil, document.Of(r, "")); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}
