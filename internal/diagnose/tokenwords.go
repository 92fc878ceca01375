package diagnose

import (
	"slices"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/lazyregexp"
	"mailprobe/internal/probe"
)

// tokenWords say of a refusal by words that servers use for passwords what it
// means where an access token was shown: whoever has one must not be sent to
// fetch one, nor after a password.
var tokenWords = map[string]struct{ says, advises finding.Sentence }{
	"auth.authz_failed": {"{server} accepts the access token, and its owner may not open the requested mailbox.",
		"Sign in as the owner of the mailbox; or let the administrator give the token's owner full access, and put the mailbox's address alone into --username."},
	authMalformed: {"{server} cannot read the message with the access token: the token is damaged or cut off, or the line is longer than the server bears.",
		"Get the token anew and give it whole (mailprobe token shows its length). If it stays so, name the other mechanism, --auth XOAUTH2 or --auth OAUTHBEARER."},
	"auth.expired": {"{server} says that the access token, or the account itself, has run out.",
		"Get a new token. If that is refused alike, ask the provider whether the account has ended."},
	authTemporary: {"{server} cannot judge the sign-in now. Nothing is said about the access token.",
		"Wait some minutes and try once more. If it lasts, tell the provider."},
	authThrottled: {"{server} has seen too many sign-ins, or too many that failed. Nothing is said about the access token.",
		"Stop every program that still shows an old password or token, wait an hour, and try once."},
	authRequired: {"{server} goes on as if nobody had shown an access token.",
		"Repeat with --transcript and show the dialogue to the provider."},
	"auth.cancelled": {"{server} says that the sign-in was broken off. The access token was not judged.",
		"Try once more. If it stays so, name the other mechanism, --auth XOAUTH2 or --auth OAUTHBEARER, and show the provider the dialogue (--transcript)."},
	authMechanism: {"{server} does not take the way to sign in by which the access token was shown. The token was not judged.",
		"Name the other mechanism, --auth XOAUTH2 or --auth OAUTHBEARER. If both are refused, ask the provider whether this server takes OAuth2."},
	authWeak: {"{server} calls the way to sign in by which the access token was shown too weak for the account. The token was not judged.",
		"Ask the provider or the administrator which way to sign in the account is to use."},
	tokenTooLong: {"{server} does not take the line with the access token: it is longer than the server bears. A server that offers OAuth2 must bear lines of 12,288 octets.",
		"Let the token name fewer scopes and groups (the application's token configuration), or let the server's administrator allow longer lines."},
	"auth.contact_admin": {"{server} blocks this sign-in until an administrator changes something. The access token is not the problem.",
		"Ask the provider or the administrator; do not go on trying."},
	"auth.policy_blocked": {"A rule of the organisation or the provider stopped the sign-in with this access token, by its place, its device, its application or its user.",
		"Let the administrator look into the sign-in log of the user (at Microsoft the Conditional Access tab names the rule). A new token is refused alike."},
	"auth.smtp_auth_disabled": {"Sending with sign-in (SMTP AUTH) is switched off at {server} for this mailbox or for the whole organisation. That holds for access tokens as well; the token was not judged.",
		"Let the administrator switch it on for the mailbox: Microsoft 365 admin center, Users, Active users, the person, Mail, Manage email apps, Authenticated SMTP. Another token changes nothing."},
	"auth.browser_required": {"{server} wants the account's owner to sign in with a browser first: the program, the place or the network is unusual.",
		"Sign in to the account in a browser on the same network and confirm that it was you. Then get a new token."},
}

// inTokenWords says a finding about a refusal in the words of tokens, where one
// was shown and those that are known speak of passwords.
func inTokenWords(f *finding.Finding, r *probe.Result) {
	page, _ := finding.PageOf(f.Code)
	if !showsToken(r) || page.Shown == finding.Token {
		return
	}
	if w, ok := tokenWords[f.Code]; ok {
		f.Message, f.Remedy, f.Args = w.says, w.advises, nil
		return
	}
	if f.Remedy = withoutPasswords(f.Remedy); f.Remedy == "" {
		f.Remedy = withoutPasswords(finding.Verbatim(page.Fix))
	}
	if f.Remedy == "" {
		f.Remedy = "Ask the provider what its servers want of mail programs that sign in with OAuth2."
	}
	if f.Message = withoutPasswords(f.Message); f.Message == "" {
		f.Message = "{server}: " + finding.Verbatim(page.Title) + "."
	}
}

// switchedOffOrRefused says that a server has the same words for an access token
// that it refuses and for a protocol that is switched off.
func switchedOffOrRefused(f *finding.Finding, r *probe.Result, c Context) {
	f.Args = tokenArgs(r, c)
	f.Message = "{server} has the same words for an access token that it refuses and for an account for which {service} is switched off."
	f.Remedy = "Look first in the account's settings whether {service} is switched on. If it is, sign in again as {user} and ask for {scopes}."
}

// saidOfToken reports whether a finding is said in the words of tokens, so that
// advice for passwords would contradict it.
func (c Context) saidOfToken(f finding.Finding) bool {
	_, ok := tokenWords[f.Code]
	return ok && c.Kind == auth.Token && f.Phase == probe.SignIn
}

// ofPassword matches what concerns only whoever signs in with a password.
var ofPassword = lazyregexp.New(`(?i)pass(?:word|code|phrase)|authori[sz]ation code|\btwo-(?:factor|step)\b|\b2-Step\b`)

// leaning begins a sentence that lives on the one before it.
var leaning = lazyregexp.New(`^(?:Its?|Then|This|That|They|These|Those|Use it|Without it|If (?:it|so|not))\b`)

// withoutPasswords leaves out what a text says of passwords, by sentences and by
// what semicolons part, and what lives on that. What speaks of tokens as well
// stays.
func withoutPasswords(text finding.Sentence) finding.Sentence {
	var kept finding.Sentence
	gone := false // the sentence before
	for _, sentence := range finding.Sentences(string(text)) {
		parts := slices.DeleteFunc(strings.Split(sentence, "; "), func(part string) bool {
			return ofPassword.MatchString(part) && !strings.Contains(strings.ToLower(part), "token")
		})
		rest := strings.Join(parts, "; ")
		if rest == "" || gone && leaning.MatchString(rest) {
			gone = true
			continue
		}
		if !strings.HasSuffix(sentence, rest) {
			rest += "."
		}
		if gone {
			rest = strings.TrimPrefix(rest, "Otherwise ")
		}
		if !strings.HasPrefix(sentence, rest[:1]) || gone {
			rest = strings.ToUpper(rest[:1]) + rest[1:]
		}
		kept, gone = kept.Then(finding.Sentence(rest)), false
	}
	return kept
}
