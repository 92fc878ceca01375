package page

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
)

// How much goes on, and how much is kept of it.
const (
	maxRunning = 4  // runs at once
	MaxKept    = 10 // runs that are known, those that go on among them
)

// runs are all that are known.
type runs struct {
	life context.Context
	wait sync.WaitGroup

	mu      sync.Mutex
	list    []*run // the oldest first
	going   int
	signing map[string]bool // accounts that are signed in to
}

func newRuns(life context.Context) *runs { return &runs{life: life, signing: map[string]bool{}} }

// start begins a run, unless too much goes on already.
func (s *runs) start(v Verifier, r Request) (*run, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := accountOf(r)
	switch {
	case s.going >= maxRunning:
		return nil, errBusy
	case account != "" && s.signing[account]:
		return nil, errSignIn
	}
	ctx, cancel := context.WithCancel(s.life)
	one := newRun(rand.Text(), r, cancel)
	s.going++
	if account != "" {
		s.signing[account] = true
	}
	s.keep(one)
	s.wait.Go(func() {
		d, err := v.Verify(ctx, r, one.say)
		cancel()
		s.ended(account)
		one.end(d, err)
	})
	return one, nil
}

func (s *runs) ended(account string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.going--
	delete(s.signing, account)
}

// keep drops the oldest that is over for one that is new. The lock is held.
func (s *runs) keep(r *run) {
	s.list = append(s.list, r)
	for i, old := range s.list {
		if len(s.list) <= MaxKept {
			return
		}
		if old.ended() {
			s.list = append(s.list[:i:i], s.list[i+1:]...)
			return
		}
	}
}

// find returns a run; nil: there is none of that name, or it is forgotten.
func (s *runs) find(id string) *run {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.list {
		if r.id == id {
			return r
		}
	}
	return nil
}

// accountOf names the account that a request signs in to; empty: none.
func accountOf(r Request) string {
	if r.Password.Empty() {
		return ""
	}
	if r.User != "" {
		return strings.ToLower(r.User)
	}
	return strings.ToLower(r.Target)
}
