package verify

import (
	"context"
	"sync"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// maxAhead is how many endpoints a run has at most for which it looks aside as
// soon as one fails: of more, the few dialogues that a run may hold beside its
// own are chosen when all have ended.
const maxAhead = 3

// An errand is one dialogue beside the documented settings. It has no credential.
type errand struct {
	settings.Endpoint
	until, mechanism string
	family           probe.Family
}

// errands are what a run does beside its settings, each once. They may begin
// before it is known that they are wanted; what nobody asks for in the end is
// not in the report, so that it does not depend on who was the fastest.
type errands struct {
	plan *Plan
	ctx  context.Context // ends with the run
	end  context.CancelFunc

	mu        sync.Mutex
	begun     map[errand]*pending[*probe.Result]
	explained map[*probe.Result]*pending[*tlscheck.Explanation]
	running   sync.WaitGroup
}

// A pending is a value that somebody is about to find.
type pending[T any] struct {
	found chan struct{} // closed: value is there
	value T
}

func (p *Plan) errands(ctx context.Context) *errands {
	ctx, end := context.WithCancel(ctx)
	return &errands{plan: p, ctx: ctx, end: end, begun: make(map[errand]*pending[*probe.Result]), explained: make(map[*probe.Result]*pending[*tlscheck.Explanation])}
}

// close ends what still runs, and waits for that.
func (w *errands) close() {
	w.end()
	w.running.Wait()
}

// begin starts an errand, unless it has begun.
func (w *errands) begin(e errand) *pending[*probe.Result] {
	w.mu.Lock()
	defer w.mu.Unlock()
	return once(&w.running, w.begun, e, func() *probe.Result { return w.plan.run(w.ctx, e) })
}

// run holds the dialogue of an errand.
func (p Plan) run(ctx context.Context, e errand) *probe.Result {
	opt := p.hurried()
	opt.Until = e.until
	if e.family != probe.AnyFamily {
		opt.Family = e.family
	}
	if e.mechanism != "" {
		opt.Mechanism = e.mechanism
		return speaking(e.Endpoint, opt).CheckMechanism(ctx)
	}
	return speaking(e.Endpoint, opt).Probe(ctx)
}

// once finds a value in the background, for each key once.
func once[K comparable, T any](running *sync.WaitGroup, all map[K]*pending[T], key K, find func() T) *pending[T] {
	f := all[key]
	if f == nil {
		f = &pending[T]{found: make(chan struct{})}
		all[key] = f
		running.Go(func() { f.value = find(); close(f.found) })
	}
	return f
}

// wait returns the value; the zero value if ctx ends before it is there.
func (f *pending[T]) wait(ctx context.Context) (value T) {
	select {
	case <-f.found:
		return f.value
	case <-ctx.Done():
		return value
	}
}

// lookAside begins what will probably be wanted because of a dialogue that has
// ended: why its handshake failed, what may serve in its place, and how the
// same port of others behaves.
func (w *errands) lookAside(r *probe.Result) {
	p := w.plan
	if len(p.Endpoints) > maxAhead || w.ctx.Err() != nil {
		return
	}
	w.explain(r)
	if !p.NoAlternatives {
		list := diagnose.Alternatives(r, p.Provider)
		list = list[:min(len(list), maxAlternatives/len(p.Endpoints))] // they are chosen whoever else fails
		for _, e := range p.pickAlternatives([][]diagnose.Alternative{list}, p.probed(nil)) {
			w.begin(errand{Endpoint: e})
		}
	}
	if p.NoControl || r.FailedStep() == nil {
		return
	}
	for _, c := range diagnose.AtOthers(diagnose.Case{Result: r, Provider: p.ownerOf(r)}, p.others()) {
		if p.mayContact(c.Endpoint) {
			w.begin(errandOf(c))
		}
	}
}

func errandOf(c diagnose.Comparison) errand {
	return errand{c.Endpoint, c.Until, c.Mechanism, c.Family}
}
