package exporter

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"mailprobe/internal/document"
)

const (
	// longestBackOff is how long an account is left alone at most, however often
	// signing in may have been refused.
	longestBackOff = 6 * time.Hour

	// maxRejections is how many secrets of an account are remembered that were
	// rejected, the last ones. With the longest back-off that is more than a week
	// of a new one each time.
	maxRejections = 32
)

// accounts knows when each account may be signed in to: once in an interval,
// by whatever target, and not again with a secret that was rejected. It keeps
// no secret, and outlives the configuration.
type accounts struct {
	mu     sync.Mutex
	byName map[string]*account
}

type account struct {
	busy     bool      // somebody is signing in
	next     time.Time // the earliest of another sign-in
	refusals int       // in a row, or what may have been one
	waiting  []waiter

	rejections []rejection        // of secrets, the last one last
	reasons    []document.Finding // of the one for which signing in is held back
}

// A rejection is what is remembered of a secret that was rejected.
type rejection struct {
	of      Fingerprint
	on      time.Time
	reasons []document.Finding
}

// A waiter is a target that was told to wait for its turn.
type waiter struct {
	key   Key
	asked time.Time
}

func newAccounts() *accounts { return &accounts{byName: map[string]*account{}} }

// A pause says why nobody may sign in now. The zero pause is none.
type pause struct {
	why  string
	turn bool // another target has its turn; otherwise the account is left alone
}

// begin asks for leave to sign in to an account. Whoever has it calls end.
func (a *accounts) begin(name string, k Key, every time.Duration) pause {
	a.mu.Lock()
	defer a.mu.Unlock()
	one, now := a.byName[name], time.Now()
	if one == nil {
		one = &account{}
		a.byName[name] = one
	}
	one.waiting = slices.DeleteFunc(one.waiting, func(w waiter) bool { return now.Sub(w.asked) > 2*every })
	switch {
	case one.refusals > 0 && now.Before(one.next):
		return pause{why: "signing in was refused, or may have been; the account is left alone until " + one.next.UTC().Format(time.DateTime) + " UTC"}
	case one.busy || now.Before(one.next) || len(one.waiting) > 0 && one.waiting[0].key != k:
		one.wait(k, now)
		return pause{why: "this account is signed in to once in an interval, and another target has its turn", turn: true}
	}
	one.waiting = slices.DeleteFunc(one.waiting, func(w waiter) bool { return w.key == k })
	one.busy = true
	return pause{}
}

func (a *account) wait(k Key, now time.Time) {
	i := slices.IndexFunc(a.waiting, func(w waiter) bool { return w.key == k })
	if i < 0 {
		i = len(a.waiting)
		a.waiting = append(a.waiting, waiter{key: k})
	}
	a.waiting[i].asked = now
}

// refused says why a secret is not shown to an account; empty: it may be.
func (a *accounts) refused(name string, f Fingerprint) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	one := a.byName[name]
	if one == nil {
		return ""
	}
	i := slices.IndexFunc(one.rejections, func(r rejection) bool { return r.of == f })
	if i < 0 {
		return ""
	}
	one.reasons = one.rejections[i].reasons
	return fmt.Sprintf("this secret was rejected on %s UTC; it is not shown again until it changes", one.rejections[i].on.UTC().Format(time.DateTime))
}

// whyHeld returns what was found when that secret of an account was rejected
// for which signing in is held back; nil: none was.
func (a *accounts) whyHeld(name string) []document.Finding {
	a.mu.Lock()
	defer a.mu.Unlock()
	if one := a.byName[name]; one != nil {
		return one.reasons
	}
	return nil
}

// end takes note of what became of a leave to sign in. o is nil where nothing
// was shown; an account that was not signed in to may be at once.
func (a *accounts) end(name string, every time.Duration, o *Outcome) {
	a.mu.Lock()
	defer a.mu.Unlock()
	one := a.byName[name]
	one.busy = false
	if o == nil || o.Fingerprint == (Fingerprint{}) {
		return
	}
	if !o.Stopped {
		one.refusals, one.reasons = 0, nil
		one.next = time.Now().Add(every)
		return
	}
	one.next = time.Now().Add(backOff(every, one.refusals))
	one.refusals++
	if o.rejected() {
		one.reject(o.Fingerprint, o.reasons())
	}
}

// reject remembers a secret that was rejected. Of too many the first are
// forgotten.
func (a *account) reject(f Fingerprint, reasons []document.Finding) {
	a.rejections = append(a.rejections, rejection{f, time.Now(), reasons})
	a.rejections = slices.Clone(a.rejections[max(0, len(a.rejections)-maxRejections):])
	a.reasons = reasons
}

// lost gives back a leave of which nobody knows what became: the secret may
// have been shown.
func (a *accounts) lost(name string, every time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.byName[name].busy = false
	a.byName[name].next = time.Now().Add(every)
}

// backOff is how long an account is left alone after so many refusals before
// the last one.
func backOff(every time.Duration, before int) time.Duration {
	d := every
	for range before {
		if d *= 2; d >= longestBackOff {
			break
		}
	}
	return max(every, min(d, longestBackOff))
}
