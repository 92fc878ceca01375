package main

import (
	"context"
	"errors"
	"strings"

	"mailprobe/internal/language"
	"mailprobe/internal/page"
	"mailprobe/internal/safe"
	"mailprobe/internal/target"
)

// leave asks before a password is shown where nothing shows that the account is
// the provider's, where the address is nearly one of a provider that is known, or
// where the password looks wrong.
func (d desk) leave(ctx context.Context, r page.Request, who signIn, s shown, t target.Target) error {
	if err := s.credential.Check(who.Owner()); err != nil {
		return &page.Problem{Field: page.Password, Text: err.Error()}
	}
	var doubts []string
	err := d.app.strangers(ctx, &d.flags, who, []target.Target{t}, func(e *target.StrangerError) error {
		doubts = append(doubts, doubt(r.Language, e))
		return nil
	})
	if err != nil {
		return err
	}
	if near := (target.Resolver{Catalogue: d.app.providers}).Mistyped(who.Address); t.Provider == nil && len(near) > 0 && len(doubts) == 0 {
		doubts = append(doubts, r.Language.Say("{address}: that is at no provider that is known.", "address", safe.Display(who.Address))+" "+meant(r.Language, near))
	}
	hints, err := oddities([]shown{s}, []target.Target{t})
	if err != nil {
		return err
	}
	for _, hint := range hints {
		doubts = append(doubts, r.Language.Told(hint))
	}
	if asked := strings.Join(doubts, " "); asked != "" && !r.Agreed(asked) {
		return &page.Question{Text: asked}
	}
	return nil
}

// doubt says why an account may be a stranger's, in words for who has no
// command line.
func doubt(l *language.Language, e *target.StrangerError) string {
	text := safe.Display(e.Address) + ": " + e.Why + "."
	switch {
	case e.Owner != nil:
		text += " " + l.Say("To verify its own provider, type {provider}.", "provider", e.Owner.ID)
	case len(e.Near) > 0:
		text += " " + meant(l, e.Near)
	}
	return text
}

func meant(l *language.Language, near []string) string {
	return l.Say("Did you mean {name}?", "name", safe.Display(strings.Join(near, ", ")))
}

// told says what is wrong where the form can say it.
func (d desk) told(ctx context.Context, r page.Request, err error) error {
	l := r.Language
	unknown, isUnknown := errors.AsType[*target.UnknownError](err)
	_, isAddress := errors.AsType[*target.AddressError](err)
	text := err.Error()
	switch {
	case d.flags.late(ctx):
		return errors.New(l.Say("The time for the run ({limit}) was over before it was known which servers there are.", "limit", d.flags.timeout))
	case !isUnknown && !isAddress && !strings.Contains(r.Target, "://"):
		return err
	case !isUnknown && !isAddress: // what is wrong with a URL
	case isUnknown && unknown.More != "" || isAddress: // in the words of a command line, which are all right here
	case len(unknown.Near) > 0:
		text = l.Say(`Nothing is known as "{name}". Did you mean {near}?`, "name", safe.Display(unknown.Text), "near", safe.Display(strings.Join(unknown.Near, ", ")))
	default:
		text = l.Say(`Nothing is known as "{name}". Type an address, a domain, or a server like imaps://imap.example.com.`, "name", safe.Display(unknown.Text))
	}
	return &page.Problem{Field: page.Target, Text: text}
}
