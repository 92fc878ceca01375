package probe

import (
	"context"
	"errors"
)

// SignIn decides whether and how this endpoint signs in, waits for its turn,
// and lets perform do it. perform fills in all of Auth but what SignIn knows
// itself. Where the server refuses a way as a command and has judged nothing,
// perform is called for the next.
func (s *Session) SignIn(ctx context.Context, perform func(context.Context, SignInPlan) Auth) error {
	plan, err := s.plan()
	if err != nil {
		return s.NoSignIn(err)
	}
	if plan.Proven, err = s.enter(ctx); err != nil {
		s.Result.Auth = skipped(err)
		s.Result.Auth.Mechanism = plan.Mechanism
		return err
	}
	// What stands here if perform panics: the gate must hear of it, too.
	s.Result.Auth = Auth{Status: AuthUnknown, Mechanism: plan.Mechanism, Reason: "a fault of this program", Sent: true}
	defer s.leave()
	a := s.tryWays(ctx, plan, perform)
	a.Username, a.Sent = plan.Attempt.Username, s.Result.SecretSent
	s.scrubAuth(&a)
	s.Result.Auth = a
	return a.failure()
}

// tryWays signs in by the ways of the plan until one is not refused as a
// command: each once, and a mechanism whose first message the server does not
// take on the command's line once more without.
func (s *Session) tryWays(ctx context.Context, plan SignInPlan, perform func(context.Context, SignInPlan) Auth) Auth {
	var refused []RefusedWay
	for {
		a := perform(ctx, plan)
		a.Mechanism = plan.Mechanism
		if !s.wayRefused(a) {
			a.Refused = refused
			return a
		}
		refused = append(refused, RefusedWay{plan.Mechanism, a.initial, a.Sent, a.Reply})
		plan.Again = true
		s.hearBehind()
		switch {
		case !s.inStep.Load(), !a.initial && len(plan.Further) == 0:
			return noWayLeft(a, refused)
		case a.initial:
			plan.LaterIR = true
		default:
			plan.Mechanism, plan.Further, plan.LaterIR = plan.Further[0], plan.Further[1:], false
			plan.Attempt.Mechanism = plan.Mechanism
		}
	}
}

// noWayLeft is the outcome where the server refused every way as a command.
func noWayLeft(last Auth, refused []RefusedWay) Auth {
	last.Status, last.Refused = AuthUnknown, refused
	last.Cause = &ProtocolError{Fault: NoWayLeft}
	last.Reason = "the server refuses every way to sign in as a command and has judged no credential"
	return last
}

// wayRefused reports whether a server has refused the way to sign in alone.
func (s *Session) wayRefused(a Auth) bool {
	var ignored *ignoredIR
	switch {
	case errors.As(a.Cause, &ignored):
		return !ignored.judged
	case a.Reply == nil || a.Status == AuthAccepted:
		return false
	case s.opt.Unjudged != nil:
		return s.opt.Unjudged(s.Endpoint(), a)
	}
	return !a.Begun && !a.Reply.Temporary() && !a.Reply.Ends()
}

func (s *Session) leave() {
	if s.opt.Gate != nil {
		s.opt.Gate.Leave(s.Endpoint(), s.Result.Auth)
	}
}

// NoSignIn records why this endpoint does not sign in.
func (s *Session) NoSignIn(err error) error {
	s.Result.Auth = skipped(err)
	if !s.opt.SignInAsked() {
		s.Result.Auth.Status = AuthNotTested
	}
	return err
}

// enter waits at the gate. The wait is not this server's doing, so it does
// not count as the phase's time, and the phase's clock starts after it.
func (s *Session) enter(ctx context.Context) (proven bool, err error) {
	if s.opt.Gate == nil {
		return false, nil
	}
	started := s.now()
	proven, err = s.opt.Gate.Enter(ctx, s.Endpoint())
	s.waited += s.now().Sub(started)
	s.begin(SignIn)
	return proven, err
}
