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
	plan   Plan
	beside *errands

	mu     sync.Mutex
	steps  map[settings.Endpoint][]probe.Step // the first ones, up to those that sign in
	giveUp map[settings.Endpoint][]func(phase string)

	done      sync.WaitGroup
	controls  []diagnose.Control
	tried     []*probe.Result
	explained map[settings.Endpoint]*tlscheck.Explanation // handshakes that waited; nil: none did
}

// watch follows the dialogues of a run from their first phase on.
func (p Plan) watch(beside *errands) *early {
	return &early{plan: p, beside: beside, steps: make(map[settings.Endpoint][]probe.Step), giveUp: make(map[settings.Endpoint][]func(string))}
}

// follow probes every endpoint, and begins to look for reasons beside those
// that still wait after earlyAfter.
func (w *early) follow(ctx context.Context) (results []*probe.Result, stopped string) {
	p, tell := w.plan, w.plan.Options.Progress
	p.Options.Progress = func(e settings.Endpoint, s probe.Step) {
		w.note(e, s)
		if tell != nil {
			tell(e, s)
		}
	}
	beside, cancel := context.WithCancel(ctx)
	defer cancel()
	w.done.Add(1)
	timer := time.AfterFunc(earlyAfter, func() {
		defer w.done.Done()
		w.look(beside)
	})
	results, stopped = p.probeAll(ctx, w)
	if timer.Stop() {
		w.done.Done()
	}
	if !slices.ContainsFunc(results, func(r *probe.Result) bool { return r.FailedStep() != nil }) {
		cancel() // there is nothing to explain
	}
	w.done.Wait()
	return results, stopped
}

// note is told of each phase that is over.
func (w *early) note(e settings.Endpoint, s probe.Step) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.steps[e]) < len(beforeSignIn) {
		w.steps[e] = append(w.steps[e], s)
	}
}

// hold keeps what ends a wait of an endpoint's dialogue.
func (w *early) hold(e settings.Endpoint, giveUp func(phase string)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.giveUp[e] = append(w.giveUp[e], giveUp)
}

// look compares what still waits, as if it would wait to the end.
func (w *early) look(ctx context.Context) {
	waiting := w.waiting()
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
	w.hurry(waiting)
}

// hurry ends the wait where it is known why nothing comes: large packets are
// lost, or a long hello is, of which a short one is answered in full. A server
// that is silent, like all others from here, may still be slow: what looks this
// computer's address up first is slow everywhere. What has come further
// meanwhile is not given up.
func (w *early) hurry(waiting []diagnose.Case) {
	for _, k := range waiting {
		e := k.Result.Endpoint
		if x := w.explained[e]; x != nil && (x.Reason == tlscheck.LargeAnswer || x.Reason == tlscheck.LargeHello) && w.asBefore(k) {
			w.mu.Lock()
			held := w.giveUp[e]
			w.mu.Unlock()
			for _, giveUp := range held {
				giveUp(k.Result.FailedStep().Phase)
			}
		}
	}
}

// asBefore reports whether a dialogue still waits in the phase in which it was
// looked at.
func (w *early) asBefore(k diagnose.Case) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.steps[k.Result.Endpoint]) == len(k.Result.Steps)-1
}

// waiting returns the endpoints whose dialogue has not come as far as signing
// in, as they would stand if nothing more came.
func (w *early) waiting() []diagnose.Case {
	w.mu.Lock()
	defer w.mu.Unlock()
	var cases []diagnose.Case
	for _, setting := range w.plan.Endpoints {
		if r := unfinished(setting.Endpoint, w.steps[setting.Endpoint]); r != nil {
			cases = append(cases, diagnose.Case{Result: r, Provider: w.plan.ownerOf(r)})
		}
	}
	return cases
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
