package verify

import (
	"testing"

	"mailprobe/internal/finding"
)

func TestTallyVerdict(t *testing.T) {
	tests := []struct {
		name     string
		verdicts []Verdict
		want     Verdict
	}{
		{"nothing was verified", nil, Unknown},
		{"all work", []Verdict{Works, Works}, Works},
		{"one fails", []Verdict{Works, Unknown, Fails, Works}, Fails},
		{"one is unknown", []Verdict{Works, Unknown, Works}, Unknown},
		{"no verdict is no success", []Verdict{Works, ""}, Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var tally Tally
			for _, v := range tt.verdicts {
				tally.Add(&Report{Verdict: v})
			}
			if got := tally.Verdict(); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestTallyWarned(t *testing.T) {
	with := func(s finding.Severity) []finding.Finding {
		return []finding.Finding{{Severity: finding.Info}, {Severity: s}}
	}
	for _, row := range []struct {
		name   string
		report *Report
		want   bool
	}{
		{"nothing", &Report{}, false},
		{"no warning", &Report{Findings: with(finding.Error), Endpoints: []Endpoint{{Findings: with(finding.Info)}}}, false},
		{"about the run", &Report{Findings: with(finding.Warning)}, true},
		{"about an endpoint", &Report{Endpoints: []Endpoint{{}, {Findings: with(finding.Warning)}}}, true},
	} {
		var tally Tally
		tally.Add(row.report)
		tally.Add(&Report{})
		if got := tally.Warned(); got != row.want {
			t.Errorf("%s\ngot  %v\nwant %v", row.name, got, row.want)
		}
	}
}
