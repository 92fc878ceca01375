package diagnose

import (
	"errors"
	"fmt"
	"strings"

	"mailprobe/internal/finding"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// protocolError returns the protocol fault with which a probe ended, and its
// phase.
func protocolError(r *probe.Result) (*probe.ProtocolError, string) {
	f := r.FailedStep()
	var p *probe.ProtocolError
	if f == nil || !errors.As(f.Err, &p) {
		return nil, ""
	}
	return p, f.Phase
}

// modeFindings says that a port speaks otherwise than the setting has it.
func modeFindings(r *probe.Result, _ Context) []finding.Finding {
	p, phase := protocolError(r)
	if p == nil {
		return nil
	}
	at := r.Endpoint.Address()
	f := finding.Finding{Severity: finding.Error, Blame: finding.Catalogue, Phase: phase, Evidence: finding.Saw(p.Detail)}
	switch p.Fault {
	case probe.SpeaksClear:
		f.Code = "mode.starttls_on_implicit_port"
		f.Message = fmt.Sprintf("Port %d of %s does not begin with encryption: it speaks %s in clear.", r.Endpoint.Port, r.Endpoint.Host, speakerName(p.Speaks))
		f.Remedy = "In the mail program set the connection security for this port to STARTTLS."
		if p.Speaks == "" {
			f.Code, f.Message = "mode.wrong_protocol", at+" does not speak TLS; what it says belongs to no mail protocol."
			f.Remedy = "Check the host name and the port against the provider's settings page."
		}
	case probe.SpeaksTLS:
		f.Code = "mode.implicit_on_starttls_port"
		f.Message = fmt.Sprintf("Port %d of %s expects encryption from the first byte; it is set to %s.", r.Endpoint.Port, r.Endpoint.Host, securityName(r.Endpoint.Security))
		f.Remedy = "In the mail program set the connection security for this port to SSL/TLS."
	case probe.WrongProtocol:
		f.Code = "mode.wrong_protocol"
		f.Message = fmt.Sprintf("%s speaks %s, not %s.", at, speakerName(p.Speaks), speakerName(string(r.Endpoint.Protocol)))
		f.Remedy = "Check the host name and the port against the provider's settings page."
	default:
		return nil
	}
	return append([]finding.Finding{f}, captive(r, p, phase)...)
}

// captive adds that an answer of the web may come from something in between.
func captive(r *probe.Result, p *probe.ProtocolError, phase string) []finding.Finding {
	if p.Speaks != "http" {
		return nil
	}
	return []finding.Finding{{Code: "env.proxy_or_captive", Severity: finding.Warning, Blame: finding.LocalNetwork, Phase: phase,
		Message: "The answer from " + r.Endpoint.Address() + " is a web page. In a hotel, a train or a company it often comes from a login page or a proxy on the way.",
		Remedy:  "Open a web page and sign in to the network if it asks for that; then try again."}}
}

func speakerName(protocol string) string {
	switch protocol {
	case "imap", "pop3", "smtp", "ssh", "ftp":
		return strings.ToUpper(protocol)
	case "http":
		return "HTTP, the language of the web"
	}
	return "an unknown protocol"
}

// securityName is the security's name within a sentence.
func securityName(s settings.Security) string {
	if s == settings.Plain {
		return "no encryption"
	}
	return s.Name()
}
