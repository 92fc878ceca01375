package diagnose

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/replies"
	"mailprobe/internal/settings"
)

// accessFindings judges what came after a sign-in that was accepted: some
// servers refuse only here.
func accessFindings(r *probe.Result, c Context) []finding.Finding {
	step := r.FailedStep()
	switch {
	case step == nil && r.WantsID:
		return []finding.Finding{wantsID(r)}
	case step == nil && r.Endpoint.Protocol == settings.SMTP && r.Auth.Status == probe.AuthAccepted && r.Step(probe.Access).Status == probe.Skipped:
		return []finding.Finding{senderUnknown(r)}
	}
	if step == nil || step.Phase != probe.Access || r.Message != nil && r.Message.Command != "" {
		return nil // of a refused test message its own rule speaks
	}
	p, _ := protocolError(r)
	if p != nil && p.Fault != probe.Silent && p.Fault != probe.ClosedEarly {
		return brokenAccess(r, p)
	}
	f := finding.Finding{Phase: probe.Access, Evidence: finding.Saw(withoutAddresses(step.Err))}
	if r.AccessReply == nil || r.AccessReply.Positive() {
		if unanswered(&f, r); p != nil && p.Fault == probe.Silent {
			slowAnswer(&f, step)
		}
		return []finding.Finding{about(r, f)}
	}
	f.Evidence = finding.Saw(r.AccessReply.Text)
	refusedAccess(&f, r, c)
	if c.appOnly(r) && slices.Contains([]string{accessRefused, "access.mailbox_not_opened", notEnabled}, f.Code) && !tokenKeepsOut(r, c) {
		f.HelpURL, f.Blame = "", ""
		notLetIn(&f, r)
	}
	if f.Severity == finding.Error && !slices.Contains([]string{noInbox, mailboxFull}, f.Code) && tokenKeepsOut(r, c) {
		return nil // tokenFindings speaks of it
	}
	return []finding.Finding{about(r, f)}
}

// slowAnswer says that the server was not waited for any longer.
func slowAnswer(f *finding.Finding, s *probe.Step) {
	f.Code, f.Blame = "access.no_answer", finding.Tool // the limit was this program's own
	f.Message, f.Args = "{server} accepts the sign-in and has not answered what follows within {waited} s. It may only be slow.", finding.Args{"waited": seconds(s.Limit)}
	f.Remedy = waitLonger
}

// unanswered says that the server hung up after the sign-in, which proves
// nothing of the account and little of the server.
func unanswered(f *finding.Finding, r *probe.Result) {
	f.Code, f.Message = "access.no_answer", "{server} accepts the sign-in and then ends the conversation."
	f.Remedy, f.Args = "Wait some minutes and try once more. If it lasts, ask the provider; the {secret} is not the problem.", finding.Args{"secret": secretNoun(r)}
}

// brokenAccess says that the server broke the protocol once it had accepted the
// sign-in: a mail program cannot go on.
func brokenAccess(r *probe.Result, p *probe.ProtocolError) []finding.Finding {
	found := brokenDialogue(r, probe.Access, p)
	for i := range found {
		if f := &found[i]; f.Code == malformed {
			f.Message, f.Args = "{server} accepts the sign-in and answers the next command with what {protocol} does not know there.", finding.Args{"protocol": r.Endpoint.Protocol.Name(), "secret": secretNoun(r)}
			f.Remedy = finding.Sentence("The provider must repair its server; the {secret} is not the problem.")
		}
	}
	return found
}

