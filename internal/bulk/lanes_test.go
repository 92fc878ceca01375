package bulk

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// hold enters a lane, stays for a while and leaves; it returns how long it
// waited.
func hold(t *testing.T, s *lanes, key string, most int, stay time.Duration) time.Duration {
	t.Helper()
	began := time.Now()
	if err := s.enter(t.Context(), key, most, func() {}); err != nil {
		t.Error(err)
		return 0
	}
	waited := time.Since(began)
	<-time.After(stay)
	s.leave(key, 0)
	return waited
}

// TestLanesAreBounded: seven that stay for a second take four seconds at two
// places, and nothing is left of them.
func TestLanesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, began := newLanes(), time.Now()
		var all sync.WaitGroup
		for range 7 {
			all.Go(func() { hold(t, s, "a", 2, time.Second) })
		}
		all.Go(func() {
			if waited := hold(t, s, "b", 2, 0); waited != 0 {
				t.Errorf("another lane waited %v", waited)
			}
		})
		all.Wait()
		if took := time.Since(began); took != 4*time.Second || len(s.all) != 0 {
			t.Errorf("got  %v, %d lanes left\nwant 4s, 0", took, len(s.all))
		}
	})
}

// TestLanesPause: a place that is given on after a pause is taken until then.
func TestLanesPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newLanes()
		if err := s.enter(t.Context(), "a", 1, func() {}); err != nil {
			t.Fatal(err)
		}
		s.leave("a", time.Second)
		if waited := hold(t, s, "a", 1, 0); waited != time.Second {
			t.Errorf("got  %v\nwant 1s", waited)
		}
	})
}

// TestLanesRest: a server that has enough is left alone, longer each time in a
// row, and fewer at once are let in afterwards, until it serves again.
func TestLanesRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newLanes()
		for range 4 {
			if err := s.enter(t.Context(), "a", 4, func() {}); err != nil {
				t.Fatal(err)
			}
		}
		keep := s.all["a"]
		s.rest("a", 0.5)
		for range 4 {
			s.leave("a", 0)
		}
		if waited := hold(t, s, "a", 4, 0); waited != firstRest || keep.most != 2 {
			t.Errorf("got  %v, %d at once\nwant %v, 2", waited, keep.most, firstRest)
		}
	})
	for strikes, want := range []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second, time.Minute, time.Minute} {
		least, most := restFor(firstRest, strikes, 0), restFor(firstRest, strikes, 1)
		if least != want/2 || most != want*3/2 {
			t.Errorf("strike %d\ngot  %v to %v\nwant %v to %v", strikes, least, most, want/2, want*3/2)
		}
	}
}

// TestLanesRecover: what served is trusted with more again.
func TestLanesRecover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newLanes()
		for range 4 {
			if err := s.enter(t.Context(), "a", 4, func() {}); err != nil {
				t.Fatal(err)
			}
		}
		s.rest("a", 0)
		for range 9 {
			s.served("a")
		}
		if l := s.all["a"]; l.most != 4 || l.strikes != 0 {
			t.Errorf("got  %d at once, %d strikes\nwant 4, 0", l.most, l.strikes)
		}
		for range 4 {
			s.leave("a", 0)
		}
		<-time.After(time.Minute)
		synctest.Wait()
		if len(s.all) != 0 {
			t.Error("a lane is left")
		}
	})
}

// TestLanesEnd: who gives up waiting takes no place with him.
func TestLanesEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newLanes()
		if err := s.enter(t.Context(), "a", 1, func() {}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := s.enter(ctx, "a", 1, func() {}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got  %v", err)
		}
		s.leave("a", 0)
		if waited := hold(t, s, "a", 1, 0); waited != 0 || len(s.all) != 0 {
			t.Errorf("got  %v, %d lanes", waited, len(s.all))
		}
	})
}
