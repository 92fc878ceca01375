package diagnose

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
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
	connectReset       connectFault = "reset"
	connectOther       connectFault = "other"
)

func connectFaultOf(err error) connectFault {
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return connectRefused
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.EADDRNOTAVAIL):
		return connectUnreachable
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
	return brokenFamily(r)
}

// notConnected judges by the gravest thing that any address answered: a
// refusal says more than silence, and silence more than having no way there.
func notConnected(r *probe.Result, s *probe.Step) finding.Finding {
	at, seen := r.Endpoint.Address(), map[connectFault]bool{}
	for _, t := range r.Tried {
		seen[connectFaultOf(t.Err)] = true
	}
	f := finding.Finding{Phase: probe.Connect, Severity: finding.Error, Evidence: finding.Saw(s.Err.Error())}
	switch {
	case seen[connectRefused]:
		f.Code, f.Blame = "net.refused", finding.Catalogue
		f.Message = at + " refuses connections: no server listens on this port there."
		f.Remedy = "Check the host name and the port against the provider's settings page."
	case seen[connectReset]:
		f.Code, f.Blame = "net.reset_after_connect", finding.Provider
		f.Message = at + " breaks the connection off before a word is said."
		f.Remedy = "Try from another network. If it is the same there, the provider must look into it."
	case seen[connectTimeout]:
		f.Code, f.Blame, f.Severity = "net.timeout", finding.LocalNetwork, finding.Warning
		f.Message = at + " does not answer. The server is down, or a firewall on the way drops the connection: from here that cannot be told apart."
		f.Remedy = "Try from another network, such as a phone's. If it works there, ask whoever runs this network to allow port " + portOf(r) + "."
	case seen[connectUnreachable]:
		f.Code, f.Blame, f.Severity = "net.unreachable", finding.LocalNetwork, finding.Warning
		f.Message = "This computer has no way to reach " + at + "."
		f.Remedy = "Check the network connection of this computer, then try again."
	default:
		f.Code, f.Blame, f.Severity = "net.failed", finding.LocalMachine, finding.Warning
		f.Message = "No connection to " + at + " could be made from this computer."
		f.Remedy = "Look at the reason below; it comes from the operating system of this computer."
	}
	return f
}

func portOf(r *probe.Result) string { return fmt.Sprint(r.Endpoint.Port) }

// brokenFamily tells of addresses that do not answer although another one of
// the same host does. A computer without IPv6 is no fault of the server.
func brokenFamily(r *probe.Result) []finding.Finding {
	var connected bool
	for _, t := range r.Tried {
		connected = connected || t.Err == nil
	}
	for _, t := range r.Tried {
		fault := connectFaultOf(t.Err)
		if t.Err == nil || !connected || fault == connectUnreachable || fault == connectOther {
			continue
		}
		f := finding.Finding{Code: "net.address_broken", Severity: finding.Warning, Blame: finding.Provider, Phase: probe.Connect,
			Message:  fmt.Sprintf("%s has an address that does not work: %s.", r.Endpoint.Address(), t.Addr.Addr()),
			Remedy:   "Mail programs that try this address first fail or hang. The provider must mend the server behind it or take it out of DNS.",
			Evidence: finding.Saw(fmt.Sprintf("%s: %v", t.Addr, t.Err))}
		if t.Addr.Addr().Is6() {
			f.Code = "net.ipv6_broken"
			f.Message = fmt.Sprintf("The IPv6 address of %s does not answer (%s); its IPv4 address does.", r.Endpoint.Address(), t.Addr.Addr())
			f.Remedy = "Mail programs that prefer IPv6 wait in vain. Check IPv6 on this network first; if it works elsewhere on the internet, the provider must mend it."
		}
		return []finding.Finding{f}
	}
	return nil
}
