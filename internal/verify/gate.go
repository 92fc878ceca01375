package verify

import (
	"context"
	"fmt"
	"sync"

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
	stopped string                                  // why nobody may sign in any more; empty: they may
	used    map[settings.Protocol]settings.Endpoint // who has had the service's one attempt
}

func newGate(goOn func(settings.Endpoint, probe.Auth) bool) *gate {
	g := &gate{turn: make(chan struct{}, 1), goOn: goOn, used: map[settings.Protocol]settings.Endpoint{}}
	g.turn <- struct{}{}
	return g
}

// Enter implements probe.Gate.
func (g *gate) Enter(ctx context.Context, e settings.Endpoint) error {
	select {
	case <-g.turn:
	case <-ctx.Done():
		return probe.Skip("the run ended before its turn to sign in")
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	why := g.stopped
	if by, taken := g.used[e.Protocol]; why == "" && taken {
		why = fmt.Sprintf("one attempt per service: signing in was tried at %s", by.Address())
	}
	if why != "" {
		g.turn <- struct{}{}
		return probe.Skip(why)
	}
	g.used[e.Protocol] = e
	return nil
}

// Leave implements probe.Gate.
func (g *gate) Leave(e settings.Endpoint, a probe.Auth) {
	g.mu.Lock()
	switch {
	case a.Status == probe.AuthAccepted:
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
