package diagnose

import (
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/replies"
	"mailprobe/internal/settings"
)

// Codes that rows of the reply tables give and rules weigh.
const (
	accessRefused    = "access.refused"
	appAccess        = "auth.app_access"
	authLimit        = "auth.limit"
	authMalformed    = "auth.malformed"
	authPrivacy      = "auth.privacy_required"
	authWeak         = "auth.mechanism_weak"
	authMissing      = "smtp.auth_missing"
	tokenTooLong     = "auth.token_too_long"
	authMechanism    = "auth.mechanism_missing"
	authRejected     = "auth.rejected"
	authRequired     = "auth.required"
	authTemporary    = "auth.temporary"
	authThrottled    = "auth.throttled"
	authTransfer     = "auth.transition_needed"
	clientAtFault    = "proto.client_fault"
	domainOnly       = "auth.domain_only"
	mailboxFull      = "send.mailbox_full"
	noInbox          = "access.no_inbox"
	notEnabled       = "auth.not_enabled"
	recipientRefused = "send.recipient_refused"
	noMailbox        = "access.missing_mailbox"
	relayDenied      = "send.relay_denied"
	tokenRejected    = "auth.token_rejected"
	tokenScope       = "auth.token_scope"
)

// explainReply looks a server's reply up in the table of known replies, as it
// was received. What it returns may be shown.
func explainReply(r *probe.Result, c Context, layer string, reply probe.Reply) (replies.Match, bool) {
	q := replies.Query{Text: reply.Received().Text, Protocol: r.Endpoint.Protocol, Layer: layer, At: c.now()}
	m, ok := best(known(q, c.Provider))
	m.Cause, m.Remedy, m.HelpURL = reply.Scrub(m.Cause), reply.Scrub(m.Remedy), reply.Scrub(m.HelpURL)
	return m, ok
}

// mayReject reports whether the words of a reply may also mean that the
// credential was refused.
func mayReject(r *probe.Result, c Context, reply probe.Reply) bool {
	q := replies.Query{Text: reply.Received().Text, Protocol: r.Endpoint.Protocol, Layer: replies.LayerAuth, At: c.now()}
	return slices.ContainsFunc(known(q, c.Provider), func(m replies.Match) bool { return m.Code == authRejected })
}

// known returns what is known of a reply, best first.
func known(q replies.Query, s *settings.Provider) []replies.Match {
	if s != nil {
		q.Provider = s.ID
	}
	return replies.Explain(q)
}

func best(matches []replies.Match) (replies.Match, bool) {
	if len(matches) == 0 {
		return replies.Match{}, false
	}
	return matches[0], true
}

// asKnown puts what is known of a reply in place of a finding's own words.
func asKnown(f *finding.Finding, m replies.Match) {
	f.Message, f.Args = "{server}: "+finding.Verbatim(m.Cause), nil
	f.Remedy, f.HelpURL = finding.Verbatim(m.Remedy), m.HelpURL
}

// concernsSignIn reports whether a known reply is about signing in, by the
// family of its code.
func concernsSignIn(m replies.Match) bool { return strings.HasPrefix(m.Code, "auth.") }

// concernsAccess reports whether a known reply is about what comes after that.
func concernsAccess(m replies.Match) bool { return strings.HasPrefix(m.Code, "access.") }

// speaksOf reports whether a known reply fits what was shown. Servers say the
// same of passwords and of tokens, and what is known of a bare refusal is
// about messages rather than about signing in. A provider's own row is about
// its own words.
func speaksOf(m replies.Match, r *probe.Result) bool {
	page, _ := finding.PageOf(m.Code)
	switch {
	case m.Code == accessRefused:
		return m.Provider != ""
	case page.Shown == "", m.Code == authRejected && m.Provider != "" && !showsToken(r):
		return true
	}
	return showsToken(r) == (page.Shown == finding.Token)
}

// saysLess reports whether what is known of a refusal of a token is less than
// what the token and the server's challenge show.
func saysLess(m replies.Match, r *probe.Result) bool {
	return showsToken(r) && (m.Code == tokenRejected || m.Code == authRejected)
}

func showsToken(r *probe.Result) bool {
	return strings.Contains(strings.ToUpper(r.Auth.Mechanism), "OAUTH")
}

// NotJudged reports whether a row of the reply tables says that a server's
// answer to a sign-in shows clearly that it did not compare the credential with
// its own. A temporary status alone shows nothing: servers give it to wrong
// passwords and to locked accounts as well.
func NotJudged(e settings.Endpoint, a probe.Auth, s *settings.Provider) bool {
	m, ok := answered(e, a, s)
	return ok && judgedNothing(m, a)
}

// judgedNothing reports whether a known reply says that nothing was compared. A
// command that has asked for the secret and got it was taken: who calls that
// one unknown may mean what it was shown.
func judgedNothing(m replies.Match, a probe.Auth) bool {
	aboutTheCommand := m.Code == clientAtFault || m.Code == authMissing
	return m.Judged == finding.JudgedNo && !(a.Taken && a.Sent && aboutTheCommand)
}

// WayRefused reports whether a server has refused the way to sign in as a
// command, and not the credential: another way may be tried. Where more than
// the command was sent, only a row of the reply tables tells that, which says
// that nothing was judged.
func WayRefused(e settings.Endpoint, a probe.Auth, s *settings.Provider) bool {
	if a.Reply == nil || a.Reply.Positive() || a.Reply.Ends() {
		return false
	}
	m, ok := answered(e, a, s)
	switch {
	case ok && (m.Code == authThrottled || m.Code == authLimit):
		return false
	case ok && m.Code == authTransfer: // temporary by its code, and over with another mechanism
		return a.Mechanism != "PLAIN" // RFC 4954 §6: PLAIN is what makes the transition
	case a.Reply.Temporary():
		return false
	case !a.Begun:
		return true
	}
	return ok && judgedNothing(m, a) && !complains(a.Reply) &&
		slices.Contains([]string{authMechanism, authMalformed, authMissing, authPrivacy, authWeak, tokenTooLong, clientAtFault}, m.Code)
}

// complains reports whether a server minds the number of commands or sign-ins.
func complains(r *probe.Reply) bool {
	_, what, tooMany := strings.Cut(strings.ToLower(r.Received().Text), "too many ")
	return tooMany && !strings.HasPrefix(what, "argument") && !strings.HasPrefix(what, "parameter")
}

// AskedTooOften reports whether a server took offence at the number of
// sign-ins: one more, by whatever service, makes it worse.
func AskedTooOften(e settings.Endpoint, a probe.Auth, s *settings.Provider) bool {
	m, ok := answered(e, a, s)
	return ok && m.Code == authThrottled
}

// MayPass reports whether what is known of an answer to a sign-in makes it a
// state that may pass, whatever its code: it tells nothing of the credential.
func MayPass(e settings.Endpoint, a probe.Auth, s *settings.Provider) bool {
	m, ok := answered(e, a, s)
	return ok && m.Severity == finding.Warning
}

// answered returns the best that is known of the answer to a sign-in.
func answered(e settings.Endpoint, a probe.Auth, s *settings.Provider) (replies.Match, bool) {
	if a.Reply == nil {
		return replies.Match{}, false
	}
	return best(known(replies.Query{Text: a.Reply.Received().Text, Protocol: e.Protocol, Layer: replies.LayerAuth}, s))
}

func replyText(r *probe.Reply) string {
	if r == nil {
		return ""
	}
	return r.Text
}
