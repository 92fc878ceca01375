package diagnose

import (
	"fmt"
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// clearPasswords warns of a server that takes passwords before the switch to
// encryption.
func clearPasswords(r *probe.Result) []finding.Finding {
	if r.Endpoint.Security != settings.StartTLS {
		return nil
	}
	if !slices.Contains(r.PlainMechanisms, "PLAIN") && !slices.Contains(r.PlainMechanisms, "LOGIN") {
		return nil
	}
	return []finding.Finding{about(r, finding.Finding{Code: "auth.plaintext_offered_cleartext", Phase: probe.StartTLS,
		Message:  "{server} offers to take passwords before the connection is encrypted. A mail program that is set up wrongly sends them for all to read.",
		Remedy:   "Make sure that the mail program is set to STARTTLS, not to “if available”. The provider should offer sign-in only under TLS.",
		Evidence: finding.Saw(announcement(r.PlainCaps, r.PlainMechanisms))})}
}

// mechanismFindings judges announced mechanisms that the server does not
// really have.
func mechanismFindings(r *probe.Result, _ Context) []finding.Finding {
	var all []finding.Finding
	for _, c := range r.Checked {
		if c.Real {
			continue
		}
		all = append(all, about(r, finding.Finding{Code: "auth.mechanism_not_real", Phase: probe.SignIn, Args: finding.Args{"mechanism": c.Mechanism},
			Message:  "{server} announces the sign-in method {mechanism} and refuses it when it is asked for.",
			Remedy:   "Choose another method in the mail program. The provider should not announce what the server does not do.",
			Evidence: finding.Saw(replyText(c.Reply))}))
	}
	return all
}

// policyFindings judges the documented setting itself, whatever the server
// does.
func policyFindings(r *probe.Result, c Context) []finding.Finding {
	e := r.Endpoint
	var all []finding.Finding
	if e.Security == settings.Plain {
		all = append(all, about(r, finding.Finding{Code: "policy.cleartext_documented",
			Message: "{server} is set to no encryption: password and mail can be read on the way. Signing in is never tested here.",
			Remedy:  "Use the provider's port with SSL/TLS or STARTTLS."}))
	}
	if e.Protocol == settings.SMTP && e.Port == 25 {
		all = append(all, about(r, finding.Finding{Code: "policy.submission_on_25",
			Message: "Port 25 is meant for mail between servers, and many networks block it.",
			Remedy:  "Send by port 465 with SSL/TLS or port 587 with STARTTLS."}))
	}
	if e.Security == settings.StartTLS && c.Provider != nil && !documentsTLS(c.Provider, e.Protocol) {
		all = append(all, about(r, finding.Finding{Code: "policy.no_implicit_tls", Phase: probe.StartTLS,
			Message: "For {protocol} only STARTTLS is documented; the standards prefer port {standard_port} with SSL/TLS (RFC 8314).",
			Args:    finding.Args{"protocol": e.Protocol.Name(), "standard_port": fmt.Sprint(settings.DefaultPort(e.Protocol, settings.TLS))}}))
	}
	return all
}

func documentsTLS(s *settings.Provider, p settings.Protocol) bool {
	return slices.ContainsFunc(s.Settings(), func(e settings.Setting) bool {
		return e.Protocol == p && e.Security == settings.TLS && e.Role == settings.Documented
	})
}
