package verify

import (
	"context"
	"sync"
	"time"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// patience is how long one endpoint, ready to sign in, waits for those before
// it to get as far: servers end connections on which nothing is said, the
// first of them after a minute.
const patience = 30 * time.Second

// A gate lets the endpoints of a run sign in one at a time, in an order that
// does not depend on which of them is the fastest. Once the credential was
// sent, others go on only if it was accepted or certainly not judged: a wrong
// password costs one failed sign-in, however many endpoints there are.
type gate struct {
	places []*place // in the order in which they sign in
	// goOn reports whether others may still try after a sign-in that was not
	// accepted.
	goOn func(settings.Endpoint, probe.Auth) bool
	all  bool // every endpoint signs in, whatever became of others of its service

	mu       sync.Mutex
	busy     bool               // somebody signs in
	stopped  string             // why nobody may sign in any more; empty: they may
	accepted *settings.Endpoint // the first that has accepted the credential; nil: none has
}

// A place is one endpoint's place in the order. It implements probe.Gate.
type place struct {
	gate     *gate
	endpoint settings.Endpoint
	refusal  string // why it signs in only once another has been accepted, and not at all if none is; empty: it may be the first

	state   state
	late    bool       // the others have waited long enough for it
	entered bool       // it has had its turn
	ended   bool       // its connection is closed
	turn    chan error // what Enter returns
}

// A state says how far an endpoint is.
type state int

const (
	coming  state = iota // on its way to the sign-in
	waiting              // ready for it
	tried                // it has had its turn, without success
	done                 // it will not sign in, or has
)

// newGate returns the gate of one run. stopped says why nobody may sign in from
// the start; empty: they may.
func newGate(stopped string, goOn func(settings.Endpoint, probe.Auth) bool) *gate {
	return &gate{goOn: goOn, stopped: stopped}
}

// add gives an endpoint the last place in the order. All are added before the
// first enters.
func (g *gate) add(e settings.Endpoint, refusal string) *place {
	p := &place{gate: g, endpoint: e, refusal: refusal, turn: make(chan error, 1)}
	g.places = append(g.places, p)
	return p
}

// Enter implements probe.Gate.
func (p *place) Enter(ctx context.Context, _ settings.Endpoint) error {
	p.gate.move(p, waiting)
	impatient := time.AfterFunc(patience, func() { p.gate.passOver(p) })
	defer impatient.Stop()
	select {
	case err := <-p.turn:
		return err
	case <-ctx.Done():
	}
	if p.gate.withdraw(p) {
		return probe.Unanswered("the run ended before its turn to sign in")
	}
	return <-p.turn
}

// Leave implements probe.Gate.
func (p *place) Leave(_ settings.Endpoint, a probe.Auth) {
	g := p.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	g.busy = false
	p.state = tried
	switch {
	case a.Status == probe.AuthAccepted:
		p.state = done
		if g.accepted == nil {
			g.accepted = &p.endpoint
		}
	case !g.goOn(p.endpoint, a):
		g.stopped = stopReason(p.endpoint, a)
	case !a.Sent:
		p.state = done
	}
	g.advance()
}

// finished says that an endpoint will not ask any more.
func (p *place) finished() {
	p.gate.mu.Lock()
	defer p.gate.mu.Unlock()
	if p.state == coming {
		p.state = done
		p.gate.advance()
	}
}

// end says that the connection of an endpoint is closed.
func (p *place) end() {
	p.finished()
	p.gate.mu.Lock()
	defer p.gate.mu.Unlock()
	p.ended = true
	p.gate.advance()
}
