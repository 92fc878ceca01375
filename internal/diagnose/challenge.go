package diagnose

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"mailprobe/internal/probe"
)

// A challenge is what a server says of a token that it refuses (RFC 7628
// section 3.2.2; XOAUTH2 has a number for a status). Zero fields were not said.
type challenge struct {
	Status  string // "invalid_token", "insufficient_scope", "400", "401"
	Scope   string // that it wants, separated by blanks
	Schemes string // of authorization that it takes
	OpenID  string // address of the issuer's openid-configuration
}

// challengeOf reads the challenge of a refusal; the zero one: there is none,
// or it is no JSON.
func challengeOf(r *probe.Result) challenge {
	var c map[string]json.RawMessage
	if json.Unmarshal([]byte(r.Auth.Challenge), &c) != nil {
		return challenge{}
	}
	return challenge{member(c["status"]), member(c["scope"]), member(c["schemes"]), member(c["openid-configuration"])}
}

// member is a string or number as text; empty: it is neither, which says
// nothing, and spoils no other member.
func member(raw json.RawMessage) string {
	var text string
	var number json.Number
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	if json.Unmarshal(raw, &number) == nil {
		return number.String()
	}
	return ""
}

const wellKnown = "/.well-known/"

// issuer is whom the server trusts; empty: it does not say.
func (c challenge) issuer() string {
	issuer, _, _ := strings.Cut(c.OpenID, wellKnown)
	return issuer
}

// entraClouds are the hosts under which Microsoft's sign-in service issues
// tokens, each with the organisation in its path, by cloud; that of the US
// government issues some under a name of the worldwide one.
var entraClouds = [][]string{
	{"login.microsoftonline.com", "sts.windows.net"},
	{"login.microsoftonline.us", "sts.windows.net"},
	{"login.partner.microsoftonline.cn", "login.chinacloudapi.cn", "sts.chinacloudapi.cn"},
}

// sameCloud reports whether both hosts are of one of Microsoft's clouds.
func sameCloud(a, b string) bool {
	return slices.ContainsFunc(entraClouds, func(hosts []string) bool {
		return slices.Contains(hosts, a) && slices.Contains(hosts, b)
	})
}

// sameIssuer compares two issuers. Those of Microsoft's are alike: which
// organisation it is, the server does not say.
func sameIssuer(a, b string) bool {
	u, errA := url.Parse(strings.TrimSuffix(strings.ToLower(a), "/"))
	v, errB := url.Parse(strings.TrimSuffix(strings.ToLower(b), "/"))
	if errA != nil || errB != nil {
		return a == b
	}
	if sameCloud(u.Host, v.Host) {
		return true
	}
	return u.Host == v.Host && u.Path == v.Path
}
