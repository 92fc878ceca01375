package verify

import (
	"context"
	"slices"
	"sync"
	"time"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// besidesLimit bounds each phase of a probe that is made beside the documented
// settings: what takes longer is nothing to recommend or to compare with.
const besidesLimit = 5 * time.Second

// besides returns the options of a probe beside the documented settings. It
// never holds a credential.
func (p Plan) besides() probe.Options {
	opt := p.Options.WithoutCredential()
	opt.Username, opt.Mechanism, opt.IMAPID = "", "", false
	opt.Transcript, opt.DNS, opt.Address = false, nil, nil
	return opt
}

// hurried returns the options of besides with phases of at most besidesLimit.
func (p Plan) hurried() probe.Options {
	opt := p.besides()
	if opt.Timeouts.Phase <= 0 || opt.Timeouts.Phase > besidesLimit {
		opt.Timeouts.Phase = besidesLimit
	}
	return opt
}

// mayContact reports whether a run may connect to an endpoint that it was not
// given. One that is sent elsewhere by hand goes only where a rule leads: the
// real host would answer for another one than the user meant.
func (p Plan) mayContact(e settings.Endpoint) bool {
	return p.Options.Overrides.Empty() || p.Options.Overrides.Covers(e)
}

// probeBesides runs try for each endpoint side by side; results keep the
// order. What failed because the run ended is left out: nothing was seen.
func probeBesides(ctx context.Context, endpoints []settings.Endpoint, try func(settings.Endpoint) *probe.Result) []*probe.Result {
	results := make([]*probe.Result, len(endpoints))
	var wait sync.WaitGroup
	for i, e := range endpoints {
		wait.Go(func() { results[i] = try(e) })
	}
	wait.Wait()
	return observed(ctx, results)
}

func observed(ctx context.Context, results []*probe.Result) []*probe.Result {
	return slices.DeleteFunc(results, func(r *probe.Result) bool { return r == nil || ctx.Err() != nil && r.FailedStep() != nil })
}
