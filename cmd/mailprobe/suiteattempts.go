package main

import (
	"context"
	"slices"
	"time"

	"mailprobe/internal/suite"
	"mailprobe/internal/verify"
)

// attempts verify cases, and what could not be judged of them again.
type attempts struct {
	cases []suite.Case
	plans []verify.Plan
	limit int
}

// run runs all plans. done has each report once it is as good as it gets.
func (a attempts) run(ctx context.Context, done func(i, attempt int, r *verify.Report)) {
	reports := make([]*verify.Report, len(a.plans)) // those that are tried again
	left := make([]int, len(a.plans))
	for i := range left {
		left[i] = i
	}
	plans := slices.Clone(a.plans)
	var stopped []int // whose credential must not be shown again
	for attempt := 1; len(left) > 0; attempt++ {
		var again []int
		now := make([]verify.Plan, 0, len(left))
		for _, i := range left {
			now = append(now, plans[i])
		}
		verify.Each(ctx, now, a.limit, func(n int, r *verify.Report) {
			i := left[n]
			if reports[i] != nil {
				reports[i].Renew(r)
				r = reports[i]
			}
			if r.Stopped != "" {
				stopped = append(stopped, i)
			}
			next, open := a.plans[i].Again(r)
			if open && attempt <= a.cases[i].Retries.Times && ctx.Err() == nil {
				reports[i], plans[i] = r, next
				again = append(again, i)
				return
			}
			done(i, attempt, r)
		})
		slices.Sort(again)
		mayNot := func(i int) bool { return a.stops(stopped, i) || ctx.Err() != nil }
		if slices.ContainsFunc(again, func(i int) bool { return !mayNot(i) }) {
			a.wait(ctx, again)
		}
		left = nil
		for _, i := range again {
			if mayNot(i) {
				done(i, attempt, reports[i])
				continue
			}
			left = append(left, i)
		}
	}
}

// stops reports whether the credential of a case was rejected, or may have
// been, in another: it is not shown again.
func (a attempts) stops(stopped []int, i int) bool {
	return slices.ContainsFunc(stopped, func(other int) bool {
		return a.plans[i].Options.Credential.Same(a.plans[other].Options.Credential)
	})
}

// wait waits as long as the most patient case wants, or until the run ends.
func (a attempts) wait(ctx context.Context, again []int) {
	var longest time.Duration
	for _, i := range again {
		longest = max(longest, a.cases[i].Retries.Wait)
	}
	timer := time.NewTimer(longest)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
