package bulk

import (
	"errors"
	"testing"

	"mailprobe/internal/probe"
	"mailprobe/internal/verify"
)

// A list of which no name can be looked up says more of this computer's DNS
// server than of its lines.
func TestAllNameless(t *testing.T) {
	at := func(phases ...string) *verify.Report {
		var r verify.Report
		for _, phase := range phases {
			result := &probe.Result{Steps: []probe.Step{{Phase: phase, Status: probe.Failed, Err: errors.New("no")}}}
			if phase == "" {
				result.Steps = nil
			}
			r.Endpoints = append(r.Endpoints, verify.Endpoint{Result: result})
		}
		return &r
	}
	lost, mixed, works := at(probe.Resolve, probe.Resolve), at(probe.Resolve, probe.Connect), at("")
	for _, row := range []struct {
		name    string
		reports []*verify.Report
		held    int64
		want    bool
	}{
		{"all", []*verify.Report{lost, lost, lost}, 0, true},
		{"few", []*verify.Report{lost, lost}, 0, false},
		{"one answers", []*verify.Report{lost, lost, lost, mixed}, 0, false},
		{"one works", []*verify.Report{lost, lost, works, lost}, 0, false},
		{"one names no server", []*verify.Report{lost, lost, lost, {}}, 0, false},
		{"an earlier run knew some", []*verify.Report{lost, lost, lost}, 1, false},
		{"none", nil, 0, false},
	} {
		var c Count
		c.Held.Add(row.held)
		for _, r := range row.reports {
			c.Done.Add(1)
			if nameless(r) {
				c.Nameless.Add(1)
			}
		}
		if got := c.AllNameless(); got != row.want {
			t.Errorf("%s\ngot  %v\nwant %v", row.name, got, row.want)
		}
	}
}
