package verify

import (
	"slices"
	"strings"
	"syscall"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/lab"
	"mailprobe/internal/probe"
)

// TestTargetsAreJudgedTogether: what one target shows tells whose fault it is
// at another one, although neither compares with anybody else.
func TestTargetsAreJudgedTogether(t *testing.T) {
	w := newWorld(t).build(
		at("192.0.2.1", server("imaps://mail.example.com", lab.None)),
		at("192.0.2.2", server("imaps://mail.example.org", lab.None)))
	w.fates["192.0.2.1:465"], w.fates["192.0.2.2:465"] = syscall.ECONNREFUSED, syscall.ECONNREFUSED
	plans := []Plan{
		w.plan(documented("imaps://mail.example.com", "submissions://mail.example.com")),
		w.plan(documented("imaps://mail.example.org", "submissions://mail.example.org")),
		w.plan(documented("imaps://mail.example.org")),
	}
	for i := range plans {
		plans[i].NoAlternatives, plans[i].Controls = true, others()
	}
	var order []int
	Each(t.Context(), plans, 1, func(i int, r *Report) {
		order = append(order, i)
		if i == 2 {
			return
		}
		f := find(r.Endpoints[1].Findings, "net.port_blocked_suspected")
		if r.Verdict != Unknown || f == nil || f.Blame != finding.LocalNetwork {
			t.Errorf("plan %d\ngot  %s %+v\nwant unknown, the port blocked by this network", i, r.Verdict, r.Endpoints[1].Findings)
		}
	})
	if want := []int{2, 0, 1}; !slices.Equal(order, want) {
		t.Errorf("got  %v\nwant %v: what works is not held back", order, want)
	}
}

// TestJudgedAnewWithoutSecrets: a report that waited quotes its servers anew, and
// still shows no secret.
func TestJudgedAnewWithoutSecrets(t *testing.T) {
	const secret = "hunter2hunter2"
	g := gathering{plans: []Plan{{Controls: others()}, {Controls: others()}}}
	var shown string
	g.done = func(_ int, r *Report) {
		for _, e := range r.Endpoints {
			for _, f := range e.Findings {
				shown += f.Seen()
			}
		}
	}
	r := &Report{Verdict: Fails, Endpoints: []Endpoint{{Result: &probe.Result{},
		alone: []finding.Finding{{Code: "proto.malformed", Severity: finding.Error, Evidence: finding.Saw("* BAD " + secret)}}}}}
	r.Scrub(auth.NewScrubber(auth.NewCredential(auth.Password, auth.NewSecret(secret))))
	g.add(0, r)
	g.release()
	if shown == "" || strings.Contains(shown, secret) {
		t.Errorf("got  %q\nwant the evidence without the secret", shown)
	}
}

// TestFewReportsWait: what does not fit is handed on at once.
func TestFewReportsWait(t *testing.T) {
	const more = 10
	plans := make([]Plan, maxWaiting+more)
	for i := range plans {
		plans[i].Controls = others()
	}
	done := 0
	g := gathering{plans: plans, done: func(int, *Report) { done++ }}
	for i := range plans {
		g.add(i, &Report{Verdict: Fails})
	}
	if done != more {
		t.Errorf("got  %d reports handed on\nwant %d", done, more)
	}
	if g.release(); done != len(plans) {
		t.Errorf("got  %d reports in the end\nwant %d", done, len(plans))
	}
}
