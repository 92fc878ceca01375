package diagnose

import (
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/tlscheck"
)

const (
	interferenceCode = "net.interference"

	cutHere             = "Connections to port {port} are accepted here and then broken off or left without an answer, at {host} and at {other} alike (in the phase {phase}): something in this network interferes."
	oddHere             = "{host} and {other} fail alike on port {port} (in the phase {phase}), although they are of different providers: something in this network answers in their place, or changes what they say."
	barredHere          = "{host} and {other} both turn the caller away at once, although they are of different providers: both bar this network's address, or something in this network answers in their place."
	againstInterference = "Try from another network, such as a phone's, and without VPN and security programs. Then ask whoever runs this network to let mail connections through unchanged."
	againstFalseAnswers = "Do not sign in here. " + againstInterference
	againstBar          = "Try from another network, such as a phone's, and without a VPN: servers turn away addresses that many share. Ask whoever runs this network why."
	againstStripping    = "Do not sign in here without encryption. Ask whoever runs this network to switch off the inspection of mail."
)

// isExplained reports whether raw hellos showed why a server ends the
// handshake, so that one that goes on elsewhere tells nothing new. Of large
// packets others tell more.
func isExplained(r *probe.Result) bool {
	e := handshakeError(r)
	return e != nil && e.Explained != nil && !slices.Contains([]tlscheck.Reason{"", tlscheck.LargeAnswer, tlscheck.LargeHello}, e.Explained.Reason)
}

// explainCut decides who cuts or swallows a dialogue after it was accepted.
func explainCut(f finding.Finding, c comparison) finding.Finding {
	switch {
	case f.Code == largeLostCode && c.clear != nil:
		f.Blame, f.Args = finding.Provider, with(f.Args, "other", c.clear.Host)
		f.Message = f.Message.Then("From {other} they arrive, so it is not this network alone.")
		f.Remedy = "Try from another network and without a VPN. If it is the same there, the provider must mend its network: a router or a firewall of its own drops large packets, or the ICMP that would say so."
	case f.Code == largeLostCode:
	case f.Code == largeHelloCode && c.alike != nil:
		f.Code, f.Severity, f.Blame, f.HelpURL = largeLostCode, "", "", ""
		f.Args = finding.Args{"other": c.alike.Host}
		f.Message = "Long messages from here reach neither {host} nor {other}, short ones do: large packets are lost on the way."
		f.Remedy = againstLoss
		return weighed(f)
	case c.alike != nil:
		f.Code, f.Severity, f.Blame = interferenceCode, "", ""
		f.Args, f.HelpURL = finding.Args{"other": c.alike.Host, "phase": f.Phase}, ""
		f.Message, f.Remedy = cutHere, againstInterference
		return weighed(f)
	case c.clear != nil:
		f.Blame, f.Args = finding.Provider, with(f.Args, "other", c.clear.Host)
		f.Message = f.Message.Then("At {other} the same port works from here.")
	}
	return f
}

// explainOdd decides who answers where servers of different providers refuse or
// speak alike.
func explainOdd(f finding.Finding, c comparison, own symptom) finding.Finding {
	if c.alike == nil {
		return f
	}
	f.Code, f.Severity, f.Blame, f.HelpURL = interferenceCode, "", "", ""
	f.Args = finding.Args{"other": c.alike.Host, "phase": f.Phase}
	f.Message, f.Remedy = oddHere, againstFalseAnswers
	if f.Phase == probe.Greeting && own == turnedDown {
		f.Message, f.Args = barredHere, finding.Args{"other": c.alike.Host}
		f.Remedy = againstBar
	}
	return weighed(f)
}

// explainStripped decides who took the offer of encryption away.
func explainStripped(f finding.Finding, c comparison) finding.Finding {
	switch {
	case c.alike != nil:
		f.Code, f.Severity, f.Blame = "starttls.stripped_suspected", finding.Warning, "" // nothing is known of the server
		f.Args, f.HelpURL = finding.Args{"other": c.alike.Host}, ""
		f.Message = "Neither {host} nor {other} offers encryption (STARTTLS) on port {port} here, although both document it: something in this network removes the offer."
		f.Remedy = againstStripping
		return weighed(f)
	case c.clear != nil && f.Blame != finding.LocalNetwork:
		f.Args = with(f.Args, "other", c.clear.Host)
		f.Message = f.Message.Then("{other} does offer it here, so this network does not remove it.")
		f.Remedy = "Do not sign in here without encryption. The provider must offer STARTTLS on this port, or document another."
	}
	return f
}
