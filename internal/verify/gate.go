package verify

import (
	"context"
	"fmt"
	"sync"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// A gate lets one endpoint at a time sign in, each service at most once, and
// nobody any more after a rejection: a wrong password costs one failed
// sign-in, however many endpoints there are. The first to get there is the
// canary; the others wait, ready, for its verdict.
type gate struct {
	turn chan struct{} // holds one token; who has it may sign in
	// goOn reports whether others may still try after this outcome, because
	// the server clearly did not judge the credential.
	goOn func(settings.Endpoint, probe.Auth) bool

	mu      sync.Mutex
	stopped string                        // why nobody may sign in any more; empty: they may
	used    map[settings.Protocol]attempt // the service's one attempt
}

// An attempt is the one sign-in of a service.
type attempt struct {
	at       settings.Endpoint
	accepted bool
}

// newGate returns the gate of one run. stopped says why nobody may sign in from
// the start; empty: they may.
func newGate(stopped string, goOn func(settings.Endpoint, probe.Auth) bool) *gate {
	g := &gate{turn: make(chan struct{}, 1), goOn: goOn, stopped: stopped, used: map[settings.Protocol]attempt{}}
	g.turn <- struct{}{}
	return g
}

// Enter implements probe.Gate.
func (g *gate) Enter(ctx context.Context, e settings.Endpoint) error {
	select {
	case <-g.turn:
	case <-ctx.Done():
		return probe.Unanswered("the run ended before its turn to sign in")
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	before, taken := g.used[e.Protocol]
	if g.stopped == "" && !taken {
		g.used[e.Protocol] = attempt{at: e}
		return nil
	}
	g.turn <- struct{}{}
	switch {
	case g.stopped != "":
		return probe.Unanswered(g.stopped)
	case before.accepted:
		return probe.Skip(fmt.Sprintf("one sign-in per service: it was accepted at %s", before.at.Address()))
	}
	return probe.Unanswered(fmt.Sprintf("one attempt per service: signing in was tried at %s", before.at.Address()))
}

// Leave implements probe.Gate.
func (g *gate) Leave(e settings.Endpoint, a probe.Auth) {
	g.mu.Lock()
	switch {
	case a.Status == probe.AuthAccepted:
		g.used[e.Protocol] = attempt{e, true}
	case !a.Sent:
		delete(g.used, e.Protocol)
	case !g.goOn(e, a):
		g.stopped = stopReason(e, a)
	}
	g.mu.Unlock()
	g.turn <- struct{}{}
}

func stopReason(e settings.Endpoint, a probe.Auth) string {
	if a.Status == probe.AuthRejected {
		return fmt.Sprintf("the credential was rejected at %s; trying it again could lock the account", e.Address())
	}
	return fmt.Sprintf("the outcome at %s is not known; trying again could lock the account", e.Address())
}

// whyStopped says why nobody may sign in any more; empty: they may.
func (g *gate) whyStopped() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stopped
}

// tryOtherForm signs in once more, with the other form of the user name, at
// the endpoint that has rejected the documented one. The gate lets a run have
// one rejection; this is the second that the user has asked for, at the same
// service, and there is no third.
func (p Plan) tryOtherForm(ctx context.Context, results []*probe.Result) {
	if p.OtherForm == nil || p.Options.Credential == nil || ctx.Err() != nil {
		return
	}
	for i, setting := range p.Endpoints {
		r, name := results[i], p.OtherForm(setting)
		if r.Auth.Status != probe.AuthRejected || diagnose.NotJudged(setting.Endpoint, r.Auth, p.Provider) || diagnose.AskedTooOften(setting.Endpoint, r.Auth, p.Provider) {
			continue
		}
		if name == "" || name == r.Auth.Username {
			return
		}
		opt := p.Options
		opt.Unjudged = p.wayRefused
		opt.Username, opt.Gate, opt.Progress, opt.Message = name, nil, nil, nil
		second := speaking(setting.Endpoint, opt).Probe(ctx)
		r.OtherForm = &second.Auth
		r.Transcript = append(r.Transcript, second.Transcript...)
		return
	}
}
