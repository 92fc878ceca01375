package diagnose

import (
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/replies"
	"mailprobe/internal/settings"
)

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
	f := finding.Finding{Code: accessRefused, Phase: probe.Access,
		Message:  "{server} accepts the sign-in and then refuses access.",
		Remedy:   "Look into the account's settings whether this protocol is switched on, then ask the provider.",
		Evidence: finding.Saw(withoutAddresses(step.Err))}
	if r.AccessReply == nil || r.AccessReply.Positive() {
		f.Blame = finding.Provider // the server did not say that it was the account's fault
		f.Message = "{server} accepts the sign-in and then ends the conversation."
		return []finding.Finding{about(r, f)}
	}
	f.Evidence = finding.Saw(r.AccessReply.Text)
	refusedAccess(&f, r, c)
	return []finding.Finding{about(r, f)}
}

// refusedAccess refines a finding by what is known of the server's reply. What
// the server does not call temporary keeps the user out.
func refusedAccess(f *finding.Finding, r *probe.Result, c Context) {
	m, ok := explainReply(r, c, replies.LayerAccess, *r.AccessReply)
	switch {
	case ok && m.Code == authTemporary: // which says that no password was judged
		f.Code, f.Message = "access.temporary", "{server} accepts the sign-in and cannot open the mailbox now."
		f.Remedy = "Wait some minutes and try once more. If it lasts, tell the provider."
	case ok:
		asKnown(f, m)
		f.Code, f.Blame = m.Code, m.Blame
	}
	f.Severity = finding.Error
	if r.AccessReply.Temporary() {
		f.Severity = finding.Warning
	}
}

// wantsID tells of a server that opens the mailbox only to a program that has
// named itself. The mailbox was opened, so other programs get in, too; it is
// the provider who demands it.
func wantsID(r *probe.Result) finding.Finding {
	return about(r, finding.Finding{Code: "access.id_required", Severity: finding.Warning, Blame: finding.Provider, Phase: probe.Access,
		Message: "{server} opens the mailbox only to mail programs that name themselves (the command ID). It refused before that and opened it then.",
		Remedy:  "Use a mail program that does so, as most current ones do; others report “Unsafe Login” or the like."})
}

// messageFindings judges what became of the test message, where one was asked
// for.
func messageFindings(r *probe.Result, _ Context) []finding.Finding {
	d := r.Message
	if d == nil || d.Sent || d.Deleted {
		return nil
	}
	f := finding.Finding{Phase: probe.Access, Evidence: finding.Saw(d.Reason)}
	switch {
	case d.Seen:
		f.Code, f.Message = "access.message_left", "The test message arrived at {server} and is still there."
		f.Remedy, f.Args = "Delete the message {subject} by hand.", finding.Args{"subject": quoted(d.Subject)}
	case r.Endpoint.Protocol != settings.SMTP:
		f.Code, f.Message = "access.message_not_seen", "The test message was sent and was not seen at {server}."
		f.Remedy = "Look for {subject} in the inbox and in the spam folder, and delete it. Mail may only be slow; if it never arrives ask the provider."
		f.Args = finding.Args{"subject": quoted(d.Subject)}
	case d.Command == "":
		f.Code, f.Message = "access.message_not_sent", "No test message was sent over {server}."
		f.Remedy = "Cure first what else is reported, then repeat the test."
	default:
		unsent(&f, d)
	}
	return []finding.Finding{about(r, f)}
}

// unsent says that a server did not take the message. A temporary refusal may
// pass, and after an end without a word nothing is known.
func unsent(f *finding.Finding, d *probe.Delivery) {
	f.Code, f.Args = "access.send_failed", finding.Args{"command": d.Command}
	f.Message = "{server} accepts the sign-in and does not take a message from the account to itself ({command})."
	f.Remedy = "Read the server's words below. Many providers stop sending from an account that is new, full or suspected of spam; ask the provider."
	if d.Reply == nil {
		f.Severity, f.Args = finding.Warning, finding.Args{"subject": quoted(d.Subject)}
		f.Message = "{server} ended the conversation while it was given the test message. Whether it was sent is not known."
		f.Remedy = "Look for {subject} in the inbox and delete it, then repeat the test."
		return
	}
	f.Evidence = finding.Saw(d.Reply.Text)
	if d.Reply.Temporary() {
		f.Severity = finding.Warning
		f.Remedy = finding.Sentence("Wait some minutes and repeat the test.").Then(f.Remedy)
	}
}
