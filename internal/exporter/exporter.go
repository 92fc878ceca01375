// Package exporter answers scrapes of Prometheus: each names a target of the
// configuration, which is run unless there is a result that is young enough.
// It knows when a target may be run and an account be signed in to; how that
// is done it is given.
package exporter

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"mailprobe/internal/document"
)

// A Key is what a scrape asks for.
type Key struct {
	Target string
	Module string // empty: none
}

// compare orders keys by target, then by module.
func (k Key) compare(o Key) int {
	return cmp.Or(cmp.Compare(k.Target, o.Target), cmp.Compare(k.Module, o.Module))
}

// A Target is what may be asked for.
type Target struct {
	Key
	Every   time.Duration // least time between two runs, and between two sign-ins to its account
	Account string        // whom it signs in as; empty: nobody
	Same    string        // a target of the same text is the same one after a reload

	// Run runs the target once. Its context has a deadline. An error says that
	// it could not begin.
	Run func(context.Context, Leave) (*Outcome, error)
}

// A Fingerprint tells one secret from another. The zero Fingerprint is that of
// none.
type Fingerprint [32]byte

// A Leave says whether a run may sign in.
type Leave struct {
	Withheld string                   // why it may not; empty: it may, unless Refused
	Refused  func(Fingerprint) string // why it may not with a secret; empty: it may

	turn bool // it is withheld because another target has its turn
}

// An Outcome is what a run came to.
type Outcome struct {
	Document    *document.Document
	Published   bool        // the names of its servers are neither the user's own words nor the catalogue's
	Compared    bool        // with a baseline
	HeldBack    bool        // signing in was asked for and not allowed
	Fingerprint Fingerprint // of the secret that was shown; zero: none was
	Stopped     bool        // the secret was rejected, or may have been
}

// Config is what may be asked for.
type Config struct {
	Targets     []Target
	Concurrency int // runs at once; zero: 8
}

// Options say how an exporter is made.
type Options struct {
	Version string
	Limit   time.Duration // of each run, also where the scrape has more time or names none; zero: 30 s
	Log     *slog.Logger  // nil: nothing is logged
}

const (
	standardConcurrency = 8
	standardLimit       = 30 * time.Second
)

// An Exporter answers scrapes.
type Exporter struct {
	o        Options
	life     context.Context // of the runs
	accounts *accounts
	own      *ownMetrics
	runs     sync.WaitGroup

	mu      sync.RWMutex
	entries map[Key]*entry
	places  chan struct{} // as long as many runs may go on
}

// New returns an exporter without a target. Its runs end with ctx at the
// latest.
func New(ctx context.Context, o Options) *Exporter {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Limit = cmp.Or(o.Limit, standardLimit)
	x := &Exporter{o: o, life: ctx, accounts: newAccounts(), places: make(chan struct{}, standardConcurrency)}
	x.own = newOwnMetrics(x)
	return x
}

// Wait returns when no run goes on any more. No scrape may come meanwhile.
func (x *Exporter) Wait() { x.runs.Wait() }

// Reload reads a configuration and puts it into the place of the one before.
// Where it cannot be read, the one before stays, and the metrics say so.
func (x *Exporter) Reload(read func() (Config, error)) error {
	c, err := read()
	if err == nil {
		x.load(c)
	}
	x.own.reloaded(err == nil)
	return err
}

// load keeps the results of targets that stay the same. What is known of
// accounts is kept whatever changes.
func (x *Exporter) load(c Config) {
	x.mu.Lock()
	defer x.mu.Unlock()
	entries := make(map[Key]*entry, len(c.Targets))
	for _, t := range c.Targets {
		entries[t.Key] = &entry{Target: t}
		if old := x.entries[t.Key]; old != nil && old.Same == t.Same {
			entries[t.Key] = old.renewed(t)
		}
	}
	x.entries = entries
	if limit := cmp.Or(c.Concurrency, standardConcurrency); limit != cap(x.places) {
		x.places = make(chan struct{}, limit)
	}
}

// entry returns what is kept of a target; nil: there is none of that name.
func (x *Exporter) entry(k Key) *entry {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.entries[k]
}

// place is where runs take their places.
func (x *Exporter) place() chan struct{} {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.places
}

// keys are all that may be asked for, in order.
func (x *Exporter) keys() []Key {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return slices.SortedFunc(maps.Keys(x.entries), Key.compare)
}
