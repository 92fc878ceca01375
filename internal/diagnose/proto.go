package diagnose

import (
	"errors"
	"slices"
	"strings"
	"syscall"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/replies"
	"mailprobe/internal/settings"
)

// protoFindings says what a server did against its protocol, or that it turned
// the caller away.
func protoFindings(r *probe.Result, c Context) []finding.Finding {
	step := r.FailedStep()
	if step == nil || step.Phase == probe.Access || step.Phase == probe.SignIn && !brokenGrammar(step.Err) {
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
	f := finding.Finding{Code: "proto.greeting_reject", Phase: phase,
		Message:  "{server} turns the caller away at once.",
		Remedy:   "Read the server's own words below. If they speak of this network's address, try another network; otherwise ask the provider.",
		Evidence: finding.Saw(e.Reply.Text)}
	if e.Command != "" {
		f.Code, f.Message, f.Args = "proto.command_refused", "{server} refuses the command {command}.", finding.Args{"command": e.Command}
		if e.Command == "EHLO" {
			f.Code = ehloRejected
		}
	}
	m, ok := explainReply(r, c, replies.LayerGreeting, e.Reply)
	if askedByTheBook := e.Command != ""; ok && !(askedByTheBook && m.Code == clientAtFault) {
		refineTurnedAway(&f, m)
	}
	if f.Code == ehloRejected {
		ehloRefused(&f, r, e.Reply)
	}
	if e.Reply.Temporary() {
		f.Severity = finding.Warning
	}
	return about(r, f)
}

const (
	ehloRejected = "smtp.ehlo_rejected"
	malformed    = "proto.malformed"
	closed       = "proto.closed"
)

// ehloRefused tells a server that does not like the name that it was given
// from one that does not know the command (RFC 5321 §4.2.4).
func ehloRefused(f *finding.Finding, r *probe.Result, reply probe.Reply) {
	if r.EHLO == "" || reply.Status == "500" || reply.Status == "502" {
		return
	}
	f.Blame, f.Args = finding.LocalMachine, finding.Args{"name": r.EHLO}
	f.Message = "{server} refuses the name by which this program called itself, {name}."
	f.Remedy = "Repeat with --ehlo and the name that your mail program gives, or a full host name of this computer, such as --ehlo pc.example.com. If that is refused too, read the server's own words below."
}

// refineTurnedAway takes over what a known reply means. Nobody has signed in
// yet, so one about signing in means nothing here, but for one about too many
// connections, which is about who calls.
func refineTurnedAway(f *finding.Finding, m replies.Match) {
	switch {
	case m.Code == authLimit || m.Code == authThrottled:
		asKnown(f, m)
		f.Code = "net.rate_limited"
		f.Message = "{server} takes no more connections for now: too many were made, or are open, for this account or from this address."
	case concernsSignIn(m):
	case concernsAccess(m):
		asKnown(f, m)
		if m.Severity == finding.Warning {
			f.Severity = m.Severity // it may pass by itself
		}
	default:
		asKnown(f, m)
		f.Code, f.Severity, f.Blame = m.Code, m.Severity, m.Blame
	}
}

// brokenDialogue judges silence, an early end and lines against the grammar.
func brokenDialogue(r *probe.Result, phase string, p *probe.ProtocolError) []finding.Finding {
	f := finding.Finding{Phase: phase, Evidence: finding.Saw(p.Detail),
		Remedy: "Check the host name and the port against the provider's settings page. If they are right, the provider must look into it."}
	switch p.Fault {
	case probe.Silent:
		if !strings.HasSuffix(p.Detail, "\r") {
			return []finding.Finding{about(r, fellSilent(r, p))}
		}
		f.Code, f.Message = malformed, "{server} ends a line by CR alone instead of CR and LF, and mail programs wait for the rest."
	case probe.ClosedEarly:
		if wantsCert(r, phase) {
			clientCertRequired(&f)
		} else {
			hungUp(&f, p)
		}
	case probe.Malformed:
		f.Code, f.Message = malformed, "What {server} says is not {protocol}."
		f.Args = finding.Args{"protocol": r.Endpoint.Protocol.Name()}
	case probe.TooLong, probe.TooMuch:
		f.Code, f.Message = "proto."+string(p.Fault), "{server} sends far more than a mail server has to say; the conversation was ended."
	case probe.EarlyAnswer:
		if phase == probe.StartTLS {
			return nil // tamperFinding speaks of it
		}
		f.Code, f.Message = malformed, "{server} answers a question that was not asked."
	case probe.InternalDefect:
		f.Code, f.Message = "tool.internal_error", "This program failed while it tested {server}. The settings were not judged."
		f.Remedy = "Please report this together with the output of --transcript."
	default:
		return nil
	}
	return []finding.Finding{about(r, f)}
}

// hungUp words an early end. One before the first word says nothing about the
// settings: servers end so what comes from an address that has too many
// connections or is barred, and proxies what they cannot pass on.
func hungUp(f *finding.Finding, p *probe.ProtocolError) {
	f.Code, f.Message = closed, "{server} ends the connection"
	if errors.Is(p.Err, syscall.ECONNRESET) {
		f.Code, f.Message = "net.reset_after_connect", "{server} breaks the connection off"
	}
	switch {
	case f.Phase == probe.Greeting && p.Detail == "":
		f.Message += " before it has said a word."
		f.Remedy = "Close other mail programs that use this server, wait half an hour, and try from another network: too many connections from here, or an address that is barred, look like this. If it is the same there, the server has a fault."
	case f.Code == closed:
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

func announces(caps []string, name string) bool {
	return slices.ContainsFunc(caps, func(c string) bool {
		word, _, _ := strings.Cut(c, " ")
		return strings.EqualFold(word, name)
	})
}
