package main

import (
	"errors"
	"io"

	"mailprobe/internal/settings"
)

const formsWarning = "note: with --try-username-forms a refused sign-in is followed by a second one with the other form of the user name; " +
	"if the password is wrong, that is a second failed sign-in\n"

// checkForms refuses --try-username-forms where there is no other form.
func (f *runFlags) checkForms() error {
	switch {
	case !f.tryForms:
		return nil
	case f.username != "":
		return errors.New("--try-username-forms tries the forms of --user; leave --username out")
	}
	return nil
}

// otherForm returns what is sent as user name for a setting in a second
// sign-in; nil: there is none. It says beforehand what that costs.
func (f *runFlags) otherForm(stderr io.Writer) func(settings.Setting) string {
	local, _, isAddress := cutAddress(f.user)
	if !f.tryForms || !isAddress {
		return nil
	}
	io.WriteString(stderr, formsWarning)
	return func(s settings.Setting) string {
		if s.Username == settings.LocalPart {
			return f.user
		}
		return local
	}
}
