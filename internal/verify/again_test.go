package verify

import (
	"testing"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// TestAgain holds that only what could not be judged is tried again, never
// behind a sign-in that was or may have been rejected, and that the verdict is
// that of both attempts.
func TestAgain(t *testing.T) {
	hosts := []string{"a", "b", "c"}
	report := func(verdicts ...Verdict) *Report {
		r := &Report{Started: time.Unix(1000, 0), Took: time.Second}
		for i, v := range verdicts {
			r.Endpoints = append(r.Endpoints, Endpoint{Setting: settings.Setting{Endpoint: settings.Endpoint{Host: hosts[i]}}, Verdict: v})
		}
		r.Verdict = overall(r)
		return r
	}
	var p Plan
	for _, host := range hosts {
		p.Endpoints = append(p.Endpoints, settings.Setting{Endpoint: settings.Endpoint{Host: host}})
	}
	for _, r := range []*Report{report(Works, Fails, Works), {Stopped: "rejected", Endpoints: report(Unknown).Endpoints}, {Interrupted: true, Endpoints: report(Unknown).Endpoints}} {
		if again, ok := p.Again(r); ok {
			t.Errorf("%+v\ngot  %v again\nwant none", r, again.Endpoints)
		}
	}
	first := report(Unknown, Works, Unknown)
	first.Findings = []finding.Finding{{Code: "env.offline", Severity: finding.Error}}
	again, ok := p.Again(first)
	if !ok || len(again.Endpoints) != 2 || again.Endpoints[0].Host != "a" || again.Endpoints[1].Host != "c" || len(p.Endpoints) != 3 {
		t.Fatalf("got  %v, %v\nwant a and c", again.Endpoints, ok)
	}
	second := &Report{Started: time.Unix(1010, 0), Took: time.Second, Endpoints: []Endpoint{{Setting: again.Endpoints[0], Verdict: Works}, {Setting: again.Endpoints[1], Verdict: Works}}}
	first.Renew(second)
	if first.Verdict != Works || first.Took != 11*time.Second || len(first.Findings) != 0 || first.Endpoints[2].Verdict != Works || first.Endpoints[2].Host != "c" {
		t.Errorf("got  %+v\nwant all to work", first)
	}
}