// refusedAccess says what a refusal means, by what is known of the server's
// words. What the server does not call temporary keeps the user out. A farewell
// that is not known to give a reason is no refusal.
func refusedAccess(f *finding.Finding, r *probe.Result, c Context) {
	m, ok := explainReply(r, c, accessLayer(r), *r.AccessReply)
	if r.AccessReply.Ends() && !concernsAccess(m) && !concernsSignIn(m) {
		unanswered(f, r)
		return
	}
	f.Code, f.Severity = accessRefused, finding.Error
	f.Message = "{server} accepts the sign-in and then refuses access."
	f.Remedy = "Look into the account's settings whether this protocol is switched on, then ask the provider."
	switch {
	case ok && m.Code == authTemporary: // which says that no password was judged
		f.Code, f.Message = "access.temporary", "{server} accepts the sign-in and cannot open the mailbox now."
		f.Remedy = "Wait some minutes and try once more. If it lasts, tell the provider."
	case ok && m.Code == clientAtFault: // what was asked was by the book
		f.Blame = finding.Provider
	case r.Endpoint.Protocol == settings.SMTP && ok && (m.Code == relayDenied || m.Code == authRequired):
		withoutEffect(f, m)
	case ok && ownAddress(r, m):
		notAtHome(f, r, m)
	case ok && m.Code == noMailbox && r.Endpoint.Protocol == settings.IMAP:
		f.Code, f.Message = noInbox, "{server} accepts the sign-in and says that the account has no inbox."
		f.Remedy = "Sign in on the provider's web site and look whether there is mail; a new account may get its inbox only then, or with its first message. If mail programs still find none, the provider or the administrator must repair the mailbox."
	case ok:
		asKnown(f, m)
		f.Code, f.Blame = m.Code, cmp.Or(m.Blame, finding.Provider)
		if concernsSignIn(m) || concernsAccess(m) { // a password that was stolen is changed all the same
			inTokenWords(f, r)
		}
	}
	if r.AccessReply.Temporary() || r.AccessReply.Ends() && m.Severity != finding.Error {
		f.Severity = finding.Warning
	}
}

// accessLayer is what a reply behind a sign-in is about: the mailbox, or what
// may be sent.
func accessLayer(r *probe.Result) string {
	if r.Endpoint.Protocol == settings.SMTP {
		return replies.LayerPolicy
	}
	return replies.LayerAccess
}

// withoutEffect says that the server accepts a sign-in and then treats the
// account as a stranger. What is known of the reply blames a sign-in that is
// missing; there was one.
func withoutEffect(f *finding.Finding, m replies.Match) {
	f.Code, f.Blame = m.Code, finding.Provider
	f.Message = "{server} accepts the sign-in and then refuses to pass mail on as if nobody had signed in."
	f.Remedy = "Check the host and the port against the provider's settings page. If they are right, the provider must let those send who have signed in."
}

// ownAddress reports whether a server that takes the account's address as the
// sender refuses the same address as the recipient because of the mailbox. A
// refusal of policy (RFC 3463, X.7) is about who sends.
func ownAddress(r *probe.Result, m replies.Match) bool {
	var refused *probe.ReplyError
	_, subject, _ := strings.Cut(r.AccessReply.Enhanced, ".")
	return errors.As(r.FailedStep().Err, &refused) && refused.Command == "RCPT TO" && r.Sender != "" &&
		(m.Code == recipientRefused || m.Code == mailboxFull) && !strings.HasPrefix(subject, "7.")
}

// notAtHome says that mail cannot be sent to the account's own address. An
// account may have a name that is no address, or no mailbox at all, and send
// all the same. So it is no error; but some servers look at the sender last,
// and so whether it may send is not proved either.
func notAtHome(f *finding.Finding, r *probe.Result, m replies.Match) {
	f.Code, f.Severity, f.Args = m.Code, finding.Warning, finding.Args{"address": r.Sender}
	if m.Code == mailboxFull {
		f.Message = "{server} accepts the sign-in, and the mailbox of {address} is full. Whether the account may send was not found out."
		f.Remedy = "Delete mail or empty the trash, and repeat the test."
		return
	}
	f.Message = "{server} accepts the sign-in and the sender {address}, and takes no mail for {address} itself. Whether the account may send was not found out."
	f.Remedy = "If {address} is only the name to sign in with, repeat with --username {address} and the account's mail address as --user. If it is right and has no mailbox here, only a message to somebody else can tell."
}

// senderUnknown says that an account signed in and nobody asked whether it may
// send: its address is not known, or cannot be named.
func senderUnknown(r *probe.Result) finding.Finding {
	return about(r, finding.Finding{Code: finding.SenderUnknown, Phase: probe.Access, Args: finding.Args{"reason": r.Step(probe.Access).Note},
		Message: "{server} accepts the sign-in. Whether the account may send was not tested: {reason}.",
		Remedy:  "Repeat with the account's mail address as --user and the name to sign in with as --username."})
}

// wantsID tells of a server that opens the mailbox only to a program that has
// named itself. The mailbox was opened, so other programs get in, too; it is
// the provider who demands it.
func wantsID(r *probe.Result) finding.Finding {
	return about(r, finding.Finding{Code: "access.id_required", Severity: finding.Warning, Blame: finding.Provider, Phase: probe.Access,
		Message: "{server} opens the mailbox only to mail programs that name themselves (the command ID). It refused before that and opened it then.",
		Remedy:  "Use a mail program that does so, as most current ones do; others report “Unsafe Login” or the like."})
}
