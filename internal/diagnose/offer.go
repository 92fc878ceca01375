package diagnose

import (
	"fmt"
	"slices"
	"strings"

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
	return append(all, clearPasswords(r)...)
}

func imapOffer(r *probe.Result) []finding.Finding {
	at := r.Endpoint.Address()
	var all []finding.Finding
	if !announces(r.Capabilities, "IMAP4rev1") && !announces(r.Capabilities, "IMAP4rev2") {
		all = append(all, finding.Finding{Code: "imap.no_imap4", Severity: finding.Error, Blame: finding.Provider, Phase: probe.Capabilities,
			Message:  at + " announces neither of the two versions of IMAP that mail programs speak.",
			Remedy:   "The provider must look into the server.",
			Evidence: finding.Saw(strings.Join(r.Capabilities, " "))})
	}
	if r.NativeLogin == "" && len(r.Mechanisms) == 0 && r.Endpoint.Security != settings.Plain {
		all = append(all, finding.Finding{Code: "imap.logindisabled_under_tls", Severity: finding.Error, Blame: finding.Provider, Phase: probe.Capabilities,
			Message:  at + " offers no way to sign in although the connection is encrypted.",
			Remedy:   "The provider must look into the server.",
			Evidence: finding.Saw(strings.Join(r.Capabilities, " "))})
	}
	return append(all, oauthOnly(r)...)
}

func pop3Offer(r *probe.Result) []finding.Finding {
	at := r.Endpoint.Address()
	if len(r.Capabilities) == 0 {
		return []finding.Finding{{Code: "pop3.no_capa", Severity: finding.Info, Phase: probe.Capabilities,
			Message: at + " does not tell what it can do (no CAPA); mail programs then use the oldest way to sign in."}}
	}
	var all []finding.Finding
	if !announces(r.Capabilities, "UIDL") {
		all = append(all, finding.Finding{Code: "pop3.no_uidl", Severity: finding.Warning, Blame: finding.Provider, Phase: probe.Capabilities,
			Message: at + " gives messages no lasting names (no UIDL). A mail program that leaves mail on the server fetches everything again each time.",
			Remedy:  "Use IMAP here, or ask the provider to switch UIDL on."})
	}
	if r.NativeLogin == "" && len(r.Mechanisms) == 0 && r.Endpoint.Security != settings.Plain {
		all = append(all, finding.Finding{Code: "pop3.no_login", Severity: finding.Error, Blame: finding.Provider, Phase: probe.Capabilities,
			Message:  at + " offers no way to sign in although the connection is encrypted.",
			Remedy:   "The provider must look into the server.",
			Evidence: finding.Saw(strings.Join(r.Capabilities, ", "))})
	}
	return append(all, oauthOnly(r)...)
}

func smtpOffer(r *probe.Result) []finding.Finding {
	if len(r.Mechanisms) > 0 {
		return oauthOnly(r)
	}
	if r.Endpoint.Security == settings.Plain {
		return nil
	}
	return []finding.Finding{{Code: "smtp.auth_missing", Severity: finding.Error, Blame: finding.Provider, Phase: probe.Capabilities,
		Message:  r.Endpoint.Address() + " offers no way to sign in, so no mail program can send with these settings.",
		Remedy:   "Check the host name and the port: this may be the provider's server for incoming mail. The ports for sending are 465 and 587.",
		Evidence: finding.Saw(strings.Join(r.Capabilities, ", "))}}
}

// oauthOnly tells, where no sign-in was asked for, that passwords are no
// longer taken.
func oauthOnly(r *probe.Result) []finding.Finding {
	if r.Auth.Status != probe.AuthNotTested || r.NativeLogin != "" || len(r.Mechanisms) == 0 || slices.ContainsFunc(r.Mechanisms, takesPassword) {
		return nil
	}
	return []finding.Finding{{Code: "auth.oauth_only", Severity: finding.Info, Phase: probe.Capabilities,
		Message:  r.Endpoint.Address() + " takes no passwords: it offers only " + strings.Join(r.Mechanisms, ", ") + ".",
		Evidence: finding.Saw(strings.Join(r.Mechanisms, " "))}}
}

func takesPassword(mechanism string) bool {
	return !slices.Contains([]string{"XOAUTH2", "OAUTHBEARER", "EXTERNAL", "ANONYMOUS", "GSSAPI", "GSS-SPNEGO", "NTLM"}, mechanism)
}

// clearPasswords warns of a server that takes passwords before the switch to
// encryption.
func clearPasswords(r *probe.Result) []finding.Finding {
	if r.Endpoint.Security != settings.StartTLS {
		return nil
	}
	inClear := slices.Contains(r.PlainMechanisms, "PLAIN") || slices.Contains(r.PlainMechanisms, "LOGIN")
	if !inClear {
		return nil
	}
	return []finding.Finding{{Code: "auth.plaintext_offered_cleartext", Severity: finding.Warning, Blame: finding.Provider, Phase: probe.StartTLS,
		Message:  fmt.Sprintf("%s offers to take passwords before the connection is encrypted. A mail program that is set up wrongly sends them for all to read.", r.Endpoint.Address()),
		Remedy:   "Make sure that the mail program is set to STARTTLS, not to “if available”. The provider should offer sign-in only under TLS.",
		Evidence: finding.Saw(strings.Join(r.PlainMechanisms, " "))}}
}
