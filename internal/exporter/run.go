package exporter

import (
	"context"
	"errors"
	"runtime/debug"
	"time"
)

// result returns what is said of a target, by a deadline: the result that is
// kept where it is young enough, or that of a run. Where the run is not over in
// time, what is kept is better than nothing, whatever its age.
func (x *Exporter) result(ctx context.Context, e *entry, until time.Time) *result {
	if r := e.fresh(); r != nil {
		return r
	}
	ran := e.flight.DoChan("", func() (any, error) {
		x.runs.Add(1)
		defer x.runs.Done()
		return x.refresh(e, until), nil
	})
	over := time.NewTimer(time.Until(until))
	defer over.Stop()
	select {
	case r := <-ran:
		return r.Val.(*result)
	case <-over.C:
	case <-ctx.Done():
	}
	return e.or(&result{code: outOfTime, answered: answeredLate})
}

// refresh runs a target once there is a place for it, and returns what it came
// to. It does not end with the scrape that wanted it: others wait as well.
func (x *Exporter) refresh(e *entry, until time.Time) *result {
	if r := e.fresh(); r != nil { // a run has ended since
		return r
	}
	place, late := context.WithDeadline(x.life, until)
	defer late()
	places := x.place()
	select {
	case places <- struct{}{}:
		defer func() { <-places }()
	case <-place.Done():
		return e.or(&result{code: outOfTime, answered: answeredLate})
	}
	// A run has its own time, whatever the scrape's: a sign-in that is cut may
	// have been a rejection, and would be tried again.
	ctx, cancel := context.WithTimeout(x.life, x.o.Limit)
	defer cancel()
	if e.Account == "" {
		return x.run(ctx, e, Leave{})
	}
	stop := x.accounts.begin(e.Account, e.Key, e.Every)
	if r := e.kept(); stop.turn && r != nil && r.outcome != nil && !r.heldBack() {
		return r.waiting()
	}
	return x.run(ctx, e, Leave{Withheld: stop.why, turn: stop.turn, Refused: func(f Fingerprint) string { return x.accounts.refused(e.Account, f) }})
}

// run runs a target and keeps what it came to.
func (x *Exporter) run(ctx context.Context, e *entry, leave Leave) *result {
	x.own.running.Inc()
	defer x.own.running.Dec()
	o, err := protected(ctx, e, leave)
	var fault *panicError
	switch mayHave := e.Account != "" && leave.Withheld == ""; {
	case mayHave && errors.As(err, &fault):
		x.accounts.lost(e.Account, e.Every)
	case mayHave:
		x.accounts.end(e.Account, e.Every, o)
	}
	if err != nil {
		x.o.Log.Error("a run could not begin", "target", e.Key.Target, "module", e.Module, "error", err.Error())
		x.own.runs.WithLabelValues(resultNone).Inc()
		return e.keep(&result{code: notRun, answered: answeredError, due: time.Now().Add(min(e.Every, soon))})
	}
	x.own.runs.WithLabelValues(string(verdictOf(o.Document))).Inc()
	r := &result{outcome: o, answered: answeredRun, due: time.Now().Add(e.interval(o))}
	if r.waits = o.HeldBack && leave.turn; r.heldBack() {
		r.held = x.accounts.whyHeld(e.Account)
	}
	return e.keep(r)
}

// A panicError is a defect that ended a run. What was the matter may quote
// anything, and is not told; where it was is.
type panicError struct{ stack []byte }

func (e *panicError) Error() string {
	return "a fault of this program ended the run: " + string(e.stack)
}

// protected runs a target. A defect in one run ends no other.
func protected(ctx context.Context, e *entry, leave Leave) (o *Outcome, err error) {
	defer func() {
		if recover() != nil {
			o, err = nil, &panicError{debug.Stack()}
		}
	}()
	o, err = e.Run(ctx, leave)
	if err == nil && (o == nil || o.Document == nil) {
		err = errors.New("there is no report")
	}
	return o, err
}
