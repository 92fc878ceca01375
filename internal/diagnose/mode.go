package diagnose

import (
	"errors"
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
	f := finding.Finding{Phase: phase, Evidence: finding.Saw(p.Detail)}
	switch p.Fault {
	case probe.SpeaksClear:
		f.Code, f.Args = "mode.starttls_on_implicit_port", finding.Args{"spoken": speakerName(p.Speaks)}
		f.Message = "Port {port} of {host} does not begin with encryption: it speaks {spoken} in clear."
		f.Remedy = "In the mail program set the connection security for this port to STARTTLS."
		if p.Speaks == "" {
			f.Code, f.Args = "mode.wrong_protocol", nil
			f.Message = "{server} does not speak TLS; what it says belongs to no mail protocol."
			f.Remedy = "Check the host name and the port against the provider's settings page."
		}
	case probe.SpeaksTLS:
		f.Code, f.Args = "mode.implicit_on_starttls_port", finding.Args{"security": securityName(r.Endpoint.Security)}
		f.Message = "Port {port} of {host} expects encryption from the first byte; it is set to {security}."
		f.Remedy = "In the mail program set the connection security for this port to SSL/TLS."
	case probe.WrongProtocol:
		f.Code = "mode.wrong_protocol"
		f.Message = "{server} speaks {spoken}, not {protocol}."
		f.Args = finding.Args{"spoken": speakerName(p.Speaks), "protocol": speakerName(string(r.Endpoint.Protocol))}
		f.Remedy = "Check the host name and the port against the provider's settings page."
	default:
		return nil
	}
	return append([]finding.Finding{about(r, f)}, captive(r, p, phase)...)
}

// captive adds that an answer of the web may come from something in between.
func captive(r *probe.Result, p *probe.ProtocolError, phase string) []finding.Finding {
	if p.Speaks != "http" {
		return nil
	}
	return []finding.Finding{about(r, finding.Finding{Code: "env.proxy_or_captive", Phase: phase,
		Message: "The answer from {server} is a web page. In a hotel, a train or a company it often comes from a login page or a proxy on the way.",
		Remedy:  "Open a web page and sign in to the network if it asks for that; then try again."})}
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
