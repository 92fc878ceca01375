package diagnose

import (
	"strconv"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// smtpAllows is how long an SMTP server may take to greet and to answer most
// commands (RFC 5321 §4.5.3.2). IMAP and POP3 set a server no limit.
const smtpAllows = 5 * time.Minute

// whySlow says what makes servers slow, for people.
const whySlow = "Servers are often slow because they look up the name of this computer's address first (reverse DNS), or because they hold callers back on purpose to deter senders of spam. "

// waitLonger is what to do about a server that this program did not wait for
// any longer.
const waitLonger = whySlow + "To wait longer repeat with --phase-timeout 5m --timeout 15m. " +
	"If nothing comes then either, check the host name and the port against the provider's settings page and try another network."

// fellSilent judges a server of which nothing came in time. The limit was this
// program's own, so nobody is to blame, unless the server had all the time
// that the standard gives it.
func fellSilent(r *probe.Result, p *probe.ProtocolError) finding.Finding {
	f := finding.Finding{Code: "proto.silent", Blame: finding.Tool, Evidence: finding.Saw(p.Detail)}
	step := r.FailedStep()
	f.Phase, f.Args, f.Remedy = step.Phase, finding.Args{"waited": seconds(step.Limit)}, waitLonger
	switch {
	case f.Phase == probe.Greeting && p.Detail != "":
		f.Message = "{server} begins to speak and has not ended its first line within {waited} s."
	case f.Phase == probe.Greeting:
		f.Message = "{server} accepts the connection and has not said a word within {waited} s."
	default:
		f.Message, f.Args["phase"] = "{server} has not answered within {waited} s in the middle of the conversation (in the phase {phase}).", f.Phase
	}
	if r.Endpoint.Protocol != settings.SMTP {
		f.Message = f.Message.Then("The standard sets it no limit, so it may only be slow.")
		return f
	}
	if step.Limit < smtpAllows {
		f.Message = f.Message.Then("It may only be slow: the standard gives it 5 minutes (RFC 5321 section 4.5.3.2).")
		return f
	}
	f.Severity, f.Blame = finding.Error, finding.Provider // it had its time
	f.Message = f.Message.Then("The standard gives it 5 minutes (RFC 5321 section 4.5.3.2).")
	f.Remedy = whySlow + "The provider must look into it."
	return f
}

// seconds writes a time as people read it, to a tenth below ten.
func seconds(d time.Duration) string {
	d = d.Round(time.Second / 10)
	if d >= 10*time.Second {
		d = d.Round(time.Second)
	}
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64)
}
