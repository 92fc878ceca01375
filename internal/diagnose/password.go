package diagnose

import (
	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

const passwordForm = "auth.password_form"

// passwordFindings tells what is odd about a password that no server has
// accepted here: a sign-in that can only fail counts there all the same.
func passwordFindings(r *probe.Result, c Context) []finding.Finding {
	switch r.Auth.Status {
	case probe.AuthRejected, probe.AuthUnknown, probe.AuthSkipped:
	default:
		return nil
	}
	var found []finding.Finding
	for _, o := range c.Odd {
		found = append(found, about(r, OddPassword(o, c.Provider, c.Setting)))
	}
	return found
}

// OddPassword says what is odd about a password and what to do, in words that
// hold before it is sent as well. p and s are whose it is and where it is to be
// sent; nil: not known.
func OddPassword(o auth.Oddity, p *settings.Provider, s *settings.Setting) finding.Finding {
	f := finding.Finding{Code: passwordForm, Phase: probe.SignIn, Args: finding.Args{"odd": string(o)},
		Message: "The password {odd}, which is sent as a part of it.",
		Remedy:  "Leave it out if it is none of the password."}
	switch o {
	case auth.BlankInside, auth.OtherForm:
		f.Args["provider"], f.Args["looks"] = "the provider", "of another form"
		if p != nil {
			f.Args["provider"] = p.Name
		}
		if s != nil && s.PasswordForm() != nil {
			f.Args["looks"] = s.PasswordForm().Looks
		}
	}
	switch o {
	case auth.BlankInside:
		f.Message, f.Remedy = "The password {odd}; app passwords of {provider} are {looks}.", "Leave the blanks out."
	case auth.OtherForm:
		delete(f.Args, "odd")
		f.Message = "This is no app password of {provider}, which are {looks}; other passwords are not taken in mail programs there."
		f.Remedy = "Create an app password in the account's settings, and use that."
	case auth.NotASCII:
		f.Message, f.Remedy = "The password {odd}; some servers do not take them, or in another encoding than UTF-8.", "If it is refused although it is right, choose one of letters, digits and signs that every keyboard has."
	}
	return f
}
