package diagnose

import (
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/lazyregexp"
)

// grants judges which ways to sign in a service publishes. What it does not
// list it may still offer only where it lists nothing at all (RFC 8414 §2).
func (s SignInService) grants() []finding.Finding {
	m := s.Metadata
	if m == nil {
		return nil
	}
	var all []finding.Finding
	for _, row := range []struct {
		grant, without string
		wanted         bool
	}{
		{codeGrant, "nobody signs in there in the browser", true},
		{"refresh_token", "a sign-in ends with its access token, mostly within an hour", true},
		{deviceGrant, "the device codes that it has an address for lead to no token", m.DeviceURL != ""},
	} {
		if row.wanted && len(m.Grants) > 0 && !slices.Contains(m.Grants, row.grant) {
			f := finding.Finding{Code: "oauth.grant_missing", Args: finding.Args{"issuer": s.Issuer, "grant": row.grant, "without": row.without},
				Message:  "{issuer} does not list {grant} among its grants: {without}.",
				Remedy:   "The provider should offer it and list it under grant_types_supported.",
				Evidence: finding.Saw(strings.Join(m.Grants, " "))}
			if row.grant == codeGrant && !slices.Contains(m.Grants, deviceGrant) {
				f.Severity = finding.Error // no other way is left for a user
			}
			all = append(all, f)
		}
	}
	mail := func(scope string) bool { return mailScope.MatchString(scope) }
	if len(s.Named) > 0 && len(m.Scopes) > 0 && !slices.ContainsFunc(m.Scopes, mail) {
		all = append(all, finding.Finding{Code: "oauth.no_mail_scope", Args: finding.Args{"issuer": s.Issuer},
			Message:  "{issuer} lists no scope for mail, so programs do not know what to ask for.",
			Remedy:   "The provider should list it under scopes_supported, or name it in the domain's autoconfig (<scope>).",
			Evidence: finding.Saw(strings.Join(m.Scopes, " "))})
	}
	return all
}

// mailScope is what scopes for mail have in common.
var mailScope = lazyregexp.New(`(?i)mail|imap|\bpop3?\b|smtp`)

// announced judges whether the mail servers take what is issued.
func (s SignInService) announced() []finding.Finding {
	var all []finding.Finding
	for _, r := range s.Servers {
		takes := slices.ContainsFunc(r.Mechanisms, func(m string) bool { return strings.Contains(m, "OAUTH") })
		if SaysItsWays(r) && !takes {
			all = append(all, about(r, finding.Finding{Code: "oauth.not_announced",
				Message:  "{server} does not announce that it takes access tokens (XOAUTH2, OAUTHBEARER).",
				Remedy:   "The provider must switch it on there, or this server takes passwords only.",
				Evidence: finding.Saw("offered: " + strings.Join(r.Mechanisms, " "))}))
		}
	}
	return all
}
