package main

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/lab"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/suite"
	"mailprobe/internal/verify"
)

// TestAttempts holds how often each case is tried: what works once, what could
// not be judged as often as it says, and nothing again once the run has ended or
// its credential was rejected elsewhere.
func TestAttempts(t *testing.T) {
	good := settings.Endpoint{Protocol: settings.IMAP, Host: "imap.good.example", Port: 993, Security: settings.TLS}
	busy, strict := good, good
	busy.Host, strict.Host = "imap.busy.example", "imap.strict.example"
	box, err := lab.Start(t.Context(), lab.Options{
		Servers:  []lab.Server{{Endpoint: good}, {Endpoint: busy, Fault: lab.TooManyConns}, {Endpoint: strict, Fault: lab.LoginRefused}},
		Accounts: demoAccounts(""),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	plan := func(e settings.Endpoint, c *auth.Credential) verify.Plan {
		p := verify.Plan{
			Target: e.Host, Endpoints: []settings.Setting{{Endpoint: e, Role: settings.Documented}}, NoAlternatives: true, NoControl: true,
			Options: probe.Options{Credential: c, Overrides: box.Overrides()}, Username: func(settings.Setting) string { return demoAddress },
		}
		p.Options.TLS.System = box.CAPool()
		return p
	}
	wrong := auth.NewCredential(auth.Password, auth.NewSecret("wrong"))
	again := suite.Case{Retries: suite.Retries{Times: 2, Wait: time.Nanosecond}}
	for _, row := range []struct {
		name  string
		cases []suite.Case
		plans []verify.Plan
		want  []int
	}{
		{"works", []suite.Case{again}, []verify.Plan{plan(good, nil)}, []int{1}},
		{"could not be judged", []suite.Case{again, {}, again}, []verify.Plan{plan(busy, nil), plan(busy, nil), plan(good, nil)}, []int{3, 1, 1}},
		{"rejected", []suite.Case{again}, []verify.Plan{plan(strict, wrong)}, []int{1}},
		{"rejected elsewhere", []suite.Case{again, again}, []verify.Plan{plan(busy, wrong), plan(strict, wrong)}, []int{1, 1}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := make([]int, len(row.plans))
			var mu sync.Mutex
			attempts{row.cases, row.plans, 4}.run(t.Context(), func(i, attempt int, r *verify.Report) {
				mu.Lock()
				defer mu.Unlock()
				got[i] += attempt
			})
			if !slices.Equal(got, row.want) {
				t.Errorf("got  %v attempts\nwant %v", got, row.want)
			}
		})
	}
	t.Run("ended", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		attempts{[]suite.Case{{Retries: suite.Retries{Wait: time.Hour}}}, nil, 1}.wait(ctx, []int{0})
	})
}
