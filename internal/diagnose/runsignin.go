package diagnose

import (
	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// acceptedAt returns the first endpoint that has accepted the credential of
// the run; nil: none has.
func acceptedAt(cases []Case) *probe.Result {
	for _, k := range cases {
		if k.Result.Auth.Status == probe.AuthAccepted {
			return k.Result
		}
	}
	return nil
}

// isRejection reports whether a finding calls the credential of a case wrong,
// for want of better knowledge.
func (k Case) isRejection(f finding.Finding) bool {
	return k.Result.Auth.Status == probe.AuthRejected && (f.Code == authRejected || f.Code == tokenRejected)
}

// acceptedElsewhere says why a credential that another endpoint accepts is refused
// at this one: it is not mistyped.
func acceptedElsewhere(k Case, f finding.Finding, accepted *probe.Result, c Context) finding.Finding {
	r := k.Result
	refused := finding.Finding{Code: "auth.refused_here", Phase: f.Phase, Subject: f.Subject, HelpURL: f.HelpURL,
		Args:     finding.Args{"credential": noun(c.Kind), "other": accepted.Endpoint.Address()},
		Message:  "{server} refuses the {credential} that {other} accepts: it is not mistyped.",
		Remedy:   "Look in the account's settings whether {service} is switched on for mail programs, and whether it wants another kind of password.",
		Evidence: f.Evidence}
	refused.Args["service"] = serviceWords[r.Endpoint.Protocol]
	switch {
	case DocumentedRefusal(k.Setting, c.Kind) != "" && c.Kind == auth.Password:
		refused.Code = "auth.basic_disabled"
		refused.Message = "{server} refuses the password that {other} accepts, as the provider documents: it takes none there."
		refused.Remedy = "Set the account up again in a mail program that signs in with OAuth2 (a browser window of the provider opens)."
		refused.Evidence = append(documentsRefusal(k.Setting, c.Kind), f.Evidence...)
		refused.Args = finding.Args{"other": accepted.Endpoint.Address()}
	case c.Kind == auth.Token:
		refused.Message = "{server} refuses the {credential} that {other} accepts: it has not run out, and is not mistyped."
		refused.Remedy = "Look in the account's settings, or ask the administrator, whether {service} is switched on for the account; and whether the token allows it (mailprobe token)."
	case r.Auth.Username != accepted.Auth.Username:
		refused.Args["user"], refused.Args["other_user"] = r.Auth.Username, accepted.Auth.Username
		refused.Message = "{server} refuses the {credential} for the user name {user}, and {other} accepts it for {other_user}: it is not mistyped."
		refused.Remedy = finding.Sentence("Try {other_user} as user name here, too (--try-username-forms).").Then(refused.Remedy)
	}
	return weighed(refused)
}

var serviceWords = map[settings.Protocol]string{
	settings.IMAP: "IMAP",
	settings.POP3: "POP",
	settings.SMTP: "sending with sign-in (SMTP AUTH)",
}
