package main

import (
	"fmt"
	"slices"

	"mailprobe/internal/auth"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
)

// look hints at a password that looks wrong, before it is sent: a sign-in that
// can only fail counts at the server all the same.
func (a *app) look(secrets []shown, targets []target.Target) error {
	var said []string
	for i, t := range targets {
		for _, s := range t.Settings {
			form := s.PasswordForm()
			if form == nil {
				form = &settings.Form{}
			}
			odd, err := secrets[i].credential.For(s.Host).Look(form.Pattern)
			if err != nil {
				return err
			}
			for _, o := range odd {
				if hint := hintOf(o, t, form); !slices.Contains(said, hint) {
					said = append(said, hint)
					fmt.Fprintln(a.stderr, "mailprobe: hint: "+hint)
				}
			}
		}
	}
	return nil
}

// hintOf says what is odd about a password and what to do.
func hintOf(o auth.Oddity, t target.Target, form *settings.Form) string {
	switch {
	case o == auth.BlankInside:
		return fmt.Sprintf("the password %s; leave them out: app passwords of %s are %s", o, t.Provider.Name, form.Looks)
	case o == auth.OtherForm:
		return fmt.Sprintf("this is no app password of %s, which are %s; other passwords are not taken in mail programs there", t.Provider.Name, form.Looks)
	case o == auth.NotASCII:
		return fmt.Sprintf("the password %s; some servers do not take them, or in another encoding than UTF-8", o)
	}
	return fmt.Sprintf("the password %s, which is sent as a part of it; leave it out if it is none", o)
}
