package verify

import (
	"context"
	"sync"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// control finds out how the ends of dialogues compare with others, where the
// run alone leaves open whether this computer, its network or the provider is
// at fault. What is known already counts as well.
func (w *errands) control(ctx context.Context, endpoints []Endpoint, known []diagnose.Control) []diagnose.Control {
	p := w.plan
	if p.NoControl || ctx.Err() != nil {
		return known
	}
	return append(known, w.compare(ctx, p.cases(endpoints), known)...)
}

// compare holds the dialogues that would tell, side by side. None has a
// credential, and none goes further than it must.
func (w *errands) compare(ctx context.Context, cases []diagnose.Case, known []diagnose.Control) []diagnose.Control {
	p := w.plan
	wanted := diagnose.Comparisons(cases, known, p.others())
	results := make([]*probe.Result, len(wanted))
	var wait sync.WaitGroup
	for i, c := range wanted {
		if !p.mayContact(c.Endpoint) {
			continue
		}
		wait.Go(func() { results[i] = w.begin(errandOf(c)).wait(ctx) })
	}
	wait.Wait()
	var seen []diagnose.Control
	for i, r := range results {
		if len(observed(ctx, results[i:i+1])) > 0 {
			seen = append(seen, diagnose.Control{Result: r, Elsewhere: wanted[i].Elsewhere, Provider: p.ownerOf(r)})
		}
	}
	return seen
}

// alsoSeen makes controls of what was probed for another reason, at the hosts
// of the run.
func alsoSeen(tried []*probe.Result) []diagnose.Control {
	var controls []diagnose.Control
	for _, r := range tried {
		controls = append(controls, diagnose.Control{Result: r})
	}
	return controls
}

// ownerOf returns the provider whose host name a server has; nil: not known.
func (p Plan) ownerOf(r *probe.Result) *settings.Provider {
	if p.Recognise == nil {
		return nil
	}
	return p.Recognise(r.Endpoint.Host, "")
}

func (p Plan) others() []settings.Endpoint {
	if p.Controls == nil {
		return nil
	}
	return p.Controls(p.Provider)
}

func (p Plan) cases(endpoints []Endpoint) []diagnose.Case {
	list := make([]diagnose.Case, len(endpoints))
	for i, e := range endpoints {
		list[i] = diagnose.Case{Setting: e.Setting, Result: e.Result, Findings: e.Findings, Addresses: e.Addresses, Untested: e.Untested, Provider: p.ownerOf(e.Result)}
		for _, x := range e.Instead {
			list[i].Instead = append(list[i].Instead, x.Endpoint)
		}
	}
	return list
}
