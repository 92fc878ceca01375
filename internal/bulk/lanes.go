package bulk

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Lanes bound how many dialogues there are at once with whom: a host, an
// address, an operator. What nobody waits for is forgotten.
type lanes struct {
	first time.Duration // the rest of a server that has enough for the first time

	mu  sync.Mutex
	all map[string]*lane
}

// A lane is one of those.
type lane struct {
	most    int // at once; it falls where the server has enough
	full    int // what it may rise to again
	busy    int
	waiting []chan struct{} // each is closed when it may enter
	until   time.Time       // nobody enters before
	strikes int             // answers in a row that the server has enough
	users   int             // who is in it, waits for it, or lets it rest
}

func newLanes() *lanes { return &lanes{first: firstRest, all: make(map[string]*lane)} }

// enter waits for a place, and calls aside before. Whoever gets one must leave.
// The error is that of ctx.
func (s *lanes) enter(ctx context.Context, key string, most int, aside func()) error {
	s.mu.Lock()
	l := s.use(key, most)
	if len(l.waiting) == 0 && l.open() {
		l.busy++
		s.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	l.waiting = append(l.waiting, turn)
	l.admit()
	s.mu.Unlock()
	aside()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(l.waiting, turn); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	} else {
		l.busy--
	}
	s.drop(key, l)
	return ctx.Err()
}

// leave gives a place on after a pause; 0: at once.
func (s *lanes) leave(key string, pause time.Duration) {
	if pause > 0 {
		time.AfterFunc(pause, func() { s.leave(key, 0) })
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.all[key]
	l.busy--
	s.drop(key, l)
}

// rest keeps everybody out for a while, longer each time in a row, and lets
// half as many in behind it. chance is between 0 and 1.
func (s *lanes) rest(key string, chance float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.use(key, 0)
	pause := restFor(s.first, l.strikes, chance)
	l.strikes++
	l.most = max(1, min(l.most, l.busy)/2)
	if until := time.Now().Add(pause); until.After(l.until) {
		l.until = until
	}
	time.AfterFunc(pause, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.drop(key, l)
	})
}

// served notes that the server did not have enough.
func (s *lanes) served(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.all[key]; l != nil {
		l.strikes, l.most = 0, min(l.most+1, l.full)
	}
}

// use returns a lane that is not forgotten before drop.
func (s *lanes) use(key string, most int) *lane {
	l := s.all[key]
	if l == nil {
		l = &lane{most: most, full: most}
		s.all[key] = l
	}
	l.users++
	return l
}

func (s *lanes) drop(key string, l *lane) {
	l.admit()
	if l.users--; l.users == 0 {
		delete(s.all, key)
	}
}

// admit lets in whoever may enter, in the order in which they came.
func (l *lane) admit() {
	for len(l.waiting) > 0 && l.open() {
		close(l.waiting[0])
		l.waiting = l.waiting[1:]
		l.busy++
	}
}

// open reports whether somebody may enter now.
func (l *lane) open() bool {
	return l.busy < l.most && (l.until.IsZero() || !time.Now().Before(l.until))
}

const (
	firstRest = 2 * time.Second
	longest   = time.Minute
)

// restFor doubles from time to time, and spreads by half to both sides, so that
// not all come back together.
func restFor(first time.Duration, strikes int, chance float64) time.Duration {
	d := min(first<<min(strikes, 10), longest)
	return time.Duration(float64(d) * (0.5 + chance))
}
