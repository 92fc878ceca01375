package diagnose

import (
	"cmp"
	"errors"
	"net/netip"
	"slices"
	"strings"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// maxCertNames bounds the names of one certificate that are worth trying.
const maxCertNames = 3

// An Alternative is a setting worth trying in place of one that fails.
type Alternative struct {
	settings.Endpoint
	Why string // where it comes from, in words for people
}

// Alternatives lists what is worth trying in place of an endpoint that failed
// by its mode, its port or its name: settings of the same protocol, always
// encrypted, best first. It is nil where something else is wrong: another
// setting cures no expired certificate. s may be nil.
func Alternatives(r *probe.Result, s *settings.Settings) []Alternative {
	var list []Alternative
	switch misfitOf(r) {
	case wrongMode:
		list = slices.Concat(otherSecurity(r), official(r, s), usualPorts(r))
	case wrongPort:
		list = slices.Concat(official(r, s), usualPorts(r))
	case wrongName:
		list = slices.Concat(certificateNames(r), official(r, s))
	case noSuchHost:
		list = official(r, s)
	}
	seen := map[settings.Endpoint]bool{r.Endpoint: true}
	return slices.DeleteFunc(list, func(a Alternative) bool {
		known := seen[a.Endpoint] || a.Security == settings.Plain
		seen[a.Endpoint] = true
		return known
	})
}

// A misfit says which part of a setting does not fit the server.
type misfit int

const (
	fits       misfit = iota // or is wrong in another way
	wrongMode                // the security
	wrongPort                // nothing fitting is on the port
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
	case "":
	default:
		return fits
	}
	var refused *probe.ReplyError
	var handshake *tlscheck.HandshakeError
	switch {
	case step.Phase == probe.StartTLS && errors.As(step.Err, &handshake):
		return wrongMode
	case errors.As(step.Err, &refused) && (refused.Command == "STARTTLS" || refused.Command == "STLS") && !refused.Reply.Temporary():
		return wrongMode
	case isForOtherName(r.TLS):
		return wrongName
	}
	return fits
}

// nameIsWrong reports whether DNS says that the host is not there, which is
// more than that DNS does not answer.
func nameIsWrong(r *probe.Result, err error) bool {
	if l := r.Lookup; l != nil && l.Err == nil {
		return l.Rcode == "NXDOMAIN" || l.Rcode == "NOERROR"
	}
	return isNotFound(err)
}

// triedInVain reports whether any address refused or stayed silent. Without a
// way to any of them another port is out of reach, too.
func triedInVain(r *probe.Result) bool {
	return slices.ContainsFunc(r.Tried, func(t probe.Attempt) bool {
		fault := connectFaultOf(t.Err)
		return t.Err != nil && fault != connectUnreachable && fault != connectOther
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

// otherSecurity is the same port, spoken to as it speaks.
func otherSecurity(r *probe.Result) []Alternative {
	u := r.UnlikeAsked
	if u == nil || u.Protocol != "" && u.Protocol != string(r.Endpoint.Protocol) {
		return nil
	}
	e := r.Endpoint
	e.Security = settings.StartTLS
	if u.Security == settings.TLS {
		e.Security = settings.TLS
	}
	return []Alternative{{e, "the same port with " + securityName(e.Security)}}
}

// official lists what the source itself names for the protocol.
func official(r *probe.Result, s *settings.Settings) []Alternative {
	if s == nil {
		return nil
	}
	var list []Alternative
	for _, e := range s.Endpoints {
		switch {
		case e.Protocol != r.Endpoint.Protocol:
		case e.Role == settings.Alternative:
			list = append(list, Alternative{e.Endpoint, "the catalogue's alternative"})
		case e.Role == settings.Documented:
			list = append(list, Alternative{e.Endpoint, "documented as well"})
		}
	}
	return list
}

func usualPorts(r *probe.Result) []Alternative {
	var list []Alternative
	for _, security := range []settings.Security{settings.TLS, settings.StartTLS} {
		e := r.Endpoint
		e.Security, e.Port = security, settings.DefaultPort(e.Protocol, security)
		list = append(list, Alternative{e, "the usual port"})
	}
	return list
}

// certificateNames lists the host names that the certificate is good for,
// those nearest to the host first. A certificate with another fault vouches
// for no name, and a wildcard names no host.
func certificateNames(r *probe.Result) []Alternative {
	for _, c := range r.TLS.Causes {
		if c.Fatal && !isNameMismatch(c) {
			return nil
		}
	}
	if len(r.TLS.Chain) == 0 || !vouchedFor(r.TLS) {
		return nil
	}
	var list []Alternative
	for _, name := range r.TLS.Chain[0].DNSNames {
		host, err := settings.Host(name)
		if err != nil || !isHostName(host) {
			continue
		}
		e := r.Endpoint
		e.Host = host
		list = append(list, Alternative{e, "a name in the certificate"})
	}
	own := r.Endpoint.Host
	slices.SortStableFunc(list, func(a, b Alternative) int {
		return cmp.Compare(sharedLabels(b.Host, own), sharedLabels(a.Host, own))
	})
	return list[:min(len(list), maxCertNames)]
}

// vouchedFor reports whether the store that decides knows the authority.
func vouchedFor(s *tlscheck.State) bool {
	if s.Store == tlscheck.StoreMozilla {
		return s.MozillaTrust == tlscheck.TrustYes
	}
	return s.SystemTrust == tlscheck.TrustYes
}

func isHostName(host string) bool {
	_, err := netip.ParseAddr(host)
	return err != nil && strings.Contains(host, ".") && !strings.Contains(host, "*")
}

// sharedLabels counts the labels that two names end in alike.
func sharedLabels(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	n := 0
	for n < len(x) && n < len(y) && strings.EqualFold(x[len(x)-1-n], y[len(y)-1-n]) {
		n++
	}
	return n
}

// Serves reports whether a probed endpoint is fit to be recommended: the whole
// dialogue up to the capabilities, with a verified server and a way to sign
// in. What became of a sign-in says nothing about the setting.
func Serves(r *probe.Result, c Context) bool {
	if r.Step(probe.Capabilities).Status != probe.OK || !permitted(r) || r.UnlikeAsked != nil {
		return false
	}
	if len(r.Mechanisms) == 0 && (r.NativeLogin == "" || r.Endpoint.Protocol == settings.SMTP) {
		return false
	}
	return !slices.ContainsFunc(Result(r, c), func(f Finding) bool {
		return f.Severity == Error && f.Phase != probe.SignIn && f.Phase != probe.Access
	})
}
