package diagnose

import (
	"errors"
	"net"
	"regexp"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// A nameFault is one way in which a host name leads to no address.
type nameFault int

const (
	resolverSilent nameFault = iota // the DNS server does not answer
	resolverRefuses
	noSuchName     // DNS itself says so
	aliasToNowhere // the name is an alias for one that does not exist
	noAddress      // the name exists
	brokenDomain   // the domain's own servers give no usable answer
	notFound       // the operating system's resolver says so, which tells less
	wrongFamily    // it has no address of the kind asked for
)

// nameFaultOf judges a failed look-up by what DNS itself says and, where that
// is not known, by the error of the operating system's resolver.
func nameFaultOf(r *probe.Result, err error) nameFault {
	if l := r.Lookup; l != nil && l.Err == nil {
		switch {
		case l.Rcode == "NXDOMAIN" && len(l.CNAME) > 0:
			return aliasToNowhere
		case l.Rcode == "NXDOMAIN":
			return noSuchName
		case l.Rcode == "NOERROR":
			return noAddress
		case l.Rcode == "SERVFAIL":
			return brokenDomain
		}
		return resolverRefuses
	}
	var dns *net.DNSError
	var lookup *probe.ResolveError
	switch {
	case isNotFound(err):
		return notFound
	case errors.As(err, &lookup) && !errors.As(err, &dns) && lookup.Err != nil && !errors.Is(err, net.ErrClosed):
		return wrongFamily
	}
	return resolverSilent
}

// isNotFound reports whether the operating system's resolver says that a name
// has no address.
func isNotFound(err error) bool {
	var e *net.DNSError
	return errors.As(err, &e) && e.IsNotFound
}

// nameIsWrong reports whether DNS says that the host is not there, which is
// more than that DNS does not answer.
func nameIsWrong(r *probe.Result, err error) bool {
	return slices.Contains([]nameFault{noSuchName, aliasToNowhere, noAddress, notFound}, nameFaultOf(r, err))
}

// dnsFindings says why a host has no address.
func dnsFindings(r *probe.Result, _ Context) []finding.Finding {
	step := r.FailedStep()
	if step == nil || step.Phase != probe.Resolve {
		return privateAddress(r)
	}
	host, args := lookedUp(r)
	f := finding.Finding{Phase: probe.Resolve, Args: args}
	switch fault := nameFaultOf(r, step.Err); fault {
	case notFound, wrongFamily, resolverSilent:
		f.Evidence = resolverSaid(step.Err)
		byResolver(&f, fault, host)
	default:
		byDNS(&f, fault, host, r.Lookup)
	}
	return []finding.Finding{about(r, f)}
}

// lookedUp returns how a sentence names the host that was looked up: the
// endpoint's own, unless --connect-to led to another.
func lookedUp(r *probe.Result) (finding.Sentence, finding.Args) {
	if r.Host == r.Endpoint.Host {
		return "{host}", finding.Args{}
	}
	return "{name}", finding.Args{"name": r.Host}
}

// byDNS words what DNS itself says. It tells a broken signature of the domain,
// which its owner must mend, from a DNS server in trouble.
func byDNS(f *finding.Finding, fault nameFault, host finding.Sentence, l *probe.Lookup) {
	seen := "NXDOMAIN"
	switch fault {
	case aliasToNowhere:
		f.Code, f.Args["alias"] = "dns.dangling_cname", l.CNAME[len(l.CNAME)-1]
		f.Message = host + " is an alias for {alias}, which does not exist."
		f.Remedy = "The owner of the domain must correct the alias in DNS."
	case noSuchName:
		f.Code, f.Message = "dns.nxdomain", "The host name "+host+" does not exist."
		f.Remedy = "Compare the name letter by letter with the provider's settings page."
	case noAddress:
		f.Code, f.Message = "dns.nodata", "The name "+host+" exists, but it has no address, so nothing can connect to it."
		f.Remedy = "Compare the name with the provider's settings page; if it is right, the owner of the domain must add an address to it."
		seen = "no A or AAAA record"
	case brokenDomain:
		f.Code, f.Message = "dns.servfail", "The DNS servers for "+host+" give no usable answer."
		f.Remedy = "Try another DNS server. If it fails there too, the owner of the domain must mend its DNS."
		if l.EDE != "" {
			f.Message, f.Args["ede"] = "The DNS servers for "+host+" give no usable answer: {ede}.", l.EDE
		}
		seen = strings.TrimSpace("SERVFAIL " + l.EDE)
	default:
		f.Code, f.Args["resolver"] = "dns.refused", l.Server
		f.Message = "The DNS server {resolver} will not look up " + host + ", so nothing could be tested."
		f.Remedy = "Use another DNS server on this computer, or ask whoever runs this one."
		f.Evidence = finding.Saw(l.Rcode)
		return
	}
	f.Evidence = finding.Evidence{{At: l.Server, What: seen}}
}

// byResolver words what the operating system's resolver alone says.
func byResolver(f *finding.Finding, fault nameFault, host finding.Sentence) {
	switch fault {
	case notFound:
		f.Code, f.Message = "dns.nxdomain", "The host name "+host+" has no address in DNS: it does not exist, or nothing can connect to it."
		f.Remedy = "Compare the name letter by letter with the provider's settings page."
	case wrongFamily:
		f.Code, f.Args["reason"] = "dns.no_address", f.Evidence[0].What
		f.Message = "No usable address of " + host + ": {reason}."
		f.Remedy = "Leave out -4 or -6, or repeat where that kind of address is used."
	default:
		f.Code, f.Message = "dns.timeout", "The DNS server of this computer did not answer the question for "+host+", so nothing could be tested."
		f.Remedy = "Check the connection to the internet and the DNS server that this computer uses, then try again."
	}
}

// resolverSaid is what a look-up failed with, without the name that was asked
// for, and at which DNS server.
func resolverSaid(err error) finding.Evidence {
	var dns *net.DNSError
	var lookup *probe.ResolveError
	switch {
	case errors.As(err, &dns):
		return finding.Evidence{{At: dns.Server, What: inTime(ownPort.ReplaceAllString(dns.Err, ""))}}
	case errors.As(err, &lookup) && lookup.Err != nil:
		return finding.Saw(lookup.Err.Error())
	}
	return finding.Saw(err.Error())
}

// ownPort is what the system's resolver puts before its error: the port of
// this side, which is another one each time.
var ownPort = regexp.MustCompile(`^(read|write|dial) \w+ \S+: `)

const addressInside = "dns.private_address"

// privateAddress tells of a public name that leads into a private network.
func privateAddress(r *probe.Result) []finding.Finding {
	if r.Overridden || !strings.Contains(r.Host, ".") || net.ParseIP(r.Host) != nil {
		return nil
	}
	for _, a := range r.Resolved {
		if a.IsPrivate() || a.IsLoopback() || a.IsUnspecified() || a.IsLinkLocalUnicast() {
			host, args := lookedUp(r)
			args["address"] = a.String()
			return []finding.Finding{about(r, finding.Finding{Code: addressInside, Phase: probe.Resolve, Args: args,
				Message:  host + " leads to {address}, an address inside a private network.",
				Remedy:   "This is right inside a company. Elsewhere a DNS filter, an ad blocker or the hosts file of this computer is in the way.",
				Evidence: finding.Saw(a.String())})}
		}
	}
	return nil
}
