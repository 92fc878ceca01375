package page

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestAlone: a run that nobody watches ends; one that is watched, or left for a
// moment, goes on.
func TestAlone(t *testing.T) {
	for name, row := range map[string]struct {
		watched, left time.Duration // how long it is watched, and then not
		ended         bool
	}{
		"never watched":       {0, aloneTime + time.Second, true},
		"watched all along":   {10 * aloneTime, 0, false},
		"left for a moment":   {time.Second, aloneTime - time.Second, false},
		"left for good":       {time.Second, aloneTime + time.Second, true},
		"not yet watched":     {0, aloneTime - time.Second, false},
		"watched, then alone": {10 * aloneTime, aloneTime + time.Second, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			r := newRun("x", Request{}, cancel)
			if row.watched > 0 {
				watching, leave := context.WithTimeout(t.Context(), row.watched)
				defer leave()
				if err := r.watch(watching, 0, func(int, string) error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%s: %v", name, err)
				}
			}
			time.Sleep(row.left)
			synctest.Wait()
			if got := ctx.Err() != nil; got != row.ended {
				t.Errorf("%s\ngot  ended %v\nwant %v", name, got, row.ended)
			}
			r.end(nil, nil)
		})
	}
}

// TestWatch: whoever comes late, or again, sees each line once, and the end.
func TestWatch(t *testing.T) {
	r := newRun("x", Request{}, func() {})
	r.say("one")
	var early, late []string
	done := make(chan error)
	go func() {
		done <- r.watch(t.Context(), 0, func(_ int, line string) error {
			early = append(early, line)
			if line == "one" {
				r.say("two")
				r.end(nil, nil)
				r.say("too late")
			}
			return nil
		})
	}()
	if err := <-done; err != nil || len(early) != 2 {
		t.Errorf("got  %v %q", err, early)
	}
	if err := r.watch(t.Context(), 1, func(_ int, line string) error { late = append(late, line); return nil }); err != nil || len(late) != 1 || late[0] != "two" {
		t.Errorf("got  %v %q", err, late)
	}
	if err := r.watch(t.Context(), 99, func(int, string) error { return errors.New("nothing is left") }); err != nil {
		t.Error(err)
	}
}
