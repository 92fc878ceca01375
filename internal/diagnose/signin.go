package diagnose

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/replies"

	"mailprobe/internal/auth"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// signInFindings judges the outcome of a sign-in, or says why there was none.
func signInFindings(r *probe.Result, c Context) []finding.Finding {
	a := r.Auth
	switch a.Status {
	case probe.AuthRejected:
		if r.OtherForm != nil && r.OtherForm.Status == probe.AuthAccepted {
			return nil // the password is right: userFormFindings says what is wrong
		}
		return refusedSignIn(r, c, rejection(r))
	case probe.AuthUnknown:
		return refusedSignIn(r, c, unjudged(r))
	case probe.AuthSkipped:
		return notShown(r)
	}
	return nil
}

// rejection is what a refusal means where no table knows better.
func rejection(r *probe.Result) finding.Finding {
	f := finding.Finding{Code: "auth.rejected", Severity: finding.Error, Blame: finding.Account, Phase: probe.SignIn,
		Message: r.Endpoint.Address() + " does not accept the user name and password, and does not say why.",
		Remedy:  "Check the user name and type the password again by hand. Many providers want an app password here, or that the protocol is switched on first."}
	if showsToken(r) {
		f.Code = "auth.token_rejected"
		f.Message = r.Endpoint.Address() + " does not accept the access token. It belongs to another account, lacks the permission for mail, has run out, or the protocol is switched off for the account."
		f.Remedy = "Sign in again with the account that owns the mailbox and allow access to mail. Look in the account's settings whether the protocol is switched on."
	}
	return f
}

func unjudged(r *probe.Result) finding.Finding {
	f := finding.Finding{Code: "auth.temporary", Severity: finding.Warning, Blame: finding.Provider, Phase: probe.SignIn,
		Message: r.Endpoint.Address() + " cannot judge the sign-in now. Nothing is said about the password.",
		Remedy:  "Wait some minutes and try once more."}
	if r.Auth.Reply == nil {
		f.Code, f.Evidence = "auth.no_verdict", finding.Saw(r.Auth.Reason)
		f.Message = r.Endpoint.Address() + " ended the sign-in without a verdict. Whether the password is right is not known."
		f.Remedy = "Wait some minutes and try once more; a wrong password may count although no answer came."
	}
	return f
}

// refusedSignIn refines a finding by what is known of the server's reply. A
// temporary reply never becomes an error, whatever its text.
func refusedSignIn(r *probe.Result, c Context, f finding.Finding) []finding.Finding {
	reply := r.Auth.Reply
	if reply == nil {
		return []finding.Finding{f}
	}
	f.Evidence = finding.Saw(reply.Text)
	whole := *reply
	if r.Auth.Challenge != "" {
		whole.Text += "\n" + r.Auth.Challenge
		f.Evidence = finding.Saw(whole.Text)
	}
	m, ok := explainReply(r, c, replies.LayerAuth, whole)
	if !ok || !speaksOf(m, r) {
		return []finding.Finding{f}
	}
	f.Code, f.Severity, f.Blame = m.Code, m.Severity, m.Blame
	f.Message = r.Endpoint.Address() + ": " + m.Cause
	f.Remedy, f.HelpURL = m.Remedy, m.HelpURL
	if r.Auth.Status == probe.AuthUnknown && f.Severity == finding.Error {
		f.Severity = finding.Warning
	}
	f.Remedy = joinSentences(f.Remedy, doubtMechanism(r))
	return []finding.Finding{f}
}

// doubtMechanism says that a mechanism may be at fault rather than the
// password. Some servers announce those for which they would have to keep a
// secret of their own for each user, and have none.
func doubtMechanism(r *probe.Result) string {
	a := r.Auth
	own := strings.HasPrefix(a.Mechanism, "SCRAM-") || a.Mechanism == "CRAM-MD5"
	if a.Status != probe.AuthRejected || !own || !slices.Contains(r.Mechanisms, "PLAIN") {
		return ""
	}
	return fmt.Sprintf("If the password is certainly right, repeat with --auth PLAIN: some servers announce %s and cannot do it.", a.Mechanism)
}

// speaksOf reports whether a known reply fits what was shown. Servers say the
// same of passwords and of tokens, and what is known of a bare refusal is
// about messages rather than about signing in.
func speaksOf(m replies.Match, r *probe.Result) bool {
	switch m.Code {
	case "auth.token_rejected", "auth.token_expired", "auth.token_scope":
		return showsToken(r)
	case "auth.app_password_required", "auth.basic_disabled":
		return !showsToken(r)
	case "auth.rejected":
		return !showsToken(r) || m.Provider != ""
	}
	return m.Code != "access.refused" || m.Provider != ""
}

// notShown says why a credential that was given was not sent here.
func notShown(r *probe.Result) []finding.Finding {
	at := r.Endpoint.Address()
	step := r.Step(probe.SignIn)
	var none *auth.MechanismError
	switch {
	case expired(r):
		return nil
	case errors.As(step.Err, &none):
		return []finding.Finding{noMechanism(r, none)}
	case step.Status == probe.Failed:
		return nil
	case r.TLS != nil && !permitted(r):
		return []finding.Finding{{Code: "auth.skipped_unverified_tls", Severity: finding.Info, Phase: probe.SignIn,
			Message: "Signing in was not tested at " + at + ": a password is sent only to a server that has proved who it is."}}
	case r.Auth.Open:
		return []finding.Finding{{Code: "auth.skipped_canary", Severity: finding.Info, Phase: probe.SignIn,
			Message: fmt.Sprintf("Signing in was not tested at %s: %s.", at, r.Auth.Reason)}}
	}
	return nil
}

