package main

import (
	"context"
	"errors"
	"fmt"

	"mailprobe/internal/auth"
	"mailprobe/internal/auth/source"
	"mailprobe/internal/target"
)

// confirm wants leave to show a secret where nothing shows that the account is
// one of a target's provider: by --yes, or from who sits at the terminal.
// Without leave it is an error, and nothing is dialled.
func (a *app) confirm(ctx context.Context, f *runFlags, who signIn, targets []target.Target) error {
	kind := f.sources(a).GivenKind()
	if !who.asked || f.secrets.yes || f.oauth.never || kind == "" && f.certificate.file != "" {
		return nil
	}
	return a.strangers(ctx, f, who, targets, func(e *target.StrangerError) error {
		if e.Owner == nil && kind == auth.Token { // it opens no other account than that for which it was issued
			return nil
		}
		return a.ask(ctx, f, e)
	})
}

// strangers asks for leave, for each target, where nothing shows that the
// account is one of its provider's. What was the user's own choice is told.
func (a *app) strangers(ctx context.Context, f *runFlags, who signIn, targets []target.Target, ask func(*target.StrangerError) error) error {
	r, err := f.resolver(a)
	if err != nil {
		return err
	}
	limited, cancel := f.within(ctx)
	defer cancel()
	for _, t := range targets {
		stranger, doubtful := errors.AsType[*target.StrangerError](r.Belongs(limited, t, who.Account))
		switch {
		case !doubtful:
		case stranger.Chosen:
			fmt.Fprintf(a.stderr, "mailprobe: note: %v (it is signed in to because you name the server)\n", stranger)
		default:
			if err := ask(stranger); err != nil {
				return err
			}
		}
	}
	return nil
}

// ask asks whether to sign in all the same.
func (a *app) ask(ctx context.Context, f *runFlags, stranger *target.StrangerError) error {
	defer f.stopClock()() // whoever answers takes the time that it takes
	yes, err := f.sources(a).Confirm(ctx, stranger.Error()+"\nSign in all the same?")
	switch {
	case yes:
		return nil
	case ctx.Err() != nil:
		return interrupted()
	case errors.Is(err, source.ErrNobody):
		return fmt.Errorf("%w; correct --user or the target, or add --yes", stranger)
	}
	return errors.New("nothing was dialled")
}

func interrupted() error {
	return &statusError{status: exitInterrupted, err: errors.New("interrupted")}
}
