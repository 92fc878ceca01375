package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"mailprobe/internal/settings"
)

// A Dialogue is what one protocol says in each phase. All protocols have the
// same phases in the same order.
type Dialogue struct {
	Session      *Session
	Greeting     func(context.Context) error
	Consent      func() error // leads to where the server has agreed to TLS and the ClientHello is due
	Capabilities func(context.Context) error
	Mechanism    MechanismStart
	SignIn       func(context.Context) error
	Access       func(context.Context) error // behind a sign-in that was accepted
	Quit         func(context.Context) error

	unspoken error // nobody here speaks the protocol: the greeting fails, and nothing is looked up
}

// Unspoken stands for a dialogue in a protocol that nobody here speaks.
func Unspoken(e settings.Endpoint, opt Options) *Dialogue {
	return &Dialogue{Session: NewSession(e, opt), unspoken: &ProtocolError{Fault: InternalDefect, Detail: fmt.Sprintf("unknown protocol %q", e.Protocol)}}
}

func (d *Dialogue) phases() []Phase {
	s := d.Session
	if d.unspoken != nil {
		return []Phase{{Greeting, func(context.Context) error { return d.unspoken }}}
	}
	return []Phase{
		{Resolve, s.Resolve},
		{Connect, s.Connect},
		{TLS, s.implicitTLS},
		{Greeting, d.Greeting},
		{StartTLS, func(ctx context.Context) error { return s.startTLS(ctx, d.Consent) }},
		{Capabilities, d.Capabilities},
		{Mechanism, func(context.Context) error { return s.checkMechanism(d.Mechanism) }},
		{SignIn, d.SignIn},
		{Access, d.signedIn},
		{Quit, d.Quit},
	}
}

// signedIn goes on to the mailbox where the sign-in was accepted.
func (d *Dialogue) signedIn(ctx context.Context) error {
	if d.Session.Result.Auth.Status != AuthAccepted {
		return Skip("not signed in")
	}
	return d.Access(ctx)
}

// without returns the phases but for those of these names.
func (d *Dialogue) without(names ...string) []Phase {
	return slices.DeleteFunc(d.phases(), func(p Phase) bool { return slices.Contains(names, p.Name) })
}

// Probe checks the endpoint.
func (d *Dialogue) Probe(ctx context.Context) *Result {
	return d.Session.Run(ctx, d.without(Mechanism))
}

// CheckMechanism finds out without a credential whether the server really has
// the mechanism of the Options. The Result tells by Checked and Transcript.
func (d *Dialogue) CheckMechanism(ctx context.Context) *Result {
	d.Session.opt = d.Session.opt.WithoutCredential()
	return d.Session.Run(ctx, d.without(SignIn, Access))
}

// Open leads the dialogue up to where TLS begins, all within the time of one
// phase, so that the server can be asked about its TLS alone. What it returns
// is the bare connection; the caller owns it.
func (d *Dialogue) Open(ctx context.Context) (net.Conn, error) {
	s := d.Session
	stop := context.AfterFunc(ctx, s.abort)
	defer stop()
	s.begin(TLS)
	err := d.upToTLS(ctx)
	if s.race != nil {
		s.race.forget()
	}
	if err != nil {
		s.abort()
		return nil, err
	}
	s.guard.begin(time.Time{}) // the guard takes no deadline of zero for none
	return s.guard, nil
}

// upToTLS runs the phases before that in which TLS begins, and of that one
// what comes before the ClientHello.
func (d *Dialogue) upToTLS(ctx context.Context) error {
	begins, consent := TLS, func() error { return nil }
	if d.Session.Endpoint().Security == settings.StartTLS {
		begins, consent = StartTLS, d.Consent
	}
	for _, p := range d.phases() {
		if p.Name == begins {
			break
		}
		var skip *SkipError
		if err := p.Run(ctx); err != nil && !errors.As(err, &skip) {
			return err
		}
	}
	if err := consent(); err != nil {
		return err
	}
	return d.Session.nothingInjected()
}
