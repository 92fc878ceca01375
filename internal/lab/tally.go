package lab

import (
	"slices"

	"mailprobe/internal/settings"
)

// A Tally counts what one server has seen.
type Tally struct {
	Connections int
	Accepted    int // sign-ins
	Refused     int // sign-ins, for whatever reason
	Cleartext   int // commands to sign in that came without encryption; never let in
}

// SignIns returns how many sign-ins were tried.
func (t Tally) SignIns() int { return t.Accepted + t.Refused + t.Cleartext }

// Logins returns what each server has seen so far.
func (l *Lab) Logins() map[settings.Endpoint]Tally {
	m := make(map[settings.Endpoint]Tally, len(l.servers))
	for _, s := range l.servers {
		m[s.Endpoint] = s.seen()
	}
	return m
}

// Total returns what all servers have seen together.
func (l *Lab) Total() Tally {
	var sum Tally
	for _, t := range l.Logins() {
		sum.Connections += t.Connections
		sum.Accepted += t.Accepted
		sum.Refused += t.Refused
		sum.Cleartext += t.Cleartext
	}
	return sum
}

// Tried returns where sign-ins were tried so far, in their order.
func (l *Lab) Tried() []settings.Endpoint {
	l.triedMu.Lock()
	defer l.triedMu.Unlock()
	return slices.Clone(l.tried)
}

// try notes that a sign-in came to the server.
func (s *server) try() {
	s.lab.triedMu.Lock()
	defer s.lab.triedMu.Unlock()
	s.lab.tried = append(s.lab.tried, s.Endpoint)
}

func (s *server) count(f func(*Tally)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.tally)
}

func (s *server) seen() Tally {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tally
}
