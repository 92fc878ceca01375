package bulk

import (
	"context"
	"errors"
	"strings"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// endpoint returns the report of one endpoint, from here or from another target
// that names it; nil: the run ended before.
func (r *run) endpoint(ctx context.Context, plan verify.Plan, s settings.Setting, w wanted) *verify.Report {
	report, shared := r.once.do(sought{s.Endpoint, strings.Join(w.line.resolve, " ")}, w.standing.aside, func() *verify.Report {
		return r.patiently(ctx, alone(plan, s), w.standing.aside)
	})
	if shared && report != nil {
		r.Count.Shared.Add(1)
	}
	return report
}

// alone is a plan with one endpoint, which is judged by what is known of its
// server and not of a target: others may name it as well.
func alone(p verify.Plan, s settings.Setting) verify.Plan {
	p.Endpoints, p.Provider, p.Beside = []settings.Setting{s}, nil, nil
	return p
}

// tries is how often an endpoint is dialled that has enough of connections.
const tries = 3

// patiently verifies an endpoint, again after a while where the server has
// enough; nil: the run ended before. aside is called where it has to wait.
func (r *run) patiently(ctx context.Context, plan verify.Plan, aside func()) *verify.Report {
	way := probe.Way{Overrides: plan.Options.Overrides, Family: plan.Options.Family}
	for try := 1; ; try++ {
		place, err := r.gate.enter(ctx, plan.Endpoints[0].Endpoint, way, aside)
		if err != nil {
			return nil
		}
		report := r.dial(ctx, plan)
		busy := report != nil && hasEnough(report)
		place.leave(busy)
		if report == nil || !busy || try == tries {
			return report
		}
	}
}

// dial verifies an endpoint; nil: the run ended before.
func (r *run) dial(ctx context.Context, plan verify.Plan) *verify.Report {
	r.Count.Running.Add(1)
	defer r.Count.Running.Add(-1)
	limited, cancel := r.within(ctx)
	defer cancel()
	report := verify.Run(limited, plan)
	if ctx.Err() != nil {
		return nil
	}
	r.Count.Dialled.Add(1)
	return report
}

// hasEnough reports whether a server turned a connection away for now, such as
// by 421 or [UNAVAILABLE], before anything was judged (RFC 5321 §4.2.1, RFC 5530
// §3, RFC 3206 §4).
func hasEnough(report *verify.Report) bool {
	for _, e := range report.Endpoints {
		step := e.Result.FailedStep()
		if step == nil {
			continue
		}
		if refused, ok := errors.AsType[*probe.ReplyError](step.Err); ok && refused.Reply.Temporary() {
			return true
		}
	}
	return false
}
