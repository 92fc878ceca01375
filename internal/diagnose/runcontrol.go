package diagnose

import (
	"slices"

	"mailprobe/internal/settings"
)

// maxControls bounds the connections that one run makes for comparison.
const maxControls = 4

// Controls chooses what to connect to for comparison: nothing, unless an
// endpoint is silent or nothing at all was reached. For each such endpoint it
// wants the same port at another provider, from others, and another port of
// the same host, as far as known leaves that open; where nothing was reached,
// another port at another provider as well. A host inside a private network is
// compared with nothing outside.
func Controls(cases []Case, known []Control, others []settings.Endpoint) []settings.Endpoint {
	s := scene{cases, known}
	dark := !s.anyAnswers() && !s.anyUnclear()
	outside := slices.DeleteFunc(slices.Clone(cases), func(k Case) bool { return isPrivate(k.Result) })
	var list []settings.Endpoint
	add := func(e *settings.Endpoint) {
		if e != nil && len(list) < maxControls && !slices.ContainsFunc(list, func(x settings.Endpoint) bool { return x.Address() == e.Address() }) {
			list = append(list, *e)
		}
	}
	for i, k := range outside {
		how := k.reach()
		if how == unnamed && len(list) > 0 {
			continue // one other name shows whether DNS knows any
		}
		if dark || how == silent {
			add(s.samePort(k.Result.Endpoint, others))
		}
		if dark && i == 0 && (how != unnamed || len(list) == 0) {
			add(s.stranger(others))
		}
	}
	for _, k := range cases {
		if k.reach() == silent {
			add(s.otherPort(k.Result.Endpoint))
		}
	}
	return list
}

// samePort returns the endpoint of another provider that has e's port; nil:
// there is none, or the port was seen elsewhere already.
func (s scene) samePort(e settings.Endpoint, others []settings.Endpoint) *settings.Endpoint {
	if x := s.elsewhere(e); x != nil && x.how == answers {
		return nil
	}
	for i := range others {
		if others[i].Port == e.Port && !s.concerns(others[i].Host) {
			return &others[i]
		}
	}
	return nil
}

// stranger returns an endpoint at a host that the run is not about, with a
// port of its own if possible: where one port is blocked, another may answer.
func (s scene) stranger(others []settings.Endpoint) *settings.Endpoint {
	var first *settings.Endpoint
	for i := range others {
		switch {
		case s.concerns(others[i].Host):
		case !s.uses(others[i].Port):
			return &others[i]
		case first == nil:
			first = &others[i]
		}
	}
	return first
}

func (s scene) uses(port uint16) bool {
	return slices.ContainsFunc(s.cases, func(k Case) bool { return k.Result.Endpoint.Port == port })
}

func (s scene) concerns(host string) bool {
	return slices.ContainsFunc(s.cases, func(k Case) bool { return sameHost(k.Result.Endpoint.Host, host) })
}

// otherPort returns a usual port of e's host that was not tried yet, of e's
// own protocol if possible; nil: the host is known to be up, or all were
// tried.
func (s scene) otherPort(e settings.Endpoint) *settings.Endpoint {
	if s.neighbour(e) != nil {
		return nil
	}
	for _, p := range append([]settings.Protocol{e.Protocol}, settings.Protocols()...) {
		for _, security := range []settings.Security{settings.TLS, settings.StartTLS} {
			x := settings.Endpoint{Protocol: p, Host: e.Host, Port: settings.DefaultPort(p, security), Security: security}
			if !s.tried(x) {
				return &x
			}
		}
	}
	return nil
}

func (s scene) tried(e settings.Endpoint) bool {
	return slices.ContainsFunc(s.sightings(), func(x sighting) bool { return sameHost(x.Host, e.Host) && x.Port == e.Port })
}
