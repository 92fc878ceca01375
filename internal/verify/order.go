package verify

import (
	"fmt"
	"slices"

	"mailprobe/internal/auth"
	"mailprobe/internal/diagnose"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// queue gives each endpoint its place in the order of sign-in: first where the
// kind of credential is documented, last where it is documented as refused,
// and otherwise as the plan lists them. The places stand in the plan's order.
func (p Plan) queue(g *gate) []*place {
	order := make([]int, len(p.Endpoints))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return p.rank(p.Endpoints[a]) - p.rank(p.Endpoints[b]) })
	places := make([]*place, len(p.Endpoints))
	for _, i := range order {
		places[i] = g.add(p.Endpoints[i].Endpoint, p.account(i), p.refusal(p.Endpoints[i]))
	}
	return places
}

// account tells whom the endpoint of this number signs in as: what one server
// says of a user name and a secret says nothing of others.
func (p Plan) account(i int) account {
	s := p.Endpoints[i]
	own := p.Options.Credential.For(s.Host)
	return account{p.user(s), slices.IndexFunc(p.Endpoints, func(first settings.Setting) bool {
		return own.Same(p.Options.Credential.For(first.Host))
	})}
}

func (p Plan) rank(s settings.Setting) int {
	if m := p.Options.Message; m != nil && m.Reader == settings.POP3 && s.Protocol == settings.POP3 {
		return 3 // it signs in when the test message has been sent
	}
	switch x, _ := s.SignInBy(p.kind().Ways()...); x.Status {
	case settings.DocumentedWay:
		return 0
	case settings.RefusedWay:
		return 2
	}
	return 1
}

// refusal says why the credential is not shown at an endpoint before another
// has accepted it; empty: it may be. A mechanism that the user has named is
// what the user wants.
func (p Plan) refusal(s settings.Setting) string {
	if auth.MechanismName(p.Options.Mechanism) != "" {
		return ""
	}
	return diagnose.DocumentedRefusal(s, p.kind())
}

// kind is that of the credential; empty: there is none.
func (p Plan) kind() auth.Kind {
	if p.Options.Credential == nil {
		return ""
	}
	return p.Options.Credential.Kind
}

// mayGoOn reports whether another service may sign in after this outcome
// without risk for the account: the credential was not sent, or certainly not
// judged, and no server has complained of too many sign-ins. A refused token
// locks nobody out: nobody guesses one, and each service may want another.
func (p *Plan) mayGoOn(e settings.Endpoint, a probe.Auth) bool {
	if diagnose.AskedTooOften(e, a, p.Provider) {
		return false
	}
	return !a.Sent || p.kind() == auth.Token || diagnose.NotJudged(e, a, p.Provider)
}

// stopReason says why no other service may sign in after this outcome; empty:
// one may.
func (p *Plan) stopReason(e settings.Endpoint, a probe.Auth) string {
	switch {
	case p.mayGoOn(e, a):
		return ""
	case a.Status == probe.AuthRejected && !diagnose.MayPass(e, a, p.Provider):
		return fmt.Sprintf("the credential was rejected at %s; trying it again could lock the account", e.Address())
	case a.Reply != nil:
		return fmt.Sprintf("the answer of %s leaves open whether it rejected the credential; trying it again could lock the account", e.Address())
	}
	return fmt.Sprintf("the outcome at %s is not known; trying again could lock the account", e.Address())
}

// watched returns a Progress that tells the gate as soon as an endpoint cannot
// sign in any more, and then tells next (nil: nobody).
func (p *place) watched(next func(settings.Endpoint, probe.Step)) func(settings.Endpoint, probe.Step) {
	return func(e settings.Endpoint, s probe.Step) {
		if s.Phase == probe.SignIn {
			p.finished()
		}
		if next != nil {
			next(e, s)
		}
	}
}
