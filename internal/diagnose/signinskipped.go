package diagnose

import (
	"cmp"
	"errors"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// notShown says why a credential that was given was not sent here.
func notShown(r *probe.Result, c Context) []finding.Finding {
	step := r.Step(probe.SignIn)
	var none *auth.MechanismError
	switch {
	case withheld(r):
		return nil // tokenFindings speaks of it
	case errors.As(step.Err, &none):
		return []finding.Finding{noMechanism(r, none)}
	case step.Status == probe.Failed:
		return nil
	case r.TLS != nil && !permitted(r):
		return []finding.Finding{about(r, finding.Finding{Code: "auth.skipped_unverified_tls", Phase: probe.SignIn, Args: finding.Args{"secret": cmp.Or(noun(c.Kind), noun(auth.Password))},
			Message: "Signing in was not tested at {server}: the {secret} is sent only to a server that has proved who it is."})}
	case r.Auth.Open && c.isDocumentedRefusal(r.Auth.Reason):
		return []finding.Finding{notSentAsDocumented(r, *c.Setting, c.Kind)}
	case r.Auth.Open:
		return []finding.Finding{about(r, finding.Finding{Code: "auth.skipped_canary", Phase: probe.SignIn,
			Message: "Signing in was not tested at {server}: {reason}.", Args: finding.Args{"reason": r.Auth.Reason}})}
	}
	return nil
}

func permitted(r *probe.Result) bool {
	_, ok := r.TLS.Permit()
	return ok
}

func noMechanism(r *probe.Result, e *auth.MechanismError) finding.Finding {
	f := finding.Finding{Code: "auth.mechanism_missing", Phase: probe.SignIn, Args: finding.Args{"reason": e.Error()},
		Message:  "{server} offers no way to sign in that fits: {reason}.",
		Remedy:   "Choose another way to sign in (--auth), or ask the provider which one it wants.",
		Evidence: finding.Saw("offered: " + strings.Join(e.Offered, " "))}
	switch e.Reason {
	case auth.OAuthOnly:
		f.Code, f.Args = "auth.oauth_only", nil
		f.Message = "{server} takes no passwords any more: it offers only OAuth2, where the user signs in with the browser."
		f.Remedy = "Use a mail program that signs in with OAuth2, and set the sign-in method of the account to OAuth2."
	case auth.DomainOnly:
		f.Code, f.Args = domainOnly, finding.Args{"mechanisms": strings.Join(e.Offered, ", ")}
		f.Message = "{server} offers only {mechanisms}: a sign-in with the account of a Windows domain or a Kerberos realm, which this program cannot do. Nothing was tested."
		f.Remedy = "Use a mail program that can do that, on a computer that belongs to the organisation, or ask the administrator for another way to sign in."
	case auth.WrongKind, auth.NotKnown, auth.NoBinding:
		f.Severity, f.Blame = finding.Warning, finding.Tool // this program cannot do what the server wants
	default:
		if e.Want == "" {
			f.Blame = finding.Provider // the user chose nothing that could be wrong
		}
	}
	return about(r, f)
}
