package verify

import (
	"context"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// control finds out what else answers from here, where the run alone leaves
// open whether this computer, its network or the provider is at fault. It
// connects and says nothing. What the search for alternatives reached counts
// as well.
func (p Plan) control(ctx context.Context, endpoints []Endpoint, tried []*probe.Result) []diagnose.Control {
	controls := connected(tried)
	if p.NoControl || ctx.Err() != nil {
		return controls
	}
	var allowed []settings.Endpoint
	own := make(map[string]bool)
	for _, e := range diagnose.Controls(cases(endpoints), controls, p.others()) {
		if p.mayContact(e) {
			allowed = append(allowed, e)
		}
	}
	for _, e := range endpoints {
		own[e.Host] = true
	}
	opt := p.hurried()
	for _, c := range connected(probeBesides(ctx, allowed, func(e settings.Endpoint) *probe.Result { return dial(ctx, e, opt) })) {
		c.Elsewhere = !own[c.Endpoint.Host]
		controls = append(controls, c)
	}
	return controls
}

func (p Plan) others() []settings.Endpoint {
	if p.Controls == nil {
		return nil
	}
	return p.Controls(p.Provider)
}

// dial connects to an endpoint and hangs up.
func dial(ctx context.Context, e settings.Endpoint, opt probe.Options) *probe.Result {
	s := probe.NewSession(e, opt)
	return s.Run(ctx, []probe.Phase{
		{Name: probe.Resolve, Run: s.Resolve},
		{Name: probe.Connect, Run: s.Connect},
	})
}

// connected reduces results to whether a connection came about.
func connected(results []*probe.Result) []diagnose.Control {
	var controls []diagnose.Control
	for _, r := range results {
		c := diagnose.Control{Endpoint: r.Endpoint}
		for _, phase := range []string{probe.Resolve, probe.Connect} {
			step := r.Step(phase)
			c.Took += step.Took
			if step.Status == probe.Failed {
				c.Err, c.Limit = step.Err, step.Limit
			}
		}
		controls = append(controls, c)
	}
	return controls
}

func cases(endpoints []Endpoint) []diagnose.Case {
	list := make([]diagnose.Case, len(endpoints))
	for i, e := range endpoints {
		list[i] = diagnose.Case{Setting: e.Setting, Result: e.Result, Findings: e.Findings, Addresses: e.Addresses, Untested: e.Untested}
	}
	return list
}
