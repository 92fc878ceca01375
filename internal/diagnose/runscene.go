package diagnose

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// A scene is all that was reached, or not, in a run.
type scene struct {
	cases    []Case
	controls []Control
	seen     []sighting // of both
}

// newScene looks once at what many rules ask for.
func newScene(cases []Case, controls []Control) scene {
	return scene{cases, controls, sightingsOf(cases, controls)}
}

// A reach says how a connection went.
type reach int

const (
	unclear reach = iota // it failed in a way that says nothing about the way there
	answers              // it was accepted
	refuses              // somebody answered, with a refusal
	silent               // nobody answered
	cutOff               // this computer has no way there, or its DNS server does not answer
	unnamed              // DNS knows no address of it
)

// leastConnect is the least time for a connection after which silence tells
// anything: a packet that was lost is sent again after one second and after
// three (RFC 6298 §2).
const leastConnect = 3500 * time.Millisecond

// hurried reports whether a connection was given up so early that nothing is
// known. A limit of zero is not known.
func hurried(err error, limit time.Duration) bool {
	ours := errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded)
	return ours && limit > 0 && limit < leastConnect
}

// gaveUp reports whether silence is all that is known of the addresses of a
// host, and one of them was given up early.
func gaveUp(r *probe.Result, s *probe.Step) bool {
	return s.Phase == probe.Connect && gravestFault(r) == connectTimeout &&
		slices.ContainsFunc(r.Tried, func(t probe.Attempt) bool { return hurried(t.Err, s.Limit) })
}

// reach returns how the connection of a case went.
func (k Case) reach() reach { return reachOf(k.Result) }

// reachOf returns how a connection went. What the end of the run cut short
// shows nothing.
func reachOf(r *probe.Result) reach {
	if r.Step(probe.Connect).Status == probe.OK {
		return answers
	}
	step := r.FailedStep()
	switch {
	case step == nil || probe.CutShort(step.Err) || gaveUp(r, step):
		return unclear
	case step.Phase == probe.Resolve:
		return unresolvedReach[nameFaultOf(r, step.Err)]
	case step.Phase == probe.Connect && gravestFault(r) != connectReset:
		return connectReach[gravestFault(r)]
	}
	return unclear
}

var unresolvedReach = map[nameFault]reach{
	noSuchName: unnamed, aliasToNowhere: unnamed, noAddress: unnamed, brokenDomain: unnamed, notFound: unnamed,
	resolverSilent: cutOff, resolverRefuses: cutOff,
}

var connectReach = map[connectFault]reach{
	connectRefused: refuses, connectReset: refuses, connectTimeout: silent, connectUnreachable: cutOff, connectForbidden: cutOff,
}

// A sighting is one endpoint and how it was reached, by the run or for
// comparison.
type sighting struct {
	settings.Endpoint
	result    *probe.Result
	how       reach
	elsewhere bool // at another provider
	provider  *settings.Provider
}

func (s scene) sightings() []sighting { return s.seen }

func sightingsOf(cases []Case, controls []Control) []sighting {
	var all []sighting
	for _, k := range cases {
		all = append(all, sighting{k.Result.Endpoint, k.Result, k.reach(), false, k.Provider})
	}
	own := newOwner(cases)
	for _, c := range controls {
		if step := c.Result.FailedStep(); step != nil && gaveUp(c.Result, step) {
			continue // it was no observation
		}
		all = append(all, sighting{c.Result.Endpoint, c.Result, reachOf(c.Result), c.Elsewhere && !own.has(c), c.Provider})
	}
	return all
}

// neighbour returns another port of e's host that shows that the host is up:
// one that answers before one that refuses, one of the same protocol before
// others. nil: none is known.
func (s scene) neighbour(e settings.Endpoint) *sighting {
	var best *sighting
	for _, x := range s.sightings() {
		if !sameHost(x.Host, e.Host) || x.Port == e.Port || x.how != answers && x.how != refuses {
			continue
		}
		if best == nil || neighbourRank(x, e) < neighbourRank(*best, e) {
			best = &x
		}
	}
	return best
}

func neighbourRank(x sighting, e settings.Endpoint) int {
	rank := 0
	if x.how != answers {
		rank += 2
	}
	if x.Protocol != e.Protocol {
		rank++
	}
	return rank
}

// anyAnswers reports whether any connection at all was accepted.
func (s scene) anyAnswers() bool {
	return slices.ContainsFunc(s.sightings(), func(x sighting) bool { return x.how == answers })
}

// catalogued reports whether a server belongs to a provider of the catalogue.
func catalogued(p *settings.Provider) bool { return p != nil && p.ID != "" }

func sameHost(a, b string) bool { return strings.EqualFold(a, b) }

// isPrivate reports whether the host is reached inside a private network,
// where nothing outside allows a comparison.
func isPrivate(r *probe.Result) bool {
	return slices.ContainsFunc(r.Resolved, func(a netip.Addr) bool { return notPublic(a) && !a.IsUnspecified() })
}
