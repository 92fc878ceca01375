package probe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"mailprobe/internal/bounded"
)

// A Phase is one thing to do. Run returns nil, a *SkipError, or the reason
// for which the dialogue cannot go on.
type Phase struct {
	Name string
	Run  func(context.Context) error
}

// Run works through the phases in order and returns the Result. After a
// failure the rest is skipped, except Quit, which takes leave of a server
// that is still in step. A panic in a phase is a failure of that phase: one
// endpoint never ends the run of the others.
func (s *Session) Run(ctx context.Context, phases []Phase) *Result {
	stop := context.AfterFunc(ctx, s.abort)
	defer stop()
	s.ends, _ = ctx.Deadline()
	if s.opt.Enough != nil {
		s.opt.Enough(s.giveUp)
	}
	s.Result.Steps = make([]Step, 0, len(phases))
	failed, enough := "", false
	for _, p := range phases {
		step := Step{Phase: p.Name, Status: Skipped}
		switch leave := p.Name == Quit && s.inStep.Load(); {
		case failed != "" && !leave:
			step.Note = failed + " failed"
		case enough && !leave:
			step.Note = "not asked for"
		case ctx.Err() == nil:
			step = s.run(ctx, p)
		case p.Name == Quit:
			step.Note = "the run was over"
		default:
			step.Status, step.Err = Failed, &endedError{ctx.Err(), context.Cause(ctx), errNotBegun}
		}
		enough = enough || p.Name == s.opt.Until
		if step.Status == Failed && failed == "" {
			failed = p.Name
		}
		s.record(step)
	}
	s.finish()
	return s.Result
}

// run performs one phase under its own deadline.
func (s *Session) run(ctx context.Context, p Phase) (step Step) {
	step = Step{Phase: p.Name, Status: OK}
	started := s.now()
	s.waited, s.note = 0, ""
	defer func() {
		if defect := recover(); defect != nil {
			s.inStep.Store(false)
			step.Status, step.Err = Failed, &ProtocolError{Fault: InternalDefect, Detail: fmt.Sprint(defect)}
		}
		step.Took, step.Limit = s.now().Sub(started)-s.waited, s.limit
		if s.hurried.Load() {
			step.Limit = min(step.Limit, step.Took)
		}
	}()
	s.begin(p.Name)
	err := p.Run(ctx)
	step.Note = s.note
	if err == nil {
		return step
	}
	s.scrubError(err)
	var skip *SkipError
	switch {
	case errors.As(err, &skip):
		step.Status, step.Note = Skipped, skip.Reason
	case ctx.Err() != nil:
		step.Status, step.Err = Failed, &endedError{ctx.Err(), context.Cause(ctx), err}
	default:
		step.Status, step.Err = Failed, err
	}
	return step
}

// An endedError says that the run was over before the phase was. It is
// context.Canceled if somebody ended it, whatever the cause calls itself.
type endedError struct{ how, cause, err error }

func (e *endedError) Error() string   { return fmt.Sprintf("%v (%v)", e.cause, e.err) }
func (e *endedError) Unwrap() []error { return []error{e.how, e.cause, e.err} }

// CutShort reports whether a phase failed because the whole run was over,
// interrupted or out of time: that says nothing about the server.
func CutShort(err error) bool {
	var ended *endedError
	return errors.As(err, &ended)
}

var errNotBegun = errors.New("not begun")

// NotBegun reports whether a phase failed because the whole run was over
// before the phase began.
func NotBegun(err error) bool { return errors.Is(err, errNotBegun) }

func (s *Session) record(step Step) {
	s.Result.Steps = append(s.Result.Steps, step)
	if s.opt.Progress != nil {
		s.opt.Progress(s.Result.Endpoint, step)
	}
}

// begin gives the phase its deadline, or gives it anew. The connection, if
// there is one, is bounded by it whatever a library does.
func (s *Session) begin(phase string) {
	s.phase, s.limit = phase, s.share(s.opt.Timeouts.of(phase))
	s.deadline = time.Now().Add(s.limit)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hearing = ""; slices.Contains([]string{TLS, Greeting, StartTLS, Capabilities}, phase) {
		s.hearing = phase
	}
	if s.guard != nil {
		s.guard.begin(s.deadline)
	}
}

// giveUp ends the wait for the server in this phase, if that is where the
// dialogue is.
func (s *Session) giveUp(phase string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.guard != nil && s.hearing != "" && s.hearing == phase {
		s.hurried.Store(true)
		s.guard.begin(time.Now())
	}
}

// share is limit, or two thirds of what is left of the whole run.
func (s *Session) share(limit time.Duration) time.Duration {
	if s.ends.IsZero() {
		return limit
	}
	return min(limit, time.Until(s.ends)*2/3)
}

// Note says something about the phase that runs.
func (s *Session) Note(text string) { s.note = text }

// overtime is how long a library may take to notice that the phase's time is
// up: the guard tells it, and its own way to end is the better one.
const overtime = 250 * time.Millisecond

// Do runs a library call that may hang beyond every deadline. When ctx ends
// or the phase's time is up, the connection is closed and Do returns without
// it: a goroutine that a library never lets go is all that is left behind.
func (s *Session) Do(ctx context.Context, call func() error) error {
	limit := max(time.Until(s.deadline.Add(overtime)), 1) // zero would be none
	err, ended := bounded.Call(ctx, limit, func() (error, error) { return call(), nil })
	if ended == nil {
		return err
	}
	s.abort()
	if errors.Is(ended, context.DeadlineExceeded) {
		return &ProtocolError{Fault: Silent, Err: ended}
	}
	return ended
}
