package diagnose

import (
	"fmt"

	"mailprobe/internal/finding"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// policyFindings judges the documented setting itself, whatever the server
// does.
func policyFindings(r *probe.Result, c Context) []finding.Finding {
	e := r.Endpoint
	var all []finding.Finding
	if e.Security == settings.Plain {
		all = append(all, finding.Finding{Code: "policy.cleartext_documented", Severity: finding.Warning, Blame: finding.Catalogue,
			Message: e.Address() + " is set to no encryption: password and mail can be read on the way. Signing in is never tested here.",
			Remedy:  "Use the provider's port with SSL/TLS or STARTTLS."})
	}
	if e.Protocol == settings.SMTP && e.Port == 25 {
		all = append(all, finding.Finding{Code: "policy.submission_on_25", Severity: finding.Warning, Blame: finding.Catalogue,
			Message: "Port 25 is meant for mail between servers, and many networks block it.",
			Remedy:  "Send by port 465 with SSL/TLS or port 587 with STARTTLS."})
	}
	if e.Security == settings.StartTLS && c.Provider != nil && !documentsTLS(c.Provider, e.Protocol) {
		all = append(all, finding.Finding{Code: "policy.no_implicit_tls", Severity: finding.Info, Phase: probe.StartTLS,
			Message: fmt.Sprintf("For %s only STARTTLS is documented; the standards prefer port %d with SSL/TLS (RFC 8314).",
				e.Protocol.Name(), settings.DefaultPort(e.Protocol, settings.TLS))})
	}
	return all
}

func documentsTLS(s *settings.Provider, p settings.Protocol) bool {
	for _, e := range s.Settings() {
		if e.Protocol == p && e.Security == settings.TLS && e.Role == settings.Documented {
			return true
		}
	}
	return false
}
