package diagnose

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"mailprobe/internal/finding"
	"mailprobe/internal/replies"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// protoFindings says what a server did against its protocol, or that it turned
// the caller away.
func protoFindings(r *probe.Result, c Context) []finding.Finding {
	step := r.FailedStep()
	if step == nil || (step.Phase == probe.SignIn || step.Phase == probe.Access) && probe.FaultOf(step.Err) != probe.EarlyAnswer {
		return nil
	}
	var refused *probe.ReplyError
	if errors.As(step.Err, &refused) && (step.Phase != probe.StartTLS || refused.Command == "EHLO" || refused.Command == "CAPABILITY") {
		return []finding.Finding{turnedAway(r, c, step.Phase, refused)}
	}
	if p, _ := protocolError(r); p != nil {
		return brokenDialogue(r, step.Phase, p)
	}
	return nil
}

// turnedAway judges a refusal in the greeting or of the first commands. A
// refusal for now says nothing about the settings.
func turnedAway(r *probe.Result, c Context, phase string, e *probe.ReplyError) finding.Finding {
	at := r.Endpoint.Address()
	f := finding.Finding{Code: "proto.greeting_reject", Severity: finding.Error, Blame: finding.Provider, Phase: phase,
		Message:  at + " turns the caller away at once.",
		Remedy:   "Read the server's own words below. If they speak of this network's address, try another network; otherwise ask the provider.",
		Evidence: finding.Saw(e.Reply.Text)}
	if e.Command != "" {
		f.Code, f.Message = "proto.command_refused", fmt.Sprintf("%s refuses the command %s.", at, e.Command)
		if e.Command == "EHLO" {
			f.Code = "smtp.ehlo_rejected"
		}
	}
	m, ok := explainReply(r, c, replies.LayerGreeting, e.Reply)
	if askedByTheBook := e.Command != ""; askedByTheBook && m.Code == "proto.client_fault" {
		ok = false
	}
	if ok {
		f.Message, f.Remedy, f.HelpURL = at+": "+m.Cause, m.Remedy, m.HelpURL
		if !strings.HasPrefix(m.Code, "auth.") && !strings.HasPrefix(m.Code, "access.") {
			f.Code, f.Severity, f.Blame = m.Code, m.Severity, m.Blame
		}
		if m.Code == "auth.limit" || m.Code == "auth.throttled" {
			f.Code, f.Severity, f.Blame = "net.rate_limited", finding.Warning, finding.Account
			f.Message = at + " takes no more connections for now: too many were made, or are open, for this account or from this address."
		}
	}
	if e.Reply.Temporary() {
		f.Severity = finding.Warning
	}
	return f
}

// brokenDialogue judges silence, an early end and lines against the grammar.
func brokenDialogue(r *probe.Result, phase string, p *probe.ProtocolError) []finding.Finding {
	at := r.Endpoint.Address()
	f := finding.Finding{Severity: finding.Error, Blame: finding.Provider, Phase: phase, Evidence: finding.Saw(p.Detail),
		Remedy: "Check the host name and the port against the provider's settings page. If they are right, the provider must look into it."}
	switch p.Fault {
	case probe.Silent:
		f.Code = "proto.silent"
		f.Message = at + " accepts the connection and then says nothing."
		switch {
		case phase == probe.Greeting && p.Detail != "":
			f.Message = at + " begins to speak and does not end its first line in time."
		case phase != probe.Greeting:
			f.Message = fmt.Sprintf("%s stops answering in the middle of the conversation (in the phase %s).", at, phase)
		}
	case probe.ClosedEarly:
		if wantsCert(r, phase) {
			clientCertRequired(&f, at)
		} else {
			hungUp(&f, at, p)
		}
	case probe.Malformed:
		f.Code = "proto.malformed"
		f.Message = fmt.Sprintf("What %s says is not %s.", at, r.Endpoint.Protocol.Name())
	case probe.TooLong, probe.TooMuch:
		f.Code = "proto." + string(p.Fault)
		f.Message = at + " sends far more than a mail server has to say; the conversation was ended."
	case probe.EarlyAnswer:
		f.Code = "proto.malformed"
		f.Message = at + " answers a question that was not asked."
	case probe.InternalDefect:
		f.Code, f.Severity, f.Blame = "tool.internal_error", finding.Warning, finding.Tool
		f.Message = "This program failed on what " + at + " sent. The settings were not judged."
		f.Remedy = "Please report this together with the output of --transcript."
	default:
		return nil
	}
	if phase == probe.StartTLS && p.Fault == probe.EarlyAnswer {
		return nil
	}
	return []finding.Finding{f}
}

// hungUp words an early end. One before the first word says nothing about the
// settings: servers end so what comes from an address that has too many
// connections or is barred, and proxies what they cannot pass on.
func hungUp(f *finding.Finding, at string, p *probe.ProtocolError) {
	f.Code, f.Message = "proto.closed", at+" ends the connection"
	if errors.Is(p.Err, syscall.ECONNRESET) {
		f.Code, f.Message = "net.reset_after_connect", at+" breaks the connection off"
	}
	switch {
	case f.Phase == probe.Greeting && p.Detail == "":
		f.Message += " before it has said a word."
		f.Remedy = "Close other mail programs that use this server, wait half an hour, and try from another network: too many connections from here, or an address that is barred, look like this. If it is the same there, the server has a fault."
	case f.Code == "proto.closed":
		f.Message += " in the middle of the conversation."
	default:
		f.Message += "."
	}
}

// wantsCert reports whether a server that asked for a client certificate hung
// up before it had said a word under TLS. Its alert is lost where it closes
// the connection while the next command is on its way.
func wantsCert(r *probe.Result, phase string) bool {
	first := probe.Greeting
	if r.Endpoint.Security == settings.StartTLS {
		first = probe.Capabilities
	}
	return phase == first && r.TLS != nil && r.TLS.CertAsked && len(r.Capabilities) == 0
}

// explainReply looks a server's reply up in the table of known replies.
func explainReply(r *probe.Result, c Context, layer string, reply probe.Reply) (replies.Match, bool) {
	q := replies.Query{Text: reply.Text, Protocol: r.Endpoint.Protocol, Layer: layer, At: c.now()}
	if c.Provider != nil {
		q.Provider = c.Provider.ID
	}
	matches := replies.Explain(q)
	if len(matches) == 0 {
		return replies.Match{}, false
	}
	return matches[0], true
}

func announces(caps []string, name string) bool {
	for _, c := range caps {
		if word, _, _ := strings.Cut(c, " "); strings.EqualFold(word, name) {
			return true
		}
	}
	return false
}
