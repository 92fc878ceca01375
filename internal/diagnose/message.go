package diagnose

import (
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// What is said of a message that somebody may have to look for.
const (
	messageLeft    = "access.message_left"
	messageNotSeen = "access.message_not_seen"
)

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
		f.Code, f.Message = messageLeft, "The test message arrived at {server} and is still there."
		f.Remedy, f.Args = "Delete the message {subject} by hand.", finding.Args{"subject": quoted(d.Subject)}
	case r.Endpoint.Protocol != settings.SMTP:
		f.Code, f.Message = messageNotSeen, "The test message was sent and was not seen at {server}."
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
// pass, and an end without a word proves nothing.
func unsent(f *finding.Finding, d *probe.Delivery) {
	f.Code, f.Args = "access.send_failed", finding.Args{"command": d.Command}
	f.Message = "{server} accepts the sign-in and does not take a message from the account to itself ({command})."
	f.Remedy = "Read the server's words below. Many providers stop sending from an account that is new, full or suspected of spam; ask the provider."
	fate, then := finding.Sentence("The test message was not sent."), finding.Sentence("Repeat the test.")
	if d.Maybe {
		f.Args["subject"] = quoted(d.Subject)
		fate, then = "Whether the test message was sent is not known.", "Look for {subject} in the inbox and delete it, then repeat the test."
	}
	switch {
	case d.Reply == nil:
		f.Severity = finding.Warning
		f.Message, f.Remedy = finding.Sentence("{server} ended the conversation at {command}.").Then(fate), then
		return
	case !d.Reply.Refuses():
		f.Message, f.Remedy = finding.Sentence("{server} answers {command} with what SMTP does not know there.").Then(fate), then.Then("The provider must repair its server.")
	case d.Reply.Temporary():
		f.Severity = finding.Warning
		f.Remedy = finding.Sentence("Wait some minutes and repeat the test.").Then(f.Remedy)
	}
	f.Evidence = finding.Saw(d.Reply.Text)
}
