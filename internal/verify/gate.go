package verify

import (
	"context"
	"fmt"
	"slices"
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

func (g *gate) move(p *place, s state) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p.state = s
	g.advance()
}

// withdraw takes back that an endpoint waits. It reports false if its turn has
// come in the meantime.
func (g *gate) withdraw(p *place) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.state != waiting {
		return false
	}
	p.state = done
	g.advance()
	return true
}

// passOver lets p wait no longer for those that are not ready.
func (g *gate) passOver(p *place) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, other := range g.places[:slices.Index(g.places, p)] {
		other.late = other.late || other.state == coming
	}
	g.advance()
}

// advance gives the turn to the next, or an answer to all that wait in vain.
func (g *gate) advance() {
	if g.busy {
		return
	}
	next, settled := g.next()
	switch {
	case next != nil:
		g.busy, next.state, next.entered = true, done, true
		next.turn <- nil
	case settled:
		for _, p := range g.places {
			if p.state == waiting {
				p.state = done
				p.turn <- probe.Unanswered(g.why(p))
			}
		}
	}
}

// next returns whose turn it is; nil: nobody's yet or, if settled, nobody's of
// those that wait.
func (g *gate) next() (next *place, settled bool) {
	if g.stopped != "" {
		return nil, true
	}
	settled = true
	for _, p := range g.places {
		switch {
		case p.state == tried || p.state == done, g.why(p) != "":
		case p.state == waiting && g.locked(p):
			return nil, false
		case p.state == waiting:
			return p, true
		case !p.late:
			return nil, false
		default:
			settled = false
		}
	}
	return nil, settled
}

// locked reports whether another session of the account may still hold the
// maildrop: POP3 opens it to one at a time (RFC 1939 §4).
func (g *gate) locked(p *place) bool {
	return p.endpoint.Protocol == settings.POP3 && slices.ContainsFunc(g.places, func(other *place) bool {
		return other.endpoint.Protocol == settings.POP3 && other.entered && !other.ended
	})
}

// why says why an endpoint may not sign in as things are; empty: it may.
func (g *gate) why(p *place) string {
	switch before := g.triedBefore(p); {
	case g.stopped != "":
		return g.stopped
	case g.accepted != nil:
		return ""
	case p.refusal != "":
		return p.refusal
	case before != nil:
		return fmt.Sprintf("one attempt per service until one is accepted: signing in was tried at %s", before.endpoint.Address())
	}
	return ""
}

// triedBefore returns where the service of p was tried without success; nil:
// nowhere.
func (g *gate) triedBefore(p *place) *place {
	if g.all {
		return nil
	}
	for _, other := range g.places {
		if other != p && other.state == tried && other.endpoint.Protocol == p.endpoint.Protocol {
			return other
		}
	}
	return nil
}

func stopReason(e settings.Endpoint, a probe.Auth) string {
	switch {
	case a.Status == probe.AuthRejected:
		return fmt.Sprintf("the credential was rejected at %s; trying it again could lock the account", e.Address())
	case a.Reply != nil:
		return fmt.Sprintf("the answer of %s leaves open whether it rejected the credential; trying it again could lock the account", e.Address())
	}
	return fmt.Sprintf("the outcome at %s is not known; trying again could lock the account", e.Address())
}

// whyStopped says why nobody may sign in any more; empty: they may.
func (g *gate) whyStopped() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stopped
}
