package document

import (
	"testing"

	"mailprobe/internal/finding"
)

func TestTallyVerdict(t *testing.T) {
	tests := []struct {
		name     string
		verdicts []Text
		want     Text
	}{
		{"nothing was verified", nil, Unknown},
		{"all work", []Text{Works, Works}, Works},
		{"one fails", []Text{Works, Unknown, Fails, Works}, Fails},
		{"one is unknown", []Text{Works, Unknown, Works}, Unknown},
		{"no verdict is no success", []Text{Works, ""}, Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var tally Tally
			for _, v := range tt.verdicts {
				tally.Add(&Document{Verdict: v})
			}
			if got := tally.Verdict(); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestTallyWarned(t *testing.T) {
	with := func(s finding.Severity) []Finding {
		return []Finding{{Severity: Text(finding.Info)}, {Severity: Text(s)}}
	}
	for _, row := range []struct {
		name   string
		report *Document
		want   bool
	}{
		{"nothing", &Document{}, false},
		{"no warning", &Document{Findings: with(finding.Error), Endpoints: []Endpoint{{Findings: with(finding.Info)}}}, false},
		{"about the run", &Document{Findings: with(finding.Warning)}, true},
		{"of a case, why it was not judged", &Document{Case: &Case{}, Findings: with(finding.Warning)}, false},
		{"of a case", &Document{Case: &Case{}, Findings: with(finding.Warning), Warnings: []Warning{{Finding: 1}}}, true},
		{"of what was expected", &Document{Case: &Case{Unmet: []Unmet{{Finding: with(finding.Warning)[1]}}}}, true},
		{"about an endpoint", &Document{Endpoints: []Endpoint{{}, {Findings: with(finding.Warning)}}}, true},
	} {
		var tally Tally
		tally.Add(row.report)
		tally.Add(&Document{})
		if got := tally.Warned(); got != row.want {
			t.Errorf("%s\ngot  %v\nwant %v", row.name, got, row.want)
		}
	}
}

func TestTallyState(t *testing.T) {
	warning := []Finding{{Severity: Text(finding.Warning)}}
	for _, row := range []struct {
		name    string
		list    []*Document
		targets int
		strict  bool
		want    State
	}{
		{"nothing came", nil, 1, false, StateUnknown},
		{"works", []*Document{{Verdict: Works}}, 1, false, StateOK},
		{"works, warned", []*Document{{Verdict: Works, Findings: warning}}, 1, false, StateWarning},
		{"works, warned, strict", []*Document{{Verdict: Works, Findings: warning}}, 1, true, StateCritical},
		{"one is missing", []*Document{{Verdict: Works}}, 2, false, StateUnknown},
		{"stopped", []*Document{{Verdict: Works, Interrupted: true}}, 1, false, StateUnknown},
		{"could not be judged, warned", []*Document{{Verdict: Unknown, Findings: warning}}, 1, true, StateUnknown},
		{"fails, and one is missing", []*Document{{Verdict: Fails, Interrupted: true}}, 2, false, StateCritical},
	} {
		var tally Tally
		for _, d := range row.list {
			tally.Add(d)
		}
		if got := tally.State(row.targets, row.strict); got != row.want {
			t.Errorf("%s\ngot  %s\nwant %s", row.name, got, row.want)
		}
	}
}
