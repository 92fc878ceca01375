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

// A gate lets the endpoints of a run sign in: the first, in an order that does
// not depend on which of them is the fastest, judges the credential, and once it
// has accepted it the others of that account sign in at the same time. Until
// then one tries at a time, and others go on only if the credential was
// certainly not judged: a wrong password costs one failed sign-in, however many
// endpoints there are.
type gate struct {
	places []*place // in the order in which they sign in
	// hinders says why no other may try after a sign-in that was not accepted;
	// empty: one may.
	hinders func(settings.Endpoint, probe.Auth) string
	all     bool   // every endpoint signs in, whatever became of others
	stopped string // why nobody may sign in from the start; empty: they may

	mu sync.Mutex
}

// An account is whom an endpoint signs in as, and by which secret.
type account struct {
	user   string
	secret int // the same number for the same secret
}

// A place is one endpoint's place in the order. It implements probe.Gate.
type place struct {
	gate     *gate
	endpoint settings.Endpoint
	account  account
	refusal  string // why it signs in only once another has been accepted, and not at all if none is; empty: it may be the first

	state    state
	late     bool       // the others have waited long enough for it
	entered  bool       // it has had its turn
	ended    bool       // its connection is closed
	proven   bool       // when it had its turn, another had accepted the credential
	accepted bool       // it has accepted the credential
	opens    bool       // what became of it lets the others of its account sign in at the same time
	stop     string     // why nobody may be the next to judge the credential, after what became of it; empty: one may
	turn     chan error // what Enter returns
}

// A state says how far an endpoint is.
type state int

const (
	coming  state = iota // on its way to the sign-in
	waiting              // ready for it
	inside               // signing in
	tried                // it has had its turn, without success
	done                 // it will not sign in, or has
)

// newGate returns the gate of one run. stopped says why nobody may sign in from
// the start; empty: they may.
func newGate(stopped string, hinders func(settings.Endpoint, probe.Auth) string) *gate {
	return &gate{hinders: hinders, stopped: stopped}
}

// add gives an endpoint the last place in the order. All are added before the
// first enters.
func (g *gate) add(e settings.Endpoint, a account, refusal string) *place {
	p := &place{gate: g, endpoint: e, account: a, refusal: refusal, turn: make(chan error, 1)}
	g.places = append(g.places, p)
	return p
}

// Enter implements probe.Gate.
func (p *place) Enter(ctx context.Context, _ settings.Endpoint) (proven bool, err error) {
	p.gate.move(p, waiting)
	impatient := time.AfterFunc(patience, func() { p.gate.passOver(p) })
	defer impatient.Stop()
	select {
	case err := <-p.turn:
		return p.proven, err
	case <-ctx.Done():
	}
	if p.gate.withdraw(p) {
		return false, probe.Unanswered("the run ended before its turn to sign in")
	}
	err = <-p.turn
	return p.proven, err
}

// Leave implements probe.Gate.
func (p *place) Leave(_ settings.Endpoint, a probe.Auth) {
	g := p.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	defer g.advance()
	if p.state = tried; a.Status == probe.AuthAccepted {
		p.state, p.accepted, p.opens = done, true, true
		return
	}
	switch p.stop = g.hinders(p.endpoint, a); {
	case p.stop != "":
	case !a.Sent:
		p.state = done
	default:
		p.opens = g.all
	}
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
