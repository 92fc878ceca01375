package verify

import (
	"context"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"time"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// earlyAfter is how long a run goes on before the search for reasons begins
// beside the dialogues that have not come as far as signing in: most of what is
// slow has answered by then, and what has not is mostly silent to the end.
const earlyAfter = 3 * time.Second

// An early is what was looked at while dialogues still waited.
type early struct {
	plan   *Plan
	beside *errands

	mu       sync.Mutex
	watching []watched // one for each endpoint of the plan, in its order

	done      sync.WaitGroup
	controls  []diagnose.Control
	tried     []*probe.Result
	explained map[settings.Endpoint]*tlscheck.Explanation // handshakes that waited; nil: none did
}

// A watched is a dialogue that is followed.
type watched struct {
	steps  []probe.Step // the first ones, up to those that sign in
	giveUp func(phase string)
}

// watch follows the dialogues of a run from their first phase on.
func (p *Plan) watch(beside *errands) *early {
	return &early{plan: p, beside: beside, watching: make([]watched, len(p.Endpoints))}
}

// follow probes every endpoint, and begins to look for reasons beside those
// that still wait after earlyAfter.
func (w *early) follow(ctx context.Context) (results []*probe.Result, stopped string) {
	if w.plan.Patient {
		return w.plan.probeAll(ctx, w)
	}
	beside, cancel := context.WithCancel(ctx)
	defer cancel()
	w.done.Add(1)
	timer := time.AfterFunc(earlyAfter, func() {
		defer w.done.Done()
		w.look(beside)
	})
	results, stopped = w.plan.probeAll(ctx, w)
	if timer.Stop() {
		w.done.Done()
	}
	if !slices.ContainsFunc(results, func(r *probe.Result) bool { return r.FailedStep() != nil }) {
		cancel() // there is nothing to explain
	}
	w.done.Wait()
	return results, stopped
}

// follows makes a dialogue tell of each phase that is over, and how to end its
// wait.
func (w *early) follows(i int, opt *probe.Options) {
	tell := opt.Progress
	opt.Progress = func(e settings.Endpoint, s probe.Step) {
		w.note(i, s)
		if tell != nil {
			tell(e, s)
		}
	}
	opt.Enough = func(giveUp func(phase string)) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.watching[i].giveUp = giveUp
	}
}

// note is told of each phase that is over.
func (w *early) note(i int, s probe.Step) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := &w.watching[i]
	if at.steps == nil {
		at.steps = make([]probe.Step, 0, len(beforeSignIn))
	}
	if len(at.steps) < len(beforeSignIn) {
		at.steps = append(at.steps, s)
	}
}

// look compares what still waits, as if it would wait to the end.
func (w *early) look(ctx context.Context) {
	waiting, which := w.waiting()
	if len(waiting) == 0 {
		return
	}
	p := w.plan
	var all sync.WaitGroup
	all.Go(func() {
		if !p.NoControl {
			w.controls = w.beside.compare(ctx, waiting, nil)
		}
	})
	all.Go(func() {
		if !p.NoAlternatives {
			w.tried = w.beside.tryInstead(ctx, waiting, nil)
		}
	})
	all.Go(func() { w.explained = p.explainWaiting(ctx, waiting) })
	all.Wait()
	w.hurry(waiting, which)
}

// hurry ends the wait where it is known why nothing comes: large packets are
// lost, or a long hello is, of which a short one is answered in full. A server
// that is silent, like all others from here, may still be slow: what looks this
// computer's address up first is slow everywhere. What has come further
// meanwhile is not given up.
func (w *early) hurry(waiting []diagnose.Case, which []int) {
	for i, k := range waiting {
		x := w.explained[k.Result.Endpoint]
		if x != nil && (x.Reason == tlscheck.LargeAnswer || x.Reason == tlscheck.LargeHello) {
			w.at(which[i]).giveUp(k.Result.FailedStep().Phase)
		}
	}
}

func (w *early) at(i int) watched {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.watching[i]
}

// waiting returns the endpoints whose dialogue has not come as far as signing
// in, as they would stand if nothing more came, and which of the plan they are.
func (w *early) waiting() (cases []diagnose.Case, which []int) {
	for i, setting := range w.plan.Endpoints {
		if r := unfinished(setting.Endpoint, w.at(i).steps); r != nil {
			cases, which = append(cases, diagnose.Case{Result: r, Provider: w.plan.ownerOf(r)}), append(which, i)
		}
	}
	return cases, which
}

// beforeSignIn are the phases in which a dialogue waits for the network or the
// server alone.
var beforeSignIn = []string{probe.Resolve, probe.Connect, probe.TLS, probe.Greeting, probe.StartTLS, probe.Capabilities}

// unfinished is the result of a dialogue that falls silent after some steps;
// nil: it is over, or beyond what is looked at.
func unfinished(e settings.Endpoint, steps []probe.Step) *probe.Result {
	if len(steps) >= len(beforeSignIn) {
		return nil
	}
	r := &probe.Result{Endpoint: e, Host: e.Host, Steps: append([]probe.Step(nil), steps...)}
	if r.FailedStep() != nil {
		return r
	}
	silent := probe.Step{Phase: beforeSignIn[len(steps)], Status: probe.Failed}
	switch silent.Phase {
	case probe.Resolve:
		silent.Err = &probe.ResolveError{Host: e.Host, Err: &net.DNSError{Name: e.Host, IsTimeout: true}}
	case probe.Connect:
		silent.Err = &probe.ConnectError{Err: os.ErrDeadlineExceeded}
		r.Tried = []probe.Attempt{{Addr: netip.AddrPortFrom(netip.IPv4Unspecified(), e.Port), Err: os.ErrDeadlineExceeded}}
	case probe.TLS, probe.StartTLS:
		silent.Err = &tlscheck.HandshakeError{Failure: tlscheck.Timeout, Err: os.ErrDeadlineExceeded}
	default:
		silent.Err = &probe.ProtocolError{Fault: probe.Silent}
	}
	r.Steps = append(r.Steps, silent)
	return r
}
