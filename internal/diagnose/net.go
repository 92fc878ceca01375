package diagnose

import (
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// A connectFault is one way in which a TCP connection does not come about.
type connectFault string

const (
	connectRefused     connectFault = "refused"
	connectTimeout     connectFault = "timeout"
	connectUnreachable connectFault = "unreachable"
	connectForbidden   connectFault = "forbidden" // by this computer itself
	connectReset       connectFault = "reset"
	connectOther       connectFault = "other"
)

func connectFaultOf(err error) connectFault {
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return connectRefused
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.EADDRNOTAVAIL),
		errors.Is(err, syscall.EAFNOSUPPORT):
		return connectUnreachable
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return connectForbidden
	case errors.Is(err, syscall.ECONNRESET):
		return connectReset
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.Is(err, syscall.ETIMEDOUT), errors.As(err, &timeout) && timeout.Timeout():
		return connectTimeout
	}
	return connectOther
}

// netFindings says why no connection came about, and which address is broken
// where another one works.
func netFindings(r *probe.Result, _ Context) []finding.Finding {
	f := r.FailedStep()
	if f != nil && f.Phase == probe.Connect {
		return []finding.Finding{notConnected(r, f)}
	}
	return brokenAddresses(r)
}

const (
	refusedThere  = "net.refused"
	forbiddenHere = "net.local_firewall"
)

// notConnected judges by the gravest thing that any address answered: a
// refusal says more than silence, and silence more than having no way there.
func notConnected(r *probe.Result, s *probe.Step) finding.Finding {
	f := finding.Finding{Phase: probe.Connect, Evidence: attempts(r, s)}
	switch gravestFault(r) {
	case connectRefused:
		f.Code, f.Message = refusedThere, "{server} refuses connections: no server listens on this port there, or a firewall rejects them."
		f.Remedy = "Check the host name and the port against the provider's settings page."
		alsoSilent(&f, r)
	case connectReset:
		f.Code, f.Message = "net.reset_after_connect", "{server} breaks the connection off before a word is said."
		f.Remedy = "Try from another network. If it is the same there, the provider must look into it."
	case connectTimeout:
		if gaveUp(r, s) {
			return about(r, tooBrief(f, s))
		}
		f.Code, f.Message = "net.timeout", "{server} does not answer. The server is down, or a firewall on the way drops the connection: from here that cannot be told apart."
		f.Remedy = "Try from another network, such as a phone's. If it works there, ask whoever runs this network to allow port {port}."
	case connectForbidden:
		f.Code, f.Message = forbiddenHere, "This computer itself forbids the connection to {server}: a firewall, a VPN or a security program on it is in the way."
		f.Remedy = "Allow this program, or connections to port {port}, in the firewall, the VPN or the security program of this computer, then try again."
	case connectUnreachable:
		f.Code, f.Message = "net.unreachable", "This computer has no way to reach {server}."
		f.Remedy = "Check the network connection of this computer, then try again."
	default:
		f.Code, f.Message = "net.failed", "No connection to {server} could be made from this computer."
		f.Remedy = "Look at the reason below; it comes from the operating system of this computer."
	}
	sayInside(&f, r)
	return about(r, f)
}

// tooBrief words a connection for which there was hardly any time.
func tooBrief(f finding.Finding, s *probe.Step) finding.Finding {
	f.Code, f.Blame = "net.timeout", finding.Tool // the limit was this program's own
	f.Args = finding.Args{"waited": seconds(s.Limit)}
	f.Message = "{server} has not answered within {waited} s, which is all the time that it had. It may only be far away."
	f.Remedy = "Repeat with a longer --timeout and without --phase-timeout."
	return f
}

// alsoSilent names the addresses that did not answer where others refused.
func alsoSilent(f *finding.Finding, r *probe.Result) {
	if names := silentAddresses(r); len(names) > 0 {
		f.Message = f.Message.Then("There is no answer from {address}.")
		f.Args = finding.Args{"address": few(names)}
	}
}

// silentAddresses lists the addresses of a host that did not answer.
func silentAddresses(r *probe.Result) []string {
	var names []string
	for _, t := range r.Tried {
		if connectFaultOf(t.Err) == connectTimeout {
			names = append(names, t.Addr.Addr().String())
		}
	}
	return names
}

// sayInside words a failed connection to an address that is none of the
// internet: nobody outside could be asked about it.
func sayInside(f *finding.Finding, r *probe.Result) {
	if r.Overridden || !isPrivate(r) || f.Code == forbiddenHere {
		return
	}
	f.Args = finding.Args{"address": r.Resolved[0].String()}
	if r.Resolved[0].IsLoopback() {
		f.Blame = finding.LocalMachine
		f.Message = "On this computer itself ({address}) nothing answers on port {port}."
		f.Remedy = "Start the program that should answer there, such as a mail bridge, and compare the port with the one that it shows. Inside a container {address} is the container, not the computer around it."
		return
	}
	f.Message = "{host} is inside a private network ({address}) and cannot be reached from here."
	f.Remedy = "Connect to the VPN of that network, or to the network itself, and try again. If another address is right outside, the DNS of this network and the public one differ for {host}: ask its administrator."
	if f.Code == refusedThere {
		f.Blame = finding.LocalNetwork
		f.Message = "{host} is inside a private network ({address}) and refuses connections to port {port}."
		f.Remedy = "Compare host and port with what the network's administrator says. A VPN that is off can lead to another computer with the same address."
	}
}

// faultOf returns what became of one address. Over IPv6 Linux reports the
// prohibition of a router on the way as if it were its own.
func faultOf(t probe.Attempt) connectFault {
	if fault := connectFaultOf(t.Err); fault != connectForbidden || t.Addr.Addr().Unmap().Is4() || errors.Is(t.Err, syscall.EPERM) {
		return fault
	}
	return connectUnreachable
}

// gravestFault returns what tells most of how the addresses of a host answered.
func gravestFault(r *probe.Result) connectFault {
	for _, fault := range []connectFault{connectRefused, connectReset, connectForbidden, connectTimeout, connectUnreachable} {
		if slices.ContainsFunc(r.Tried, func(t probe.Attempt) bool { return faultOf(t) == fault }) {
			return fault
		}
	}
	return connectOther
}

// attempts is what each address answered.
func attempts(r *probe.Result, s *probe.Step) finding.Evidence {
	if len(r.Tried) == 0 {
		return finding.Saw(withoutAddresses(s.Err))
	}
	var seen finding.Evidence
	for _, t := range r.Tried {
		if t.Err != nil {
			seen = append(seen, seenAt(t))
		}
	}
	return seen
}

func seenAt(t probe.Attempt) finding.Observation {
	return finding.Observation{At: t.Addr.String(), What: withoutAddresses(t.Err)}
}

// withoutAddresses is the text of an error without the addresses that the
// library names in it: where it was seen is said beside it.
func withoutAddresses(err error) string {
	var op *net.OpError
	if !errors.As(err, &op) || op.Err == nil || op.Addr == nil && op.Source == nil {
		return inTime(err.Error())
	}
	return inTime(strings.Replace(err.Error(), op.Error(), op.Err.Error(), 1))
}

// inTime words a limit of this program's. Which of several limits on one wait
// ends it is a matter of chance.
func inTime(text string) string {
	for _, limit := range []error{context.DeadlineExceeded, os.ErrDeadlineExceeded} {
		text = strings.ReplaceAll(text, limit.Error(), "no answer in time")
	}
	return text
}
