package diagnose

import (
	"errors"
	"fmt"
	"net"
	"strings"

	"mailprobe/internal/finding"

	"mailprobe/internal/probe"
)

// dnsFindings says why a host has no address.
func dnsFindings(r *probe.Result, _ Context) []finding.Finding {
	if f := r.FailedStep(); f == nil || f.Phase != probe.Resolve {
		return privateAddress(r)
	}
	f := lookupFinding(r)
	f.Phase = probe.Resolve
	return []finding.Finding{f}
}

func lookupFinding(r *probe.Result) finding.Finding {
	l := r.Lookup
	if l == nil || l.Err != nil {
		return resolverFinding(r)
	}
	host := r.Host
	switch {
	case l.Rcode == "NXDOMAIN" && len(l.CNAME) > 0:
		return finding.Finding{Code: "dns.dangling_cname", Severity: finding.Error, Blame: finding.Provider,
			Message:  fmt.Sprintf("%s is an alias for %s, which does not exist.", host, l.CNAME[len(l.CNAME)-1]),
			Remedy:   "The owner of the domain must correct the alias in DNS.",
			Evidence: finding.Saw(l.Server + ": NXDOMAIN")}
	case l.Rcode == "NXDOMAIN":
		return finding.Finding{Code: "dns.nxdomain", Severity: finding.Error, Blame: finding.Catalogue,
			Message:  fmt.Sprintf("The host name %s does not exist.", host),
			Remedy:   "Compare the name letter by letter with the provider's settings page.",
			Evidence: finding.Saw(l.Server + ": NXDOMAIN")}
	case l.Rcode == "NOERROR":
		return finding.Finding{Code: "dns.nodata", Severity: finding.Error, Blame: finding.Provider,
			Message:  fmt.Sprintf("The name %s exists, but it has no address, so nothing can connect to it.", host),
			Remedy:   "Compare the name with the provider's settings page; if it is right, the owner of the domain must add an address to it.",
			Evidence: finding.Saw(l.Server + ": no A or AAAA record")}
	case l.Rcode == "SERVFAIL":
		return servfail(host, l)
	}
	return finding.Finding{Code: "dns.refused", Severity: finding.Warning, Blame: finding.LocalNetwork,
		Message:  fmt.Sprintf("The DNS server %s will not look up %s, so nothing could be tested.", l.Server, host),
		Remedy:   "Use another DNS server on this computer, or ask whoever runs this one.",
		Evidence: finding.Saw(l.Rcode)}
}

// servfail tells a broken signature of the domain, which its owner must mend,
// from a DNS server in trouble.
func servfail(host string, l *probe.Lookup) finding.Finding {
	f := finding.Finding{Code: "dns.servfail", Severity: finding.Error, Blame: finding.Provider,
		Message:  fmt.Sprintf("The DNS servers for %s give no usable answer.", host),
		Remedy:   "Try another DNS server. If it fails there too, the owner of the domain must mend its DNS.",
		Evidence: finding.Saw(strings.TrimSpace(l.Server + ": SERVFAIL " + l.EDE))}
	if l.EDE != "" {
		f.Message = fmt.Sprintf("The DNS servers for %s give no usable answer: %s.", host, l.EDE)
	}
	return f
}

// resolverFinding judges by the operating system's resolver alone, which
// tells less.
func resolverFinding(r *probe.Result) finding.Finding {
	var e *net.DNSError
	var err *probe.ResolveError
	step := r.FailedStep()
	asked := errors.As(step.Err, &err)
	evidence := step.Err.Error()
	switch {
	case errors.As(step.Err, &e) && e.IsNotFound:
		return finding.Finding{Code: "dns.nxdomain", Severity: finding.Error, Blame: finding.Catalogue,
			Message:  fmt.Sprintf("The host name %s has no address in DNS: it does not exist, or nothing can connect to it.", r.Host),
			Remedy:   "Compare the name letter by letter with the provider's settings page.",
			Evidence: finding.Saw(evidence)}
	case asked && e == nil && err.Err != nil && !errors.Is(err.Err, net.ErrClosed):
		return finding.Finding{Code: "dns.no_address", Severity: finding.Warning, Blame: finding.LocalMachine,
			Message:  fmt.Sprintf("No usable address of %s: %v.", r.Host, err.Err),
			Remedy:   "Leave out -4 or -6, or repeat where that kind of address is used.",
			Evidence: finding.Saw(evidence)}
	}
	return finding.Finding{Code: "dns.timeout", Severity: finding.Warning, Blame: finding.LocalNetwork,
		Message:  fmt.Sprintf("The DNS server of this computer did not answer the question for %s, so nothing could be tested.", r.Host),
		Remedy:   "Check the connection to the internet and the DNS server that this computer uses, then try again.",
		Evidence: finding.Saw(evidence)}
}

// isNotFound reports whether the operating system's resolver says that a name
// has no address.
func isNotFound(err error) bool {
	var e *net.DNSError
	return errors.As(err, &e) && e.IsNotFound
}

// privateAddress tells of a public name that leads into a private network.
func privateAddress(r *probe.Result) []finding.Finding {
	if r.Overridden || !strings.Contains(r.Host, ".") || net.ParseIP(r.Host) != nil {
		return nil
	}
	for _, a := range r.Resolved {
		if a.IsPrivate() || a.IsLoopback() || a.IsUnspecified() || a.IsLinkLocalUnicast() {
			return []finding.Finding{{Code: "dns.private_address", Severity: finding.Warning, Blame: finding.LocalNetwork,
				Phase:    probe.Resolve,
				Message:  fmt.Sprintf("%s leads to %s, an address inside a private network.", r.Host, a),
				Remedy:   "This is right inside a company. Elsewhere a DNS filter, an ad blocker or the hosts file of this computer is in the way.",
				Evidence: finding.Saw(a.String())}}
		}
	}
	return nil
}
