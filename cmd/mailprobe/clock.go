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
	f.begin(limit)
}

// begin lets the time of the command begin; 0: it has no end.
func (f *netFlags) begin(limit time.Duration) {
	if limit > 0 {
		f.ends = time.Now().Add(limit)
	}
}

// within bounds what belongs to the run by its time.
func (f *netFlags) within(ctx context.Context) (context.Context, context.CancelFunc) {
	if f.ends.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, f.ends)
}

// late reports whether the time of the run is over. One that was interrupted
// is not late.
func (f *netFlags) late(ctx context.Context) bool {
	return ctx.Err() == nil && !f.ends.IsZero() && !time.Now().Before(f.ends)
}

// stopClock lets the time of the run stand still until what it returns is
// called.
func (f *netFlags) stopClock() (goOn func()) {
	stopped := time.Now()
	return func() {
		if !f.ends.IsZero() {
			f.ends = f.ends.Add(time.Since(stopped))
		}
	}
}
