// Package bulk verifies a list of any length, without signing in: its targets
// are read one by one, verified side by side within limits for each server and
// operator, and handed on as they are finished. What it keeps does not grow
// with the list.
package bulk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/target"
	"mailprobe/internal/verify"
)

// Options say how a list is verified.
type Options struct {
	Resolver target.Resolver // what a text means; its Domains and MX are asked only where the catalogue knows nothing
	Like     verify.Plan     // how each target is run; it holds no credential
	Limits   Limits
	Shard    Shard
	Held     *Held         // what was verified before; nil: nothing
	Each     time.Duration // the limit for one endpoint, without its wait for a turn; 0: none
	Version  string        // of mailprobe
	Count    *Count        // what becomes of it, also to be looked at meanwhile; nil: nobody looks
}

// Run verifies the targets of a list and hands the document of each to done,
// one at a time, in order of completion. It returns when all are done or ctx
// has ended; what was under way then is not handed on. The error is that of the
// list's reader or of done, which end the run.
func Run(ctx context.Context, o Options, input io.Reader, done func(*document.Document) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := newRun(o, func(d *document.Document) error {
		err := done(d)
		if err != nil {
			cancel(&outputError{err})
		}
		return err
	})
	err := r.read(ctx, input)
	r.crew.end()
	if failed, ok := errors.AsType[*outputError](context.Cause(ctx)); ok {
		return failed.err
	}
	return err
}

type outputError struct{ err error }

func (e *outputError) Error() string { return e.err.Error() }

// A run is a list that is being verified.
type run struct {
	Options
	offline target.Resolver // asks nobody
	gate    *gate
	once    *once
	crew    *crew         // holds the dialogues
	front   chan struct{} // a place for each target at the front; see standing
	all     chan struct{} // a place for each target under way

	mu    sync.Mutex // one result at a time
	done  func(*document.Document) error
	index int // of the next target
}

func newRun(o Options, done func(*document.Document) error) *run {
	if o.Count == nil {
		o.Count = new(Count)
	}
	r := &run{Options: o, done: done, once: newOnce(), crew: newCrew(), front: make(chan struct{}, o.Limits.jobs()), all: make(chan struct{}, o.Limits.jobs()+ahead)}
	r.offline = target.Resolver{Catalogue: o.Resolver.Catalogue}
	names := newNames(o.Like.Options.Resolver)
	r.gate = newGate(o.Limits, names, o.Like.Options.Dialer)
	r.Like.Options.Resolver, r.Like.Options.Dialer = names, r.gate
	r.Like.NoControl, r.Like.NoAlternatives, r.Like.Patient = true, true, true
	return r
}

// read takes targets from the list as long as there is room for them.
func (r *run) read(ctx context.Context, input io.Reader) error {
	in := newLines(input)
	for ctx.Err() == nil {
		l, err := in.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read the list, behind its line %d: %w", in.number, err)
		}
		for _, w := range r.meant(ctx, l) {
			if err := r.begin(ctx, w); err != nil {
				return nil // the run is over
			}
		}
	}
	return nil
}

// begin verifies a target beside the others, unless it is another shard's or was
// verified before. The error is that of ctx.
func (r *run) begin(ctx context.Context, w wanted) error {
	w.index = r.index
	r.index++
	if !r.Shard.Holds(w.operator()) {
		r.Count.Elsewhere.Add(1)
		return nil
	}
	r.Count.Targets.Add(1)
	if w.err != nil {
		r.Count.Unread.Add(1)
	}
	if verdict, ok := r.Held.take(w.name()); ok {
		r.Count.Held.Add(1)
		r.Count.tally(verdict)
		return nil
	}
	var err error
	if w.standing, err = r.stand(ctx); err != nil {
		r.Count.Left.Add(1)
		return err
	}
	r.crew.begin(func() {
		defer w.standing.end()
		r.finish(ctx, w, r.verify(ctx, w))
	})
	return nil
}

// stand waits until one more target may be under way. The error is that of ctx.
func (r *run) stand(ctx context.Context) (*standing, error) {
	for i, places := range []chan struct{}{r.all, r.front} {
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			if i > 0 {
				<-r.all
			}
			return nil, ctx.Err()
		}
	}
	return &standing{front: r.front, all: r.all}, nil
}

// finish hands a report on; nil: the run ended before there was one.
func (r *run) finish(ctx context.Context, w wanted, report *verify.Report) {
	if report == nil {
		r.Count.Left.Add(1)
		return
	}
	d := document.Of(report, r.Version)
	d.Index = w.index
	d.Listed = &document.Listed{InputLine: w.line.number, InputResolve: document.Texts(w.line.resolve), InputResults: max(1, len(d.Endpoints))}
	verdict := d.Verdict
	d.Endpoints = r.Held.missing(w.name(), d.Endpoints)
	r.mu.Lock()
	defer r.mu.Unlock()
	if ctx.Err() != nil {
		r.Count.Left.Add(1)
		return
	}
	if err := r.done(d); err != nil {
		r.Count.Left.Add(1)
		return
	}
	if nameless(report) {
		r.Count.Nameless.Add(1)
	}
	r.Count.Done.Add(1)
	r.Count.tally(verdict)
}
