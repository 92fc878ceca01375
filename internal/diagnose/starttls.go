package diagnose

import (
	"errors"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/tlscheck"
)

// startTLSFindings judges the upgrade of a cleartext connection.
func startTLSFindings(r *probe.Result, _ Context) []finding.Finding {
	step := r.FailedStep()
	if step == nil || (step.Phase != probe.StartTLS && probe.FaultOf(step.Err) != probe.Preauth) {
		return stillAnnounced(r)
	}
	f := finding.Finding{Phase: step.Phase}
	var refused *probe.ReplyError
	var handshake *tlscheck.HandshakeError
	p, _ := protocolError(r)
	switch {
	case p != nil:
		f.Evidence = finding.Saw(p.Detail)
		if !tamperFinding(&f, p.Fault) {
			return nil
		}
	case errors.As(step.Err, &refused) && refused.Command != "EHLO" && refused.Command != "CAPABILITY":
		f.Code, f.Evidence = "starttls.refused", finding.Saw(refused.Reply.Text)
		f.Message = "{server} announces STARTTLS, the switch to encryption, and then refuses it."
		f.Remedy = "The provider must mend the server, often its certificate."
	case errors.As(step.Err, &handshake) && handshake.Failure == tlscheck.Timeout:
		return nil // tlsFindings speaks of it
	case errors.As(step.Err, &handshake):
		f.Code, f.Evidence = "starttls.advertised_but_fails", finding.Saw(withoutAddresses(handshake))
		f.Message = "{server} agrees to STARTTLS, the switch to encryption, but then no encrypted connection comes about."
		f.Remedy = "The provider must mend TLS on this port."
	default:
		return nil
	}
	return []finding.Finding{about(r, f)}
}

// tamperFinding fills in the finding for a fault in the STARTTLS dialogue and
// reports whether there is one.
func tamperFinding(f *finding.Finding, fault probe.ProtocolFault) bool {
	switch fault {
	case probe.NotOffered:
		f.Code = "starttls.not_offered"
		f.Message = "{server} does not offer STARTTLS, the switch to encryption, although the setting asks for it."
		f.Remedy = "Do not sign in here without encryption. Try another network: some remove the offer on the way."
	case probe.Masked:
		f.Code = "starttls.stripped_suspected"
		f.Message = "Something between this computer and {server} overwrites the server's offer of encryption. Firewalls that inspect mail do that."
		f.Remedy = "Do not sign in here. Ask whoever runs this network to switch off the inspection of SMTP."
	case probe.Injected:
		f.Code = "starttls.injected_response"
		f.Message = "Behind its consent to encryption {server} sent more in clear. Either the server is faulty or someone tampers with the connection; nothing more was sent."
		f.Remedy = "Do not sign in here. Try from another network; if it is the same there, tell the provider."
	case probe.EarlyAnswer:
		f.Code = "starttls.early_response"
		f.Message = "{server} answered before it was asked. Someone may be tampering with the connection; nothing more was sent."
		f.Remedy = "Do not sign in here. Try from another network; if it is the same there, tell the provider."
	case probe.Preauth:
		f.Code = "imap.preauth_cleartext"
		f.Message = "{server} declares the user signed in on a connection without encryption, which makes the switch to encryption impossible. A mail program must hang up."
		f.Remedy = "Do not use this port. The provider must mend the server; on a foreign network someone may be tampering."
	default:
		return false
	}
	return true
}

// stillAnnounced tells of a server that offers STARTTLS inside TLS, against
// RFC 3207 §4.2 and RFC 9051 §6.2.1.
func stillAnnounced(r *probe.Result) []finding.Finding {
	if r.TLS == nil || r.UnlikeAsked != nil || !(announces(r.Capabilities, "STARTTLS") || announces(r.Capabilities, "STLS")) {
		return nil
	}
	return []finding.Finding{about(r, finding.Finding{Code: "starttls.advertised_after_tls", Phase: probe.Capabilities,
		Message:  "{server} still offers STARTTLS although the connection is encrypted already.",
		Remedy:   "Mail programs cope. The provider should stop announcing it inside TLS.",
		Evidence: finding.Saw("STARTTLS among the capabilities inside TLS")})}
}
