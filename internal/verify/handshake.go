package verify

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// explainLimit bounds the search for why one handshake failed: five hellos, two
// of which are waited for in vain, over a line of 200 ms with STARTTLS.
const explainLimit = 12 * time.Second

// explainHandshakes finds out why handshakes failed, each with a few
// ClientHellos on connections of their own, and notes it in the errors. Where
// the port is known to speak otherwise there is nothing left to find out, nor
// where it was found out while the handshake waited.
func (w *errands) explainHandshakes(results []*probe.Result, known map[settings.Endpoint]*tlscheck.Explanation) {
	all := make([]*pending[*tlscheck.Explanation], len(results))
	for i, r := range results {
		failed := failedHandshake(r)
		if x := known[r.Endpoint]; failed != nil && x != nil && failed.Failure == tlscheck.Timeout {
			failed.Explained = x
			continue
		}
		all[i] = w.explain(r)
	}
	for i, r := range results {
		if all[i] != nil {
			failedHandshake(r).Explained = all[i].wait(w.ctx)
		}
	}
}

// explain begins to find out why the handshake of a result failed, unless that
// has begun; nil: none did.
func (w *errands) explain(r *probe.Result) *pending[*tlscheck.Explanation] {
	failed := failedHandshake(r)
	if failed == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return once(&w.running, w.explained, r, func() *tlscheck.Explanation {
		ctx, cancel := share(w.ctx, explainLimit)
		defer cancel()
		x := tlscheck.Explain(ctx, w.plan.opener(r), r.Endpoint.Host, failed)
		return &x
	})
}

// failedHandshake is the failure with which a dialogue ended in its handshake,
// on a port that is not known to speak otherwise; nil: it did not.
func failedHandshake(r *probe.Result) *tlscheck.HandshakeError {
	step := r.FailedStep()
	var failed *tlscheck.HandshakeError
	if step == nil || probe.FaultOf(step.Err) != "" || !errors.As(step.Err, &failed) {
		return nil
	}
	return failed
}

// share gives a part of a run its time: at most limit, and no more than half
// of what is left of the run.
func share(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if ends, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(ends)/2)
	}
	return context.WithTimeout(ctx, limit)
}

// opener returns how to reach the server that a result is about once more, up
// to where TLS begins. It never holds a credential.
func (p Plan) opener(r *probe.Result) tlscheck.Dial {
	opt := p.Options.WithoutCredential()
	opt.Transcript, opt.DNS = false, nil
	if addr := r.RemoteAddr.Addr(); addr.IsValid() {
		opt.Address = &addr
	}
	return func(ctx context.Context) (net.Conn, error) { return speaking(r.Endpoint, opt).Open(ctx) }
}

// explainWaiting finds out why handshakes that still wait get no answer.
func (p Plan) explainWaiting(ctx context.Context, waiting []diagnose.Case) map[settings.Endpoint]*tlscheck.Explanation {
	ctx, cancel := share(ctx, explainLimit)
	defer cancel()
	found := make([]*tlscheck.Explanation, len(waiting))
	var wait sync.WaitGroup
	for i, k := range waiting {
		var failed *tlscheck.HandshakeError
		if errors.As(k.Result.FailedStep().Err, &failed) {
			wait.Go(func() {
				x := tlscheck.Explain(ctx, p.opener(k.Result), k.Result.Endpoint.Host, failed)
				found[i] = &x
			})
		}
	}
	wait.Wait()
	explained := make(map[settings.Endpoint]*tlscheck.Explanation)
	for i, k := range waiting {
		if found[i] != nil {
			explained[k.Result.Endpoint] = found[i]
		}
	}
	return explained
}
