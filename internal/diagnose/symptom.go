package diagnose

import (
	"errors"
	"fmt"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// A symptom is how a dialogue ended, in words so coarse that another server
// can show the same.
type symptom int

const (
	unharmed     symptom = iota // nothing failed
	incomparable                // it failed in a way of its own, or was cut short
	nameless                    // the name led to no address
	rejected                    // the connection was refused
	noReply                     // nobody answered
	barred                      // there is no way there
	endedEarly                  // it was cut after it was accepted
	mute                        // it was accepted, and then nothing came
	unencrypted                 // no encryption is offered
	web                         // a web server answered
	untrusted                   // an authority that nobody knows signed the certificate
	turnedDown                  // a reply refuses the caller or the switch to encryption
	clear                       // it speaks a mail protocol without encryption where encryption is documented
	misnamed                    // the certificate is for other names
	misdated                    // the certificate has ended or has not begun, by this computer's clock
	peculiar                    // it failed in a way of which the detail tells: see detailOf
)

// symptomOf returns how a dialogue ended, and in which phase.
func symptomOf(r *probe.Result) (symptom, string) {
	step := r.FailedStep()
	switch {
	case step == nil && strangeAuthority(r.TLS):
		return untrusted, securePhase(r)
	case step == nil && isForOtherName(r.TLS):
		return misnamed, securePhase(r)
	case step == nil && isMisdated(r.TLS):
		return misdated, securePhase(r)
	case step == nil:
		return unharmed, ""
	case probe.CutShort(step.Err) || gaveUp(r, step):
		return incomparable, step.Phase
	case step.Phase == probe.Resolve:
		return nameless, step.Phase
	case step.Phase == probe.Connect:
		return connectSymptom[gravestFault(r)], step.Phase
	}
	return dialogueSymptom(step), step.Phase
}

var connectSymptom = map[connectFault]symptom{
	connectRefused: rejected, connectTimeout: noReply, connectUnreachable: barred, connectReset: endedEarly,
	connectForbidden: incomparable, connectOther: incomparable,
}

func dialogueSymptom(step *probe.Step) symptom {
	var fault *probe.ProtocolError
	var handshake *tlscheck.HandshakeError
	var refused *probe.ReplyError
	switch {
	case errors.As(step.Err, &fault):
		return faultSymptom(fault)
	case errors.As(step.Err, &refused) && (step.Phase == probe.Greeting || !refused.Reply.Ends() && step.Phase == probe.StartTLS):
		return turnedDown
	case !errors.As(step.Err, &handshake):
		return incomparable
	}
	switch handshake.Failure {
	case tlscheck.Timeout:
		return mute
	case tlscheck.Closed, tlscheck.Reset:
		return endedEarly
	case tlscheck.Alert:
		return peculiar
	}
	return incomparable
}

// detailOf tells two dialogues apart that failed in peculiar ways: what was
// spoken, which alert ended the handshake.
func detailOf(r *probe.Result) string {
	step := r.FailedStep()
	var fault *probe.ProtocolError
	var handshake *tlscheck.HandshakeError
	switch {
	case step == nil:
	case errors.As(step.Err, &fault):
		return string(fault.Fault) + " " + fault.Speaks
	case errors.As(step.Err, &handshake):
		return fmt.Sprint(handshake.Failure, handshake.Alert, handshake.Local)
	}
	return ""
}

func faultSymptom(e *probe.ProtocolError) symptom {
	switch e.Fault {
	case probe.Silent:
		return mute
	case probe.ClosedEarly:
		return endedEarly
	case probe.NotOffered, probe.Masked:
		return unencrypted
	case probe.WrongProtocol, probe.SpeaksClear:
		switch {
		case e.Speaks == string(webProtocol):
			return web
		case e.Fault == probe.SpeaksClear && e.Speaks != "":
			return clear
		}
		return peculiar
	case probe.SpeaksTLS, probe.Injected, probe.EarlyAnswer, probe.Preauth, probe.Malformed, probe.TooLong, probe.TooMuch:
		return peculiar
	}
	return incomparable
}

const webProtocol settings.Protocol = "http"

// strangeAuthority reports whether nobody who is known vouches for the
// certificate, although nothing else is wrong with the way it is signed.
func strangeAuthority(s *tlscheck.State) bool {
	if s == nil {
		return false
	}
	for _, c := range s.Causes {
		switch c.Kind {
		case tlscheck.SelfSigned, tlscheck.UnknownCA, tlscheck.Intercepted:
			return true
		}
	}
	return false
}

// isMisdated reports whether the server's own certificate is not valid now.
func isMisdated(s *tlscheck.State) bool {
	return s != nil && len(s.Chain) > 0 && (leafHas(s, tlscheck.Expired) || leafHas(s, tlscheck.NotYetValid))
}

// got reports whether a dialogue went beyond the phase in which another one
// ended, and so shows that it can be passed from here.
func got(beyond string, r *probe.Result) bool {
	if beyond == probe.TLS || beyond == probe.StartTLS {
		return r.TLS != nil && !strangeAuthority(r.TLS) && !isForOtherName(r.TLS)
	}
	return r.Step(beyond).Status == probe.OK
}
