package verify

import (
	"fmt"
	"slices"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

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
