package token

import (
	"encoding/base64"
	"slices"
	"strings"

	"mailprobe/internal/lazyregexp"
)

// jwt reads what begins as a JWT does: "{" and a quotation mark in base64.
func jwt(text string, r *Reading) bool {
	if data, err := base64.StdEncoding.DecodeString(text); err == nil && wholeJWT(strings.TrimSpace(string(data))) {
		return r.be(Coded)
	}
	if !strings.HasPrefix(text, "eyJ") && !strings.HasPrefix(text, "ewog") && !strings.HasPrefix(text, "eyA") {
		return false
	}
	parts := strings.Split(text, ".")
	if len(parts) == 5 && jsonObject(parts[0])["enc"] != nil {
		return r.be(Opaque) // encrypted (RFC 7516)
	}
	r.Claims = decodeClaims(text)
	switch {
	case r.Claims == nil && len(parts) == 1 && jsonObject(text) != nil && jsonObject(text)["alg"] == nil:
		return r.be(Opaque) // JSON in base64 that is no JWT
	case r.Claims == nil, r.Claims.signature < 0, r.Claims.signature == 0 && r.Claims.algorithm != "NONE":
		return r.be(Truncated)
	}
	return r.be(r.Claims.form())
}

// wholeJWT reports whether a text is a JWT of which nothing is missing.
func wholeJWT(text string) bool {
	c := decodeClaims(text)
	return strings.HasPrefix(text, "ey") && c != nil && c.signature > 0 && len(strings.Split(text, ".")) == 3
}

var (
	assertionIssuer   = lazyregexp.New(`(?i)gserviceaccount\.com$|^https://(token\.actions\.githubusercontent\.com|vstoken\.dev\.azure\.com|gitlab\.com|kubernetes\.)|\.oidc\.eks\.`)
	assertionAudience = lazyregexp.New(`(?i)/oauth2?/(v2\.0/)?token$|^https://oauth2\.googleapis\.com/token$|^api://AzureADTokenExchange|iam\.googleapis\.com/.*/providers/`)
	clientAudience    = lazyregexp.New(`(?i)\.apps\.googleusercontent\.com$`)
	microsoftIssuer   = lazyregexp.New(`(?i)^https://(login\.microsoftonline\.(com|us)|login\.partner\.microsoftonline\.cn|sts\.windows\.net)/`)
	guid              = lazyregexp.New(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

// form says what a JWT is. What nothing marks as something else is an access
// token.
func (c *Claims) form() Form {
	matches := func(p *lazyregexp.Regexp) bool { return slices.ContainsFunc(c.Audience, p.MatchString) }
	allows := len(c.Scopes) > 0 || len(c.Roles) > 0
	switch {
	case strings.Contains(c.kind, "at+jwt"), strings.Contains(c.kind, "bearer"): // RFC 9068; Keycloak
		return Access
	case strings.HasPrefix(c.kind, "id "):
		return IDToken
	case strings.HasPrefix(c.kind, "refresh "), strings.HasPrefix(c.kind, "offline "):
		return RefreshToken
	case assertionIssuer.MatchString(c.Issuer), matches(assertionAudience), c.Issuer != "" && c.Issuer == c.Subject && !allows:
		return Assertion
	case c.forClient && len(c.Scopes) == 0, matches(clientAudience) && !allows:
		return IDToken
	case microsoftIssuer.MatchString(c.Issuer) && matches(guid) && c.Application == "" && !allows:
		return IDToken
	}
	return Access
}
