package diagnose

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// refusedToken is what it means that a server refuses an access token, by what
// the server's challenge and the token itself show. It never speaks of a
// password.
func refusedToken(r *probe.Result, c Context) finding.Finding {
	t := accessToken{Result: r, oauth: c.oauth()}
	f := finding.Finding{Code: tokenRejected, Phase: probe.SignIn, Args: tokenArgs(r, c)}
	switch ch := challengeOf(r); {
	case ch.ofServer():
		w := tokenWords[authTemporary]
		f.Code, f.Message, f.Remedy = authTemporary, w.says, w.advises
	case t.showsWhy(c):
		f.Message, f.Remedy = "{server} does not accept the access token.", "Cure first what the token itself shows."
	case c.appOnly(r):
		notLetIn(&f, r)
	case ch.Schemes != "" && !ch.takesBearer():
		f.Args["schemes"] = ch.Schemes
		f.Message = "{server} takes no bearer token: it wants {schemes}."
		f.Remedy = "Ask the provider which way to sign in mail programs are to use."
	case ch.lacksScope():
		f.Code, f.Args["wanted"] = tokenScope, ch.Scope
		f.Message = "{server} says that the access token does not allow enough for mail."
		if f.Remedy = "Sign in again and ask for {scopes}."; ch.Scope != "" {
			f.Message = "{server} says that the access token does not allow enough; it wants {wanted}."
			f.Remedy = "Sign in again and ask for {wanted}."
		}
	case t.looksRight(c):
		f.Message = "{server} refuses an access token that is right by what it says of itself: its owner, its service, its permissions and its time."
		f.Remedy = "Let the administrator look whether {service} is switched on for {user} and whether a policy stands against it. If all is well there, the token was revoked: get a new one."
	case ch.Status == "400":
		f.Message = "{server} knows the form of the access token and does not take it for {user} (status 400): it belongs to another account, or does not allow mail."
		f.Remedy = "Sign in again as {user}, ask for {scopes}, and allow access to mail on the provider's page. Whose token it is shows the provider's page of connected applications."
	case ch.Status == "invalid_token": // Dovecot says so of another's token as well
		f.Message = "{server} does not take the access token as valid (status invalid_token): it belongs to another account than {user}, has run out, was revoked, is damaged, or was issued elsewhere."
		f.Remedy = "Sign in again as {user}, and use the new token within the hour. If it is refused alike, it was issued for another service: ask for {scopes}."
	case ch.Status == "401":
		f.Message = "{server} does not take the access token as valid (status {status}): it has run out, was revoked, is damaged, or was issued elsewhere."
		f.Args["status"] = ch.Status
		f.Remedy = "Get a new token, and use it within the hour. If a new one is refused alike, it was issued for another service: ask for {scopes}."
	case ch.Status == "invalid_request":
		f.Message = "{server} cannot read the sign-in with the access token (status invalid_request)."
		f.Remedy = "Get the token anew and give it whole. If it stays so, name the other mechanism, --auth XOAUTH2 or --auth OAUTHBEARER."
	default:
		f.Message = "{server} does not accept the access token, and does not say why. It belongs to another account than {user}, does not allow mail, has run out or was revoked, or the protocol is switched off for the account."
		f.Remedy = "Sign in again as {user}, ask for {scopes}, and allow access to mail. Look in the account's settings, or ask the administrator, whether {service} is switched on."
	}
	maps.DeleteFunc(f.Args, func(name, _ string) bool { return !f.Message.Names(name) && !f.Remedy.Names(name) })
	return f
}

// tokenArgs are what the words about a refused token may name.
func tokenArgs(r *probe.Result, c Context) finding.Args {
	scopes := strings.Join(c.oauth().Scopes[r.Endpoint.Protocol], " ")
	return finding.Args{"user": cmp.Or(r.Auth.Username, "this account"), "scopes": cmp.Or(scopes, "the mail scopes"), "service": serviceWords[r.Endpoint.Protocol]}
}

// takesBearer reports whether bearer tokens are among the schemes. XOAUTH2
// separates them by blanks.
func (c challenge) takesBearer() bool {
	return slices.ContainsFunc(strings.FieldsFunc(c.Schemes, func(r rune) bool { return r == ' ' || r == ',' }), func(s string) bool {
		return strings.EqualFold(s, "bearer")
	})
}

// ofServer reports whether the server speaks of a fault of its own: by a status
// of HTTP, as XOAUTH2 does.
func (c challenge) ofServer() bool { return len(c.Status) == 3 && c.Status[0] == '5' }

func (c challenge) lacksScope() bool {
	return slices.Contains([]string{"insufficient_scope", "invalid_scope", "403"}, c.Status)
}

// appOnly reports whether the application itself signed in, no user.
func (c Context) appOnly(r *probe.Result) bool {
	return r.Token != nil && r.Token.Claims != nil && r.Token.Claims.AppOnly && c.oauth().AppScope != ""
}

// keepsApplicationOut reports whether a reply is one by which Exchange Online
// keeps an application out of a mailbox that has not been given to it: by SMTP
// (430) when it signs in, by IMAP then or at the next command.
func keepsApplicationOut(reply *probe.Reply) bool {
	text := strings.ToLower(reply.Received().Text)
	return strings.Contains(text, "storedrv") || strings.Contains(text, "authenticated but not connected")
}

// notLetIn says that an application may not open the mailbox, and how an
// administrator of Exchange Online lets it in.
func notLetIn(f *finding.Finding, r *probe.Result) {
	f.Code, f.Args = appAccess, finding.Args{"user": r.Auth.Username, "application": r.Token.Claims.Application}
	f.Message = "{server} does not let the application open the mailbox of {user}."
	f.Remedy = "Let the administrator do this in Exchange Online PowerShell: New-ServicePrincipal -AppId {application} -ObjectId OBJECT, " +
		"where OBJECT is the object id under Enterprise applications, not that of the App registration; then Add-MailboxPermission -Identity {user} -User OBJECT -AccessRights FullAccess. " +
		"It takes up to an hour to hold."
}

// showsWhy reports whether a token shows of itself why it is refused, so that
// what else may be the reason leads astray.
func (t accessToken) showsWhy(c Context) bool {
	return slices.ContainsFunc(tokenFindings(t.Result, c), func(f finding.Finding) bool { return f.Severity == finding.Error })
}

// looksRight reports whether a token says of itself all that a server can want
// to see.
func (t accessToken) looksRight(c Context) bool {
	if t.Token == nil || t.Token.Claims == nil || t.Token.Cut() {
		return false
	}
	k := t.claims()
	said := len(k.Audience) > 0 && len(t.oauth.Audiences) > 0 && len(k.Scopes) > 0 && k.Username != "" && !k.Expires.IsZero()
	return said && len(tokenFindings(t.Result, c)) == 0
}
