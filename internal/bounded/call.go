// Package bounded does what may never end or have no end: calls that know no
// context, and files that somebody else names.
package bounded

import (
	"context"
	"errors"
	"time"
)

// errGone is what a call ends with that neither returns nor panics
// (runtime.Goexit).
var errGone = errors.New("the call did not return")

// Call returns what call returns, and panics as it does. It returns earlier
// if ctx ends, with ctx's error, or if limit is over, with
// context.DeadlineExceeded; a limit of zero is none. A call that never
// returns is left behind: what it returns later is heard by nobody, so it
// must not write to anything that the caller goes on to use.
func Call[T any](ctx context.Context, limit time.Duration, call func() (T, error)) (T, error) {
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	type outcome struct {
		value  T
		err    error
		defect any
	}
	done := make(chan outcome, 1) // room for who comes too late
	go func() {
		o := outcome{err: errGone}
		defer func() {
			o.defect = recover()
			done <- o
		}()
		o.value, o.err = call()
	}()
	select {
	case o := <-done:
		if o.defect != nil {
			panic(o.defect)
		}
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
