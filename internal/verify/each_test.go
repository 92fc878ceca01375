package verify

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/lab"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// A nameless world knows no name. before is called when it is first asked.
type nameless struct {
	once   *sync.Once
	before func()
}

func (n nameless) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	n.once.Do(n.before)
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// namelessPlans are plans that call before with their index once they run.
func namelessPlans(n int, before func(i int)) []Plan {
	var plans []Plan
	for i := range n {
		plans = append(plans, Plan{
			Endpoints: documented("imaps://mail.example.com"), NoAlternatives: true, NoControl: true,
			Options: probe.Options{Resolver: nameless{new(sync.Once), func() { before(i) }}},
		})
	}
	return plans
}

func TestEachDeliversAsCompleted(t *testing.T) {
	delivered := []chan struct{}{make(chan struct{}), make(chan struct{}), make(chan struct{})}
	plans := namelessPlans(3, func(i int) {
		if i < 2 {
			<-delivered[i+1] // the last comes first
		}
	})
	var order []int
	Each(t.Context(), plans, 3, func(i int, r *Report) {
		if r.Verdict != Fails {
			t.Errorf("plan %d\ngot  %s\nwant %s", i, r.Verdict, Fails)
		}
		order = append(order, i)
		close(delivered[i])
	})
	if want := []int{2, 1, 0}; !slices.Equal(order, want) {
		t.Errorf("got  %v\nwant %v", order, want)
	}
}

func TestEachIsBounded(t *testing.T) {
	for _, row := range []struct{ plans, limit, most int }{{9, 3, 3}, {2, 8, 2}, {3, 1, 1}, {3, 0, 1}, {0, 3, 0}} {
		var mu sync.Mutex
		full := make(chan struct{})
		running, most, reports := 0, 0, 0
		plans := namelessPlans(row.plans, func(int) {
			mu.Lock()
			running++
			if most = max(most, running); running == row.most && reports == 0 {
				close(full)
			}
			mu.Unlock()
			<-full
		})
		Each(t.Context(), plans, row.limit, func(int, *Report) {
			mu.Lock()
			running--
			reports++
			mu.Unlock()
		})
		if most != row.most || reports != row.plans {
			t.Errorf("%+v\ngot  %d at once, %d reports\nwant %d, %d", row, most, reports, row.most, row.plans)
		}
	}
}

// What has begun when the user ends the run is reported, the rest is left out.
func TestEachEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	plans := namelessPlans(4, func(int) { cancel() })
	credential := auth.NewCredential(auth.Password, auth.NewSecret("x"))
	plans[0].Options.Credential, plans[1].Options.Credential = credential, credential
	var got []int
	Each(ctx, plans, 1, func(i int, r *Report) {
		if got = append(got, i); !r.Interrupted {
			t.Error("got  a whole report\nwant one that was interrupted")
		}
	})
	if want := []int{0}; !slices.Equal(got, want) {
		t.Errorf("got  reports of %v\nwant %v", got, want)
	}
}

// What has not begun when the time is up is reported all the same, and says so.
func TestEachOutOfTime(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	plans := namelessPlans(3, func(int) { <-ctx.Done() })
	credential := auth.NewCredential(auth.Password, auth.NewSecret("x"))
	for i := range plans {
		plans[i].Options.Credential = credential // one after another
	}
	var got []int
	Each(ctx, plans, 8, func(i int, r *Report) {
		got = append(got, i)
		e := r.Endpoints[0]
		f := find(e.Findings, "tool.out_of_time")
		if r.Interrupted || r.Verdict != Unknown || f == nil || len(e.Result.Steps) == 0 {
			t.Fatalf("plan %d\ngot  %s %+v\nwant unknown, tool.out_of_time", i, r.Verdict, e.Findings)
		}
		if began := !strings.Contains(f.Says(), "began"); began != (i == 0) {
			t.Errorf("plan %d\ngot  %s", i, f.Says())
		}
	})
	if want := []int{0, 1, 2}; !slices.Equal(got, want) {
		t.Errorf("got  reports of %v\nwant %v", got, want)
	}
}

// One account is never signed in to by two plans at once, and what one has
// rejected is shown to none of the next, while other accounts go on.
func TestEachSignsInInTurn(t *testing.T) {
	hosts := []string{"a.example", "b.example", "c.example"}
	for _, row := range []struct {
		name, password    string
		accepted, refused int
		who               []probe.AuthStatus
	}{
		{"right", "right", 4, 0, []probe.AuthStatus{probe.AuthAccepted, probe.AuthAccepted, probe.AuthAccepted}},
		{"wrong", "wrong", 1, 1, []probe.AuthStatus{probe.AuthRejected, probe.AuthSkipped, probe.AuthSkipped}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var endpoints []settings.Endpoint
			for _, h := range hosts {
				endpoints = append(endpoints, endpoint("imaps://"+h))
			}
			box, err := lab.Start(t.Context(), lab.Options{
				Servers:  lab.Servers(endpoints...),
				Accounts: []lab.Account{{Address: "me@example.com", Password: "right"}, {Address: "you@example.com", Password: "right"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer box.Close()
			plan := func(host, user string, c *auth.Credential) Plan {
				p := Plan{Target: host, Endpoints: documented("imaps://" + host), NoAlternatives: true, NoControl: true,
					Username: func(settings.Setting) string { return user }}
				p.Options.Credential, p.Options.Overrides, p.Options.TLS.System = c, box.Overrides(), box.CAPool()
				return p
			}
			mine, yours := auth.NewCredential(auth.Password, auth.NewSecret(row.password)), auth.NewCredential(auth.Password, auth.NewSecret("right"))
			var plans []Plan
			for _, h := range hosts {
				plans = append(plans, plan(h, "me@example.com", mine))
			}
			plans = append(plans, plan(hosts[0], "you@example.com", yours))
			reports := make([]*Report, len(plans))
			Each(t.Context(), plans, 8, func(i int, r *Report) { reports[i] = r })
			if got := box.Total(); got.Accepted != row.accepted || got.Refused != row.refused {
				t.Errorf("got  %d accepted, %d refused\nwant %d, %d", got.Accepted, got.Refused, row.accepted, row.refused)
			}
			for i, want := range append(row.who, probe.AuthAccepted) {
				if got := reports[i].Endpoints[0].Result.Auth.Status; got != want {
					t.Errorf("plan %d\ngot  %v\nwant %v", i, got, want)
				}
			}
			for i := range len(hosts) - 1 {
				if ended := reports[i].Started.Add(reports[i].Took); reports[i+1].Started.Before(ended) {
					t.Errorf("plan %d began before plan %d had ended", i+1, i)
				}
			}
		})
	}
}
