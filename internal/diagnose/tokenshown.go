package diagnose

import (
	"slices"
	"time"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// A TokenQuestion is what a token is held against where no server is asked.
type TokenQuestion struct {
	User     string             // whom the sign-in would be as; empty: not said
	Provider *settings.Provider // whose servers it is to open; nil: not known
	Now      time.Time
}

// Token judges a token by what it shows of itself, and reports whether that is
// enough to say that it is for mail: an opaque token, or one whose provider is
// not known, is not judged.
func Token(t token.Reading, q TokenQuestion) (findings []finding.Finding, judged bool) {
	protocols := settings.Protocols()
	c := Context{Provider: q.Provider, Now: q.Now}
	var each [][]finding.Finding
	for _, p := range protocols {
		r := &probe.Result{
			Endpoint: settings.Endpoint{Protocol: p}, Started: q.Now, Token: &t,
			Auth: probe.Auth{Status: probe.AuthRejected, Username: q.User},
		}
		each = append(each, tokenFindings(r, c))
	}
	for _, list := range each {
		for _, f := range list {
			f.Subject = finding.Subject{}
			if f.Code == tokenScope && slices.ContainsFunc(each, noneOf(tokenScope)) {
				f.Severity = finding.Warning // it serves another protocol
			}
			if !slices.ContainsFunc(findings, f.Likewise) {
				findings = append(findings, f)
			}
		}
	}
	finding.Sort(findings)
	return findings, !t.Usable() || t.Claims != nil && (q.Provider != nil || len(findings) > 0)
}

func noneOf(code string) func([]finding.Finding) bool {
	return func(list []finding.Finding) bool {
		return !slices.ContainsFunc(list, func(f finding.Finding) bool { return f.Code == code })
	}
}

// MadeFor reports whether a token's claims speak of a provider: it is for its
// mail servers (byAudience), or issued where its users sign in.
func MadeFor(c *token.Claims, p *settings.Provider) (made, byAudience bool) {
	if c == nil || p == nil || p.OAuth == nil {
		return false, false
	}
	byAudience = slices.ContainsFunc(c.Audience, func(aud string) bool {
		return slices.ContainsFunc(p.OAuth.Audiences, func(w string) bool { return resource(aud) == resource(w) })
	})
	return byAudience || p.OAuth.Tenant && sameCloud(hostOf(c.Issuer), hostOf(p.OAuth.AuthURL)), byAudience
}
