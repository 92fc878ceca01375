package probe

import (
	"context"
	"errors"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// A SignInPlan is one sign-in, decided: by which mechanism, as whom, and with
// whose leave.
type SignInPlan struct {
	Mechanism  string   // a SASL name, or the name of the native command
	LaterIR    bool     // the mechanism's first message waits for the server's challenge
	Again      bool     // the server has refused a way on this connection
	Proven     bool     // another service has accepted the credential
	Further    []string // where the server refuses Mechanism as a command: what may follow, in order
	Credential *auth.Credential
	Attempt    auth.Attempt
	Permit     tlscheck.Permit
}

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

// cancelled reports whether a reply agrees that a sign-in was called off: 501
// (RFC 4954 §4), BAD (RFC 9051 §6.2.2), or -ERR without a code that speaks of
// the credential (RFC 3206 §4). Any other may judge what was sent before.
func (r *Reply) cancelled() bool {
	switch {
	case strings.HasPrefix(r.Status, "50"), r.Status == "BAD":
		return true
	case r.Status == "-ERR":
		return !strings.EqualFold(r.Code, "AUTH")
	}
	return false
}

func (s *Session) leave() {
	if s.opt.Gate != nil {
		s.opt.Gate.Leave(s.Endpoint(), s.Result.Auth)
	}
}

// plan chooses the mechanism and obtains the permit. Its error is a Skip, or
// says that no mechanism serves.
func (s *Session) plan() (SignInPlan, error) {
	c := s.opt.Credential
	switch {
	case strings.EqualFold(s.opt.Mechanism, "none"):
		return SignInPlan{}, Skip("switched off by --auth none")
	case c == nil && s.opt.Missing != "":
		return SignInPlan{}, Unanswered(s.opt.Missing)
	case c == nil:
		return SignInPlan{}, Skip("no credential was given")
	}
	if err := s.preflight(c); err != nil {
		return SignInPlan{}, err
	}
	permit, ok := s.Result.TLS.Permit()
	switch {
	case s.Endpoint().Security == settings.Plain || !s.secure:
		return SignInPlan{}, Unanswered("no credential is sent without encryption")
	case !ok:
		return SignInPlan{}, Unanswered("no credential is sent to a server whose certificate is not verified")
	}
	e, binding := s.Endpoint(), s.binding()
	ways, err := auth.Offer{
		Want: s.opt.Mechanism, Kind: c.Kind, Offered: s.Result.Mechanisms, Native: s.Result.NativeLogin,
		Preferred: s.opt.Preferred, Encrypted: s.opt.Encrypted, Binding: len(binding.Data) > 0, Commands: s.commands,
	}.Ways()
	if err != nil {
		return SignInPlan{}, err
	}
	return SignInPlan{
		Mechanism: ways[0], Further: ways[1:], Credential: c, Permit: permit,
		Attempt: auth.Attempt{Mechanism: ways[0], Username: s.opt.Username, Host: e.Host, Port: e.Port, Binding: binding, Scrubber: s.scrubber},
	}, nil
}

// binding returns the channel-binding data of this TLS session (RFC 9266 for
// TLS 1.3, RFC 5929 before it).
func (s *Session) binding() auth.Binding {
	t := s.Result.TLS
	if key := t.Exporter(); len(key) > 0 {
		return auth.Binding{Type: "tls-exporter", Data: key}
	}
	if len(t.Unique) > 0 {
		return auth.Binding{Type: "tls-unique", Data: t.Unique}
	}
	return auth.Binding{}
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

// preflight reads what an access token shows of itself. What is none, or has
// expired, is not sent: the server could only refuse it, and would count that.
func (s *Session) preflight(c *auth.Credential) error {
	r, isToken := c.Reading()
	if !isToken {
		return nil
	}
	s.Result.Token = &r
	switch {
	case !r.Usable():
		return Unanswered("what was given is no access token")
	case r.Claims != nil && !r.Claims.Expires.IsZero() && !s.Result.Started.Before(r.Claims.Expires):
		return Unanswered("the access token has expired")
	}
	return nil
}
