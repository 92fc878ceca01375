package diagnose

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// clockLeeway is how far two honest clocks may differ.
const clockLeeway = time.Minute

// tokenFindings judges what an access token says of itself. A server that
// accepts it knows better; one that refuses it seldom says why.
func tokenFindings(r *probe.Result, c Context) []finding.Finding {
	if r.Token == nil || r.Auth.Status == probe.AuthAccepted || r.Auth.Status == probe.AuthNotTested {
		return nil
	}
	if expired(r) {
		return []finding.Finding{tokenExpired(r)}
	}
	t := accessToken{Result: r, oauth: c.oauth()}
	var all []finding.Finding
	for _, judge := range []func() (finding.Finding, bool){t.notYet, t.audience, t.scope, t.user} {
		f, ok := judge()
		if !ok {
			continue
		}
		f.Phase = probe.SignIn
		if r.Auth.Status != probe.AuthRejected {
			f.Severity = finding.Warning // the server has not said so
		}
		all = append(all, about(r, f))
	}
	return all
}

// expired reports whether the access token had run out when it was to be
// sent.
func expired(r *probe.Result) bool {
	return r.Token != nil && !r.Token.Expires.IsZero() && !r.Started.Before(r.Token.Expires)
}

func tokenExpired(r *probe.Result) finding.Finding {
	return about(r, finding.Finding{Code: "auth.token_expired", Phase: probe.SignIn, Args: finding.Args{"span": span(r.Started.Sub(r.Token.Expires))},
		Message:  "The access token for {server} expired {span} ago; it was not sent.",
		Remedy:   "Get a new token, or sign in with mailprobe login, which renews it. If the token is new, this computer's clock is wrong.",
		Evidence: finding.Saw("exp " + r.Token.Expires.UTC().Format(time.RFC3339))})
}

// oauth is what the settings say of OAuth2; never nil.
func (c Context) oauth() *settings.OAuth {
	if c.Provider == nil || c.Provider.OAuth == nil {
		return &settings.OAuth{}
	}
	return c.Provider.OAuth
}

// An accessToken is an access token at one endpoint.
type accessToken struct {
	*probe.Result
	oauth *settings.OAuth
}

func (t accessToken) claims() *auth.Claims { return t.Token }

func (t accessToken) notYet() (finding.Finding, bool) {
	until := t.claims().NotBefore.Sub(t.Started)
	return finding.Finding{Code: "auth.token_not_yet_valid", Args: finding.Args{"span": span(until)},
		Message:  "The access token becomes valid in {span}, by this computer's clock.",
		Remedy:   "Compare this computer's clock with another one and set it, then get a new token.",
		Evidence: finding.Saw("nbf " + t.claims().NotBefore.UTC().Format(time.RFC3339)),
	}, !t.claims().NotBefore.IsZero() && until > clockLeeway
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
		"resource": resource(got[0]), "wanted": resource(want[0]), "scopes": strings.Join(t.oauth.Scopes[t.Endpoint.Protocol], " ")},
		Message:  "This access token is for {resource}; {protocol} needs one for {wanted}.",
		Remedy:   "Ask for the token with the mail scopes and no others: {scopes}. One token is for one service; a token for another cannot read mail.",
		Evidence: finding.Saw("aud " + strings.Join(got, " "))}, true
}

// scope compares permissions. An application's own token lists roles, which
// the settings do not name.
func (t accessToken) scope() (finding.Finding, bool) {
	got, want := t.claims().Scopes, t.oauth.Scopes[t.Endpoint.Protocol]
	if len(got) == 0 {
		return finding.Finding{}, false
	}
	var lacking []string
	for _, w := range want {
		if !slices.ContainsFunc(got, func(g string) bool { return strings.EqualFold(permission(g), permission(w)) }) {
			lacking = append(lacking, permission(w))
		}
	}
	return finding.Finding{Code: "auth.token_scope", Args: finding.Args{"protocol": t.Endpoint.Protocol.Name(),
		"lacking": strings.Join(lacking, " and "), "scopes": strings.Join(want, " ")},
		Message:  "The access token's scope lacks {lacking}, which {protocol} needs.",
		Remedy:   "Sign in again and ask for {scopes}. The application's registration must have that permission, and in an organisation the administrator may have to consent.",
		Evidence: finding.Saw("scope " + strings.Join(got, " "))}, len(lacking) > 0
}

// user compares whom the token names with whom the sign-in named. A shared
// mailbox is opened with the token of somebody else.
func (t accessToken) user() (finding.Finding, bool) {
	whose, as := t.claims().Username, t.Auth.Username
	return finding.Finding{Code: "auth.token_user", Args: finding.Args{"whose": whose, "user": as},
		Message:  "The access token is for {whose}, and the sign-in is as {user}.",
		Remedy:   "Get the token for the same account. Only a mailbox that is shared with that person opens with another's token; then its address goes into --username.",
		Evidence: finding.Saw("token of " + whose),
	}, strings.Contains(whose, "@") && as != "" && !strings.EqualFold(whose, as)
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

// span says how long a time is, in its largest unit.
func span(d time.Duration) string {
	for _, u := range []struct {
		size time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if n := int(d / u.size); n == 1 {
			return "1 " + u.name
		} else if n > 1 {
			return fmt.Sprintf("%d %ss", n, u.name)
		}
	}
	return "less than a minute"
}
