package diagnose

import (
	"errors"
	"slices"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// A misfit says which part of a setting does not fit the server.
type misfit int

const (
	fits       misfit = iota // or is wrong in another way
	wrongMode                // the security
	wrongPort                // nothing fitting is on the port, or not to be had from here
	wrongName                // the certificate is for other names
	noSuchHost               // the name has no address
)

func misfitOf(r *probe.Result) misfit {
	step := r.FailedStep()
	switch {
	case step == nil && isForOtherName(r.TLS):
		return wrongName
	case step == nil && cannotSend(r):
		return wrongPort
	case step == nil:
		return fits
	case step.Phase == probe.Resolve && nameIsWrong(r, step.Err):
		return noSuchHost
	case step.Phase == probe.Connect && triedInVain(r):
		return wrongPort
	}
	return wrongInDialogue(r, step)
}

// wrongInDialogue looks at a dialogue that failed after the connection. A
// server that may be tampered with is no reason to look for another setting.
func wrongInDialogue(r *probe.Result, step *probe.Step) misfit {
	switch probe.FaultOf(step.Err) {
	case probe.SpeaksTLS, probe.SpeaksClear, probe.NotOffered, probe.Masked, probe.Preauth:
		return wrongMode
	case probe.WrongProtocol:
		return wrongPort
	case probe.Silent, probe.ClosedEarly:
		if step.Phase == probe.SignIn || step.Phase == probe.Access {
			return fits
		}
		return wrongPort
	case "":
	default:
		return fits
	}
	var refused *probe.ReplyError
	var handshake *tlscheck.HandshakeError
	switch {
	case step.Phase == probe.StartTLS && errors.As(step.Err, &handshake):
		return wrongMode
	case errors.As(step.Err, &handshake) && (dialogueSymptom(step) == mute || dialogueSymptom(step) == endedEarly):
		return wrongPort
	case errors.As(step.Err, &refused) && (refused.Command == "STARTTLS" || refused.Command == "STLS"):
		return wrongMode
	case isForOtherName(r.TLS):
		return wrongName
	}
	return fits
}

// triedInVain reports whether any address refused, stayed silent or could not
// be reached: a firewall may bar one port alone.
func triedInVain(r *probe.Result) bool {
	return slices.ContainsFunc(r.Tried, func(t probe.Attempt) bool {
		fault := faultOf(t)
		return t.Err != nil && fault != connectForbidden && fault != connectOther
	})
}

// cannotSend reports whether an SMTP server takes no sign-in: it is one for
// incoming mail.
func cannotSend(r *probe.Result) bool {
	e := r.Endpoint
	return e.Protocol == settings.SMTP && e.Security != settings.Plain &&
		r.Step(probe.Capabilities).Status == probe.OK && len(r.Mechanisms) == 0
}

func isForOtherName(s *tlscheck.State) bool {
	return s != nil && slices.ContainsFunc(s.Causes, isNameMismatch)
}

func isNameMismatch(c tlscheck.Cause) bool { return c.Kind == tlscheck.NameMismatch }
