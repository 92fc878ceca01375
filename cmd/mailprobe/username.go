package main

import (
	"fmt"
	"io"

	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
)

// A signIn is whom a command line signs in as.
type signIn struct {
	target.Account
	asked bool // the user named the account; otherwise it is the address that is the target
}

// signIn is whom the flags name, or the address that is the only target.
func (f *runFlags) signIn(targets []target.Target) signIn {
	who := signIn{target.Account{Address: f.user, Name: f.username}, f.user != "" || f.username != ""}
	if f.user == "" && len(targets) == 1 {
		who.Address = targets[0].User
	}
	return who
}

// checkUser refuses what cannot be whom to sign in as.
func (f *runFlags) checkUser() error {
	switch {
	case f.user != "" && target.Bare(f.user) != f.user:
		return checkAddress(f.user)
	case f.user != "" && f.username == "":
		if err := checkAddress(f.user); err != nil {
			return fmt.Errorf("%w, or give a bare or unusual name with --username", err)
		}
	case f.tryForms && f.username != "":
		return fmt.Errorf("--try-username-forms tries the forms of --user; leave --username out")
	}
	return nil
}

// checkAddress refuses a --user that is no mail address.
func checkAddress(user string) error {
	local, domain, _ := target.Cut(user)
	switch {
	case target.Bare(user) != user:
		return fmt.Errorf(`--user "%s" is more than a mail address; write it like %s`, safe.Display(user), safe.Display(target.Bare(user)))
	case local == "" || domain == "":
		return fmt.Errorf(`--user "%s" is not a mail address; write it like me@example.com`, safe.Display(user))
	case !target.Plain(user):
		return fmt.Errorf(`--user "%s" is no address that an account can have; write it like me@example.com`, safe.Display(user))
	}
	return nil
}

const formsWarning = "note: with --try-username-forms a refused sign-in is followed by a second one with the other form of the user name; " +
	"if the password is wrong, that is a second failed sign-in\n"

// otherForm returns what is sent as user name for a setting in a second
// sign-in; nil: there is none. It says beforehand what that costs.
func (f *runFlags) otherForm(who signIn, stderr io.Writer) func(settings.Setting) string {
	if _, _, isAddress := target.Cut(who.Address); !f.tryForms || !isAddress {
		return nil
	}
	io.WriteString(stderr, formsWarning)
	return who.OtherForm
}
