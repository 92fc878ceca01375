package verify

import (
	"context"
	"slices"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// chunk is how many servers of a collection are verified as one run.
const chunk = 16

// Shared runs plans without a credential, such as those of a collection of
// files, as Each does; a server that several of them name is dialled once. All
// are run as the first is. Each report is handed over as soon as its servers
// are known.
func Shared(ctx context.Context, plans []Plan, limit int, done func(i int, r *Report)) {
	c := &collection{plans: plans, known: map[settings.Endpoint]Endpoint{}, told: make([]bool, len(plans)), done: done}
	c.tell()
	Each(ctx, c.parts(), limit, func(_ int, r *Report) { c.add(r) })
}

// A collection is plans that wait for their servers.
type collection struct {
	plans []Plan
	known map[settings.Endpoint]Endpoint
	runs  []*Report
	told  []bool
	done  func(int, *Report)
}

// parts are the distinct servers, in plans of some each.
func (c *collection) parts() []Plan {
	var distinct []settings.Setting
	seen := map[settings.Endpoint]bool{}
	for _, p := range c.plans {
		for _, s := range slices.Concat(p.Endpoints, p.also()) {
			if !seen[s.Endpoint] {
				seen[s.Endpoint] = true
				distinct = append(distinct, s)
			}
		}
	}
	var parts []Plan
	for list := range slices.Chunk(distinct, chunk) {
		p := c.plans[0]
		p.Endpoints, p.Also, p.Beside, p.Provider = list, nil, nil, nil
		parts = append(parts, p)
	}
	return parts
}

// add takes what one run showed, and tells of every plan that waits for no
// more.
func (c *collection) add(r *Report) {
	c.runs = append(c.runs, r)
	for _, e := range r.Endpoints {
		c.known[e.Endpoint] = e
	}
	c.tell()
}

func (c *collection) tell() {
	for i, p := range c.plans {
		if c.told[i] || slices.ContainsFunc(slices.Concat(p.Endpoints, p.also()), func(s settings.Setting) bool { _, ok := c.known[s.Endpoint]; return !ok }) {
			continue
		}
		c.told[i] = true
		c.done(i, c.report(p))
	}
}

// report is that of one plan, put together from the runs that held its
// servers.
func (c *collection) report(p Plan) *Report {
	return Together(p, slices.DeleteFunc(slices.Clone(c.runs), func(run *Report) bool {
		return !slices.ContainsFunc(p.Endpoints, func(s settings.Setting) bool { return holds(run, s.Endpoint) }) &&
			!slices.ContainsFunc(p.also(), func(s settings.Setting) bool { return holds(run, s.Endpoint) })
	}))
}

// Together is the report of a plan whose servers were verified in other runs:
// each server is in one of them at least.
func Together(p Plan, runs []*Report) *Report {
	r := &Report{Target: p.Target, Provider: p.Provider, Started: time.Now(), Findings: slices.Clone(p.Beside), beside: p.Beside}
	known := make(map[settings.Endpoint]Endpoint)
	for _, run := range runs {
		for _, e := range run.Endpoints {
			known[e.Endpoint] = e
		}
		if run.Started.Before(r.Started) {
			r.Started = run.Started
		}
		r.Took, r.Interrupted, r.Scrubber = max(r.Took, run.Took), r.Interrupted || run.Interrupted, run.Scrubber
		r.Controls = append(r.Controls, run.Controls...)
		for _, f := range run.Findings {
			if !slices.ContainsFunc(r.Findings, func(g finding.Finding) bool { return f.Likewise(g) && f.Subject == g.Subject }) {
				r.Findings = append(r.Findings, f)
			}
		}
	}
	for _, s := range p.Endpoints {
		e := known[s.Endpoint]
		e.Setting = s
		r.Endpoints = append(r.Endpoints, e)
	}
	for _, s := range p.also() {
		if e, ok := known[s.Endpoint]; ok {
			e.Setting = s
			r.Also = append(r.Also, e)
		}
	}
	r.Verdict = overall(r)
	return r
}

func holds(r *Report, e settings.Endpoint) bool {
	return slices.ContainsFunc(r.Endpoints, func(x Endpoint) bool { return x.Endpoint == e })
}

// Only returns the report with some of its endpoints, and the verdict over
// them.
func (r *Report) Only(keep func(Endpoint) bool) *Report {
	some := *r
	some.Endpoints = slices.DeleteFunc(slices.Clone(r.Endpoints), func(e Endpoint) bool { return !keep(e) })
	some.Verdict = overall(&some)
	return &some
}
