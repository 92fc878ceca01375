package main

import (
	"context"
	"time"
)

// start lets the time of the whole run begin. A test message that is waited
// for has its time besides.
func (f *runFlags) start() {
	limit := f.timeout
	if f.send.ask {
		limit += f.send.wait
	}
	f.ends = time.Now().Add(limit)
}

// within bounds what belongs to the run by its time.
func (f *runFlags) within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithDeadline(ctx, f.ends)
}

// late reports whether the time of the run is over. One that was interrupted
// is not late.
func (f *runFlags) late(ctx context.Context) bool {
	return ctx.Err() == nil && !time.Now().Before(f.ends)
}

// stopClock lets the time of the run stand still until what it returns is
// called.
func (f *runFlags) stopClock() (goOn func()) {
	stopped := time.Now()
	return func() { f.ends = f.ends.Add(time.Since(stopped)) }
}
