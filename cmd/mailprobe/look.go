package main

import (
	"fmt"
	"slices"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
)

// look hints at a password that looks wrong, before it is sent: a sign-in that
// can only fail counts at the server all the same. The report says it again
// where the password is not accepted.
func (a *app) look(secrets []shown, targets []target.Target) error {
	hints, err := oddities(secrets, targets)
	for _, hint := range hints {
		fmt.Fprintln(a.stderr, "mailprobe: hint: "+hint)
	}
	return err
}

// oddities say what is odd about the password of each target, each once.
func oddities(secrets []shown, targets []target.Target) (hints []string, err error) {
	for i, t := range targets {
		for _, s := range t.Settings {
			form := s.PasswordForm()
			if form == nil {
				form = &settings.Form{}
			}
			odd, err := secrets[i].credential.For(s.Host).Look(form.Pattern)
			if err != nil {
				return hints, err
			}
			for _, o := range odd {
				f := diagnose.OddPassword(o, t.Provider, &s)
				if hint := f.Says() + " " + f.Advises(); !slices.Contains(hints, hint) {
					hints = append(hints, hint)
				}
			}
		}
	}
	return hints, nil
}
