package diagnose

import (
	"net/url"
	"slices"
	"strings"

	"mailprobe/internal/finding"
)

// issuer holds who made the token against whom the server names in its
// challenge (RFC 7628 section 3.2.2).
func (t accessToken) issuer() (finding.Finding, bool) {
	got, want := t.claims().Issuer, challengeOf(t.Result).issuer()
	return finding.Finding{Code: "auth.token_issuer", Args: finding.Args{"issuer": got, "wanted": want},
		Message:  "The access token was issued by {issuer}; {server} trusts {wanted}.",
		Remedy:   "Sign in at {wanted}, and give the token that is issued there.",
		Evidence: finding.Saw("iss " + got + "\n" + t.Auth.Challenge),
	}, got != "" && want != "" && !sameIssuer(got, want)
}

func (t accessToken) audience() (finding.Finding, bool) {
	got, want := t.claims().Audience, t.oauth.Audiences
	fits := func(aud string) bool {
		return slices.ContainsFunc(want, func(w string) bool { return resource(aud) == resource(w) })
	}
	if len(got) == 0 || len(want) == 0 || slices.ContainsFunc(got, fits) {
		return finding.Finding{}, false
	}
	return finding.Finding{Code: "auth.token_audience", Args: finding.Args{"protocol": t.Endpoint.Protocol.Name(),
		"resource": resource(got[0]), "wanted": resource(want[0]), "scopes": t.wants()},
		Message:  "This access token is for {resource}; {protocol} needs one for {wanted}.",
		Remedy:   "Ask for the token with the mail scopes and no others: {scopes}. One token is for one service; a token for another cannot read mail.",
		Evidence: finding.Saw("aud " + strings.Join(got, " "))}, true
}

// wants are the scopes to ask for; those of the application itself where it is
// the one that signed in.
func (t accessToken) wants() string {
	if t.claims().AppOnly && t.oauth.AppScope != "" {
		return t.oauth.AppScope
	}
	return strings.Join(t.oauth.Scopes[t.Endpoint.Protocol], " ")
}

// scope compares permissions with those that are documented, or else with
// those that the server names in its challenge. An application's own token
// lists roles instead.
func (t accessToken) scope() (finding.Finding, bool) {
	got, want := t.claims().Scopes, t.oauth.Scopes[t.Endpoint.Protocol]
	if len(want) == 0 {
		want = strings.Fields(challengeOf(t.Result).Scope)
	}
	if len(got) == 0 {
		return finding.Finding{}, false
	}
	var lacking []string
	for _, w := range want {
		if !slices.ContainsFunc(got, func(g string) bool { return strings.EqualFold(permission(g), permission(w)) }) {
			lacking = append(lacking, permission(w))
		}
	}
	return finding.Finding{Code: tokenScope, Args: finding.Args{"protocol": t.Endpoint.Protocol.Name(),
		"lacking": strings.Join(lacking, " and "), "scopes": strings.Join(want, " ")},
		Message:  "The access token's scope lacks {lacking}, which {protocol} needs.",
		Remedy:   "Sign in again and ask for {scopes}. The application's registration must have that permission, and in an organisation the administrator may have to consent.",
		Evidence: finding.Saw("scope " + strings.Join(got, " "))}, len(lacking) > 0
}

// roles compares what an application may do by itself.
func (t accessToken) roles() (finding.Finding, bool) {
	got, want := t.claims().Roles, t.oauth.AppRoles[t.Endpoint.Protocol]
	has := func(g string) bool { return strings.EqualFold(permission(g), want) }
	return finding.Finding{Code: tokenScope, Args: finding.Args{"protocol": t.Endpoint.Protocol.Name(), "role": want},
		Message: "The application's access token lacks the permission {role}, which {protocol} needs.",
		Remedy: "Add {role} of “Office 365 Exchange Online” to the application permissions of its registration (not the delegated ones, not those of Microsoft Graph), " +
			"let the administrator grant admin consent, and get a new token.",
		Evidence: finding.Saw("roles " + strings.Join(got, " "))}, want != "" && t.claims().AppOnly && !slices.ContainsFunc(got, has)
}

// user compares whom the token names with whom the sign-in named. A shared
// mailbox is opened with the token of somebody else.
func (t accessToken) user() (finding.Finding, bool) {
	whose, as := t.claims().Username, t.Auth.Username
	f := finding.Finding{Code: "auth.token_user", Args: finding.Args{"whose": whose, "user": as},
		Message:  "The access token is for {whose}, and the sign-in is as {user}.",
		Remedy:   "Get the token for the same account. Only a mailbox that is shared with that person opens with another's token; then its address alone goes into --username.",
		Evidence: finding.Saw("token of " + whose)}
	if t.notOpened() {
		f.Message = "The access token is that of {whose}: {server} accepts it and does not open the mailbox of {user}."
		f.Remedy = "Get the token for {user}: sign in as that account. If {user} is a shared mailbox, let its administrator give {whose} full access to it, and wait for some minutes."
	}
	return f, strings.Contains(whose, "@") && as != "" && !strings.EqualFold(whose, as)
}

// sharedForm says that the name of a shared mailbox has a form that is one of
// passwords: with a token it is the address alone, and the token says whose
// right it is.
func (t accessToken) sharedForm() (finding.Finding, bool) {
	as := t.Auth.Username
	i := strings.LastIndexAny(as, `\/`)
	return finding.Finding{Code: "auth.user_form", Args: finding.Args{"user": as, "alone": as[i+1:]},
		Message: "The user name {user} has a form that is not one of access tokens: with these it is the mailbox's address alone, {alone}.",
		Remedy:  "Repeat with --username {alone}. Whose token it is, the token itself says.",
	}, i > 0 && strings.Contains(as[:i], "@") && strings.Contains(as[i+1:], "@")
}

// resourceNames are services that tokens may name by number: Microsoft's
// application ids, the same in every organisation.
var resourceNames = map[string]string{
	"00000002-0000-0ff1-ce00-000000000000": "outlook.office.com",
	"00000003-0000-0000-c000-000000000000": "graph.microsoft.com",
}

// resource returns the plain name of an audience.
func resource(audience string) string {
	name := strings.ToLower(audience)
	if u, err := url.Parse(name); err == nil && u.Host != "" {
		name = u.Host
	}
	if known, ok := resourceNames[name]; ok {
		return known
	}
	return name
}

// permission returns the name of a scope without the service before it, by
// which one service goes under several hosts' names.
func permission(scope string) string {
	if i := strings.LastIndexByte(scope, '/'); i >= 0 && i+1 < len(scope) {
		return scope[i+1:]
	}
	return scope
}
