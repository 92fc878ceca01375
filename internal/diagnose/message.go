package diagnose

import (
	"fmt"

	"mailprobe/internal/finding"

	"mailprobe/internal/probe"
)

// messageFindings judges what became of the test message, where one was asked
// for.
func messageFindings(r *probe.Result, _ Context) []finding.Finding {
	d, at := r.Message, r.Endpoint.Address()
	switch {
	case d == nil || d.Sent || d.Deleted:
		return nil
	case d.Seen:
		return []finding.Finding{{Code: "access.message_left", Severity: finding.Warning, Blame: finding.Account, Phase: probe.Access,
			Message:  fmt.Sprintf("The test message arrived at %s and is still there.", at),
			Remedy:   fmt.Sprintf("Delete the message %q by hand.", d.Subject),
			Evidence: finding.Saw(d.Reason)}}
	case r.Endpoint.Protocol != "smtp":
		return []finding.Finding{{Code: "access.message_not_seen", Severity: finding.Warning, Blame: finding.Provider, Phase: probe.Access,
			Message:  fmt.Sprintf("The test message was sent and was not seen at %s.", at),
			Remedy:   fmt.Sprintf("Look for %q in the inbox and in the spam folder, and delete it. Mail may only be slow; if it never arrives ask the provider.", d.Subject),
			Evidence: finding.Saw(d.Reason)}}
	case d.Command == "":
		return []finding.Finding{{Code: "access.message_not_sent", Severity: finding.Warning, Blame: finding.Account, Phase: probe.Access,
			Message: fmt.Sprintf("No test message was sent over %s.", at),
			Remedy:  "Cure first what else is reported, then repeat the test.", Evidence: finding.Saw(d.Reason)}}
	}
	return []finding.Finding{unsent(r, d)}
}

// unsent says that a server did not take the message. A temporary refusal may
// pass.
func unsent(r *probe.Result, d *probe.Delivery) finding.Finding {
	f := finding.Finding{Code: "access.send_failed", Severity: finding.Error, Blame: finding.Provider, Phase: probe.Access,
		Message:  fmt.Sprintf("%s accepts the sign-in and does not take a message from the account to itself (%s).", r.Endpoint.Address(), d.Command),
		Remedy:   "Read the server's words below. Many providers stop sending from an account that is new, full or suspected of spam; ask the provider.",
		Evidence: finding.Saw(d.Reason)}
	if d.Reply == nil {
		f.Severity = finding.Warning
		f.Message = fmt.Sprintf("%s ended the conversation while it was given the test message. Whether it was sent is not known.", r.Endpoint.Address())
		f.Remedy = fmt.Sprintf("Look for %q in the inbox and delete it, then repeat the test.", d.Subject)
		return f
	}
	f.Evidence = finding.Saw(d.Reply.Text)
	if d.Reply.Temporary() {
		f.Severity = finding.Warning
		f.Remedy = "Wait some minutes and repeat the test. " + f.Remedy
	}
	return f
}
