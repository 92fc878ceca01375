package verify

import (
	"maps"
	"slices"
	"sync"

	"mailprobe/internal/diagnose"
)

const (
	maxWaiting = 64  // reports that wait for others
	maxShared  = 256 // dialogues that reports are compared with
)

// A gathering judges the reports of several plans in the light of each other.
// It keeps those that leave something to explain, and of the others no more
// than how their dialogues ended.
type gathering struct {
	plans []Plan
	done  func(int, *Report)

	mu      sync.Mutex
	waiting map[int]*Report
	seen    []sharedControl
}

// A sharedControl is a dialogue of one plan that others may be compared with.
type sharedControl struct {
	plan int
	diagnose.Control
}

// add takes the report of a plan. One that has nothing to gain, that compares
// with nobody, or for which there is no room, is handed on at once.
func (g *gathering) add(i int, r *Report) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.plans) > 1 {
		for _, e := range r.Endpoints {
			g.share(i, diagnose.Control{Result: e.Result, Elsewhere: true, Provider: g.plans[i].ownerOf(e.Result)})
		}
		for _, c := range r.Controls {
			c.Elsewhere = true
			g.share(i, c)
		}
	}
	if len(g.plans) == 1 || g.plans[i].Controls == nil || r.Verdict == Works || r.Interrupted || len(g.waiting) == maxWaiting {
		g.done(i, r)
		return
	}
	if g.waiting == nil {
		g.waiting = make(map[int]*Report)
	}
	g.waiting[i] = r
}

// share keeps what a plan saw for the others. Whether it is another provider's
// than theirs is judged by its name.
func (g *gathering) share(plan int, c diagnose.Control) {
	if len(g.seen) < maxShared {
		g.seen = append(g.seen, sharedControl{plan, c})
	}
}

// release judges what waits and hands it on, in the order of the plans.
func (g *gathering) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	order := slices.Sorted(maps.Keys(g.waiting))
	var all []*Report
	for _, i := range order {
		g.plans[i].judgeAmong(g.waiting[i], g.others(i))
		all = append(all, g.waiting[i])
	}
	sayOnce(all...)
	for _, i := range order {
		r := g.waiting[i]
		r.Scrub(r.Scrubber) // what was judged anew quotes servers anew
		g.done(i, r)
	}
}

// others are the dialogues of all plans but one.
func (g *gathering) others(than int) []diagnose.Control {
	var list []diagnose.Control
	for _, c := range g.seen {
		if c.plan != than {
			list = append(list, c.Control)
		}
	}
	return list
}
