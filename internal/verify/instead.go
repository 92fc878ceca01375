package verify

import (
	"context"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

const (
	maxAlternatives = 6 // that one run probes
	maxInstead      = 1 // that one endpoint shows: the best
)

// findInstead looks for settings that work in place of those that fail in
// mode, port or name, and fills in Endpoint.Instead. It returns what was probed
// for that, with what was already.
func (w *errands) findInstead(ctx context.Context, endpoints []Endpoint, already []*probe.Result) []*probe.Result {
	p := w.plan
	if p.NoAlternatives || ctx.Err() != nil {
		return already
	}
	p.askAliases(ctx, endpoints)
	tried := append(already, w.tryInstead(ctx, p.cases(endpoints), already)...)
	known := make(map[settings.Endpoint]*probe.Result)
	for _, e := range endpoints {
		known[e.Endpoint] = e.Result
	}
	for _, r := range tried {
		known[r.Endpoint] = r
	}
	for i, e := range endpoints {
		if diagnose.Mistyped(e.Result, p.judgeBy(&e.Setting, p.Provider)) {
			continue
		}
		endpoints[i].Instead = p.serving(diagnose.Alternatives(e.Result, p.Provider), known)
	}
	return tried
}

// askAliases asks DNS for the alias behind names that certificates do not have.
func (p Plan) askAliases(ctx context.Context, endpoints []Endpoint) {
	ctx, cancel := share(ctx, besidesLimit)
	defer cancel()
	for _, e := range endpoints {
		if r := e.Result; p.Options.DNS != nil && !r.Overridden && r.Lookup == nil && diagnose.NamedOtherwise(r) {
			r.Lookup = p.Options.DNS.Explain(ctx, r.Host)
		}
	}
}

// tryInstead probes what is worth trying in place of what fails, but for what
// was probed already.
func (w *errands) tryInstead(ctx context.Context, cases []diagnose.Case, already []*probe.Result) []*probe.Result {
	p := w.plan
	var wanted [][]diagnose.Alternative
	for _, k := range cases {
		wanted = append(wanted, diagnose.Alternatives(k.Result, p.Provider))
	}
	return probeBesides(ctx, p.pickAlternatives(wanted, p.probed(already)), func(e settings.Endpoint) *probe.Result {
		return w.begin(errand{Endpoint: e}).wait(ctx)
	})
}

// probed tells what a run has probed already, its own settings included.
func (p Plan) probed(already []*probe.Result) map[settings.Endpoint]*probe.Result {
	known := make(map[settings.Endpoint]*probe.Result)
	for _, r := range already {
		known[r.Endpoint] = r
	}
	for _, e := range p.Endpoints {
		known[e.Endpoint] = &probe.Result{}
	}
	return known
}

// pickAlternatives chooses what is probed: first the best of every endpoint,
// then the second best, nothing twice and nothing that the run has probed.
func (p Plan) pickAlternatives(wanted [][]diagnose.Alternative, known map[settings.Endpoint]*probe.Result) []settings.Endpoint {
	var picked []settings.Endpoint
	seen := make(map[settings.Endpoint]bool)
	for rank, more := 0, true; more; rank++ {
		more = false
		for _, list := range wanted {
			if rank >= len(list) {
				continue
			}
			more = true
			e := list[rank].Endpoint
			if seen[e] || known[e] != nil || !p.mayContact(e) || len(picked) == maxAlternatives {
				continue
			}
			seen[e] = true
			picked = append(picked, e)
		}
	}
	return picked
}

// serving keeps the alternatives that were seen to work.
func (p Plan) serving(list []diagnose.Alternative, known map[settings.Endpoint]*probe.Result) []Instead {
	var instead []Instead
	for _, a := range list {
		r := known[a.Endpoint]
		if r != nil && len(instead) < maxInstead && diagnose.Serves(r, p.judgeBy(nil, p.Provider)) {
			instead = append(instead, Instead{a.Endpoint, a.Why})
		}
	}
	return instead
}
