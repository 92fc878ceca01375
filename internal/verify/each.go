package verify

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// Each runs plans side by side, at most limit at once, and hands each report
// to done, one at a time, with the index of its plan: as soon as it is
// complete, or where it leaves something to explain when all are, because the
// others may show why. Plans with the same credential run one after another in
// their order, so that the sign-ins of an account never fall together, and
// what a server has rejected is shown to none of the next plan's either. What
// has not begun when ctx is cancelled is left out; what has not begun at its
// deadline is reported as that.
func Each(ctx context.Context, plans []Plan, limit int, done func(i int, r *Report)) {
	plans = slices.Clone(plans)
	shared := scrubber(plans)
	for i := range plans {
		plans[i].Options.Scrubber = shared
	}
	waiting := &gathering{plans: plans, done: done}
	deliver := waiting.add
	queue := make(chan []int)
	var wait sync.WaitGroup
	for range min(max(limit, 1), len(plans)) {
		wait.Go(func() {
			for row := range queue {
				inTurn(ctx, plans, row, deliver)
			}
		})
	}
	for _, row := range rows(plans) {
		queue <- row
	}
	close(queue)
	wait.Wait()
	waiting.release()
}

// rows puts the indices of plans that must wait for each other into one row,
// in the order in which they begin.
func rows(plans []Plan) [][]int {
	var all [][]int
	for i, p := range plans {
		at := slices.IndexFunc(all, func(row []int) bool { return p.Options.Credential.Same(plans[row[0]].Options.Credential) })
		if at < 0 {
			all = append(all, []int{i})
			continue
		}
		all[at] = append(all[at], i)
	}
	return all
}

// inTurn runs plans one after another. What keeps the credential back in one
// keeps it back in those behind it.
func inTurn(ctx context.Context, plans []Plan, row []int, done func(int, *Report)) {
	stopped := ""
	for _, i := range row {
		if errors.Is(ctx.Err(), context.Canceled) {
			return
		}
		p := plans[i]
		if p.Stopped == "" {
			p.Stopped = stopped
		}
		r := Run(ctx, p)
		stopped = r.Stopped
		done(i, r)
	}
}
