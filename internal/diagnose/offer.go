package diagnose

import (
	"cmp"
	"slices"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// offerFindings judges what a server announces once the connection is in its
// final state.
func offerFindings(r *probe.Result, _ Context) []finding.Finding {
	if r.Step(probe.Capabilities).Status != probe.OK {
		return nil
	}
	var all []finding.Finding
	switch r.Endpoint.Protocol {
	case settings.IMAP:
		all = imapOffer(r)
	case settings.POP3:
		all = pop3Offer(r)
	case settings.SMTP:
		all = smtpOffer(r)
	}
	all = append(all, emptyOffer(r)...)
	return append(all, clearPasswords(r)...)
}

func imapOffer(r *probe.Result) []finding.Finding {
	var all []finding.Finding
	if !announces(r.Capabilities, "IMAP4rev1") && !announces(r.Capabilities, "IMAP4rev2") {
		all = append(all, about(r, finding.Finding{Code: "imap.no_imap4", Phase: probe.Capabilities,
			Message:  "{server} announces neither of the two versions of IMAP that mail programs speak.",
			Remedy:   "The provider must look into the server.",
			Evidence: finding.Saw(strings.Join(r.Capabilities, " "))}))
	}
	if nothingOffered(r) {
		all = append(all, about(r, finding.Finding{Code: "imap.logindisabled_under_tls", Phase: probe.Capabilities,
			Message:  "{server} offers no way to sign in although the connection is encrypted.",
			Remedy:   "The provider must look into the server.",
			Evidence: finding.Saw(strings.Join(r.Capabilities, " "))}))
	}
	return append(all, oauthOnly(r)...)
}

func pop3Offer(r *probe.Result) []finding.Finding {
	if len(r.Capabilities) == 0 {
		return []finding.Finding{about(r, finding.Finding{Code: "pop3.no_capa", Phase: probe.Capabilities,
			Message: "{server} does not tell what it can do (no CAPA); mail programs then use the oldest way to sign in."})}
	}
	var all []finding.Finding
	if !announces(r.Capabilities, "UIDL") && !announces(r.SignedInCaps, "UIDL") {
		all = append(all, noUIDL(r))
	}
	if nothingOffered(r) {
		all = append(all, about(r, finding.Finding{Code: "pop3.no_login", Phase: probe.Capabilities,
			Message:  "{server} offers no way to sign in although the connection is encrypted.",
			Remedy:   "The provider must look into the server.",
			Evidence: finding.Saw(strings.Join(r.Capabilities, ", "))}))
	}
	return append(all, oauthOnly(r)...)
}

// noUIDL judges what a server leaves out. Some announce it only to those who
// have signed in, so before that it is no more than a fact.
func noUIDL(r *probe.Result) finding.Finding {
	f := finding.Finding{Code: "pop3.no_uidl", Phase: probe.Capabilities,
		Message: "{server} gives messages no lasting names (no UIDL). A mail program that leaves mail on the server fetches everything again each time.",
		Remedy:  "Use IMAP here, or ask the provider to switch UIDL on."}
	if r.SignedInCaps == nil {
		f.Severity = finding.Info
		f.Message = "{server} does not announce lasting names for messages (UIDL) before the sign-in. Whether it does so after that was not tested."
		f.Remedy = ""
	}
	return about(r, f)
}

// nothingOffered reports whether a server takes sign-ins by nothing at all, and
// does not say either that it takes some.
func nothingOffered(r *probe.Result) bool {
	return r.NativeLogin == "" && len(r.Mechanisms) == 0 && r.Endpoint.Security != settings.Plain && emptyList(r) == ""
}

// emptyList returns the line by which a server announces that it takes sign-ins
// and names no way; empty: there is none.
func emptyList(r *probe.Result) string {
	for _, c := range r.Capabilities {
		word := strings.ToUpper(c)
		if word == "AUTH=" || word == "AUTH" && r.Endpoint.Protocol == settings.SMTP || word == "SASL" && r.Endpoint.Protocol == settings.POP3 {
			return c
		}
	}
	return ""
}

// emptyOffer judges a list of ways to sign in that holds none. Where a command
// takes passwords nobody is kept out.
func emptyOffer(r *probe.Result) []finding.Finding {
	line := emptyList(r)
	if line == "" || len(r.Mechanisms) > 0 {
		return nil
	}
	f := finding.Finding{Code: "auth.empty_list", Phase: probe.Capabilities, Evidence: finding.Saw(line),
		Message: "{server} says that it takes sign-ins and then names no way to sign in: the list is empty. Mail programs have nothing to sign in by.",
		Remedy:  "The provider must look into the server: its part for signing in (SASL) is switched on and has no method, or cannot reach the service that checks passwords."}
	if r.NativeLogin != "" {
		f.Severity, f.Args = finding.Warning, finding.Args{"command": r.NativeLogin}
		f.Message = "{server} announces a list of ways to sign in that is empty. Mail programs must use the command {command}."
		f.Remedy = "The provider should announce what the server takes, or no list at all."
	}
	return []finding.Finding{about(r, f)}
}

func smtpOffer(r *probe.Result) []finding.Finding {
	if len(r.Mechanisms) > 0 {
		return oauthOnly(r)
	}
	if !nothingOffered(r) {
		return nil
	}
	return []finding.Finding{about(r, finding.Finding{Code: "smtp.auth_missing", Phase: probe.Capabilities,
		Message:  "{server} offers no way to sign in, so no mail program can send with these settings.",
		Remedy:   "Check the host name and the port: this may be the provider's server for incoming mail. The ports for sending are 465 and 587.",
		Evidence: finding.Saw(strings.Join(r.Capabilities, ", "))})}
}

// oauthOnly tells, where no sign-in was asked for, that passwords are no
// longer taken.
func oauthOnly(r *probe.Result) []finding.Finding {
	if len(r.Mechanisms) > 0 && r.NativeLogin == "" && r.Auth.Status == probe.AuthNotTested && !slices.ContainsFunc(r.Mechanisms, notOfDomain) {
		return []finding.Finding{about(r, finding.Finding{Code: domainOnly, Severity: finding.Info, Phase: probe.Capabilities,
			Message:  "{server} offers only {mechanisms}: a sign-in with the account of a Windows domain or a Kerberos realm.",
			Args:     finding.Args{"mechanisms": strings.Join(r.Mechanisms, ", ")},
			Evidence: finding.Saw(strings.Join(r.Mechanisms, " "))})}
	}
	if r.Auth.Status != probe.AuthNotTested || r.NativeLogin != "" || len(r.Mechanisms) == 0 || slices.ContainsFunc(r.Mechanisms, takesPassword) {
		return nil
	}
	return []finding.Finding{about(r, finding.Finding{Code: "auth.oauth_only", Severity: finding.Info, Phase: probe.Capabilities,
		Message:  "{server} takes no passwords: it offers only {mechanisms}.",
		Args:     finding.Args{"mechanisms": strings.Join(r.Mechanisms, ", ")},
		Evidence: finding.Saw(announcement(r.Capabilities, r.Mechanisms))})}
}

// announcement is how a server announces its mechanisms, in its own words where
// they are known.
func announcement(caps, mechanisms []string) string {
	said := slices.DeleteFunc(slices.Clone(caps), func(c string) bool {
		first, _, _ := strings.Cut(strings.Replace(c, "=", " ", 1), " ")
		return !strings.EqualFold(first, "AUTH") && !strings.EqualFold(first, "SASL")
	})
	return cmp.Or(strings.Join(said, " "), strings.Join(mechanisms, " "))
}

func takesPassword(mechanism string) bool {
	return !auth.OfDomain(mechanism) && !slices.Contains([]string{"XOAUTH2", "OAUTHBEARER", "EXTERNAL", "ANONYMOUS"}, mechanism)
}

func notOfDomain(mechanism string) bool { return !auth.OfDomain(mechanism) }
