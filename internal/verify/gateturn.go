package verify

import (
	"cmp"
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

// advance lets in whoever may sign in now. Where nobody can any more, those that
// still wait are told why.
func (g *gate) advance() {
	for p := g.next(); p != nil; p = g.next() {
		p.state, p.entered, p.proven = inside, true, g.proven(p)
		p.turn <- nil
	}
	if slices.ContainsFunc(g.places, g.mayYet) {
		return
	}
	for _, p := range g.places {
		if p.state == waiting {
			p.state = done
			p.turn <- probe.Unanswered(g.why(p))
		}
	}
}

// next returns who may sign in now; nil: nobody. One that goes alone waits for
// all that are inside and for those before it in the order.
func (g *gate) next() *place {
	first := !slices.ContainsFunc(g.places, func(p *place) bool { return p.state == inside })
	for _, p := range g.places {
		switch {
		case p.state != coming && p.state != waiting, g.why(p) != "":
		case p.state == waiting && (first || g.together(p)) && !g.locked(p):
			return p
		case p.state == waiting || !p.late:
			first = false
		}
	}
	return nil
}

// mayYet reports whether an endpoint signs in, or may still do so.
func (g *gate) mayYet(p *place) bool {
	return p.state == inside || (p.state == coming || p.state == waiting) && g.why(p) == ""
}

// together reports whether an endpoint signs in whatever becomes of the others,
// because the credential has been judged: who is the fastest then changes
// nothing. Where it is documented as refused, it must have been accepted.
func (g *gate) together(p *place) bool {
	return slices.ContainsFunc(g.places, func(other *place) bool {
		return other.opens && other.account == p.account && (other.accepted || p.refusal == "")
	})
}

// locked reports whether another session of the account may still hold the
// maildrop: POP3 opens it to one at a time (RFC 1939 §4).
func (g *gate) locked(p *place) bool {
	return p.endpoint.Protocol == settings.POP3 && slices.ContainsFunc(g.places, func(other *place) bool {
		return other.endpoint.Protocol == settings.POP3 && other.entered && !other.ended
	})
}

// proven reports whether somebody has accepted the secret of an endpoint.
func (g *gate) proven(p *place) bool {
	return slices.ContainsFunc(g.places, func(other *place) bool { return other.accepted && other.account.secret == p.account.secret })
}

// why says why an endpoint may not sign in as things are; empty: it may.
func (g *gate) why(p *place) string {
	switch stop, before := g.firstStop(), g.triedBefore(p); {
	case g.together(p):
		return ""
	case stop != "":
		return stop
	case g.proven(p):
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

// whyStopped says why nobody may sign in any more; empty: they may.
func (g *gate) whyStopped() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.firstStop()
}

// firstStop is the stop of the first in the order that caused one, whichever
// was the fastest; empty: none.
func (g *gate) firstStop() string {
	stop := g.stopped
	for _, p := range g.places {
		stop = cmp.Or(stop, p.stop)
	}
	return stop
}