func permitted(r *probe.Result) bool {
	_, ok := r.TLS.Permit()
	return ok
}

func noMechanism(r *probe.Result, e *auth.MechanismError) finding.Finding {
	at := r.Endpoint.Address()
	f := finding.Finding{Code: "auth.mechanism_missing", Severity: finding.Error, Blame: finding.Provider, Phase: probe.SignIn,
		Message:  fmt.Sprintf("%s offers no way to sign in that fits: %v.", at, e),
		Remedy:   "Choose another way to sign in (--auth), or ask the provider which one it wants.",
		Evidence: finding.Saw("offered: " + strings.Join(e.Offered, " "))}
	switch e.Reason {
	case auth.OAuthOnly:
		f.Code, f.Blame = "auth.oauth_only", finding.Account
		f.Message = at + " takes no passwords any more: it offers only OAuth2, where the user signs in with the browser."
		f.Remedy = "Use a mail program that signs in with OAuth2, and set the sign-in method of the account to OAuth2."
	case auth.WrongKind, auth.NotKnown, auth.NoBinding:
		f.Severity, f.Blame = finding.Warning, finding.Tool
	}
	if e.Want != "" && f.Blame == finding.Provider {
		f.Blame = finding.Account // it was the user's own choice
	}
	return f
}

func showsToken(r *probe.Result) bool {
	return strings.Contains(strings.ToUpper(r.Auth.Mechanism), "OAUTH")
}

// accessFindings judges what came after a sign-in that was accepted: some
// servers refuse only here.
func accessFindings(r *probe.Result, c Context) []finding.Finding {
	step := r.FailedStep()
	if step == nil && r.WantsID {
		return []finding.Finding{wantsID(r)}
	}
	if step == nil || step.Phase != probe.Access || r.Message != nil && r.Message.Command != "" {
		return nil // of a refused test message its own rule speaks
	}
	f := finding.Finding{Code: "access.refused", Severity: finding.Error, Blame: finding.Account, Phase: probe.Access,
		Message:  r.Endpoint.Address() + " accepts the sign-in and then refuses access.",
		Remedy:   "Look into the account's settings whether this protocol is switched on, then ask the provider.",
		Evidence: finding.Saw(step.Err.Error())}
	if r.AccessReply == nil || r.AccessReply.Positive() {
		f.Blame = finding.Provider
		f.Message = r.Endpoint.Address() + " accepts the sign-in and then ends the conversation."
		return []finding.Finding{f}
	}
	f.Evidence = finding.Saw(r.AccessReply.Text)
	if m, ok := explainReply(r, c, replies.LayerAccess, *r.AccessReply); ok && m.Code == "auth.temporary" { // which says that no password was judged
		f.Code, f.Blame = "access.temporary", finding.Provider
		f.Message = r.Endpoint.Address() + " accepts the sign-in and cannot open the mailbox now."
		f.Remedy = "Wait some minutes and try once more. If it lasts, tell the provider."
	} else if ok {
		f.Code, f.Severity, f.Blame = m.Code, m.Severity, m.Blame
		f.Message, f.Remedy, f.HelpURL = r.Endpoint.Address()+": "+m.Cause, m.Remedy, m.HelpURL
	}
	if r.AccessReply.Temporary() {
		f.Severity = finding.Warning
	} else if f.Severity != finding.Error {
		f.Severity = finding.Error
	}
	return []finding.Finding{f}
}

// wantsID tells of a server that opens the mailbox only to a program that has
// named itself.
func wantsID(r *probe.Result) finding.Finding {
	return finding.Finding{Code: "access.id_required", Severity: finding.Warning, Blame: finding.Provider, Phase: probe.Access,
		Message: r.Endpoint.Address() + " opens the mailbox only to mail programs that name themselves (the command ID). It refused before that and opened it then.",
		Remedy:  "Use a mail program that does so, as most current ones do; others report “Unsafe Login” or the like."}
}

// NotJudged reports whether a server's answer to a sign-in shows clearly that
// it did not compare the credential with its own.
func NotJudged(e settings.Endpoint, a probe.Auth, s *settings.Provider) bool {
	if a.Reply == nil {
		return !a.Sent
	}
	matches := answered(e, a, s)
	return a.Reply.Temporary() || len(matches) > 0 && matches[0].Judged == finding.JudgedNo
}

// AskedTooOften reports whether a server took offence at the number of
// sign-ins: one more, by whatever service, makes it worse.
func AskedTooOften(e settings.Endpoint, a probe.Auth, s *settings.Provider) bool {
	matches := answered(e, a, s)
	return len(matches) > 0 && matches[0].Code == "auth.throttled"
}

// answered returns what is known of the answer to a sign-in, best first; nil:
// there is none, or nothing is known of it.
func answered(e settings.Endpoint, a probe.Auth, s *settings.Provider) []replies.Match {
	if a.Reply == nil {
		return nil
	}
	q := replies.Query{Text: a.Reply.Text, Protocol: e.Protocol, Layer: replies.LayerAuth}
	if s != nil {
		q.Provider = s.ID
	}
	return replies.Explain(q)
}
