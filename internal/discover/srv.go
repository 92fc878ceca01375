package discover

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"

	"golang.org/x/net/publicsuffix"

	"mailprobe/internal/dnsclient"
	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// SRVName returns the name under which a server of a domain stands in DNS;
// empty: one without encryption has none.
func SRVName(p settings.Protocol, s settings.Security, domain string) string {
	for _, service := range settings.Services() {
		if service.Protocol == p && service.Security == s {
			return service.Name + "." + domain
		}
	}
	return ""
}

// srv asks for all services at once.
func (a *asker) srv(ctx context.Context) Report {
	r := Report{Where: "_imaps._tcp." + a.domain + " SRV"}
	services := settings.Services()
	answers, errs := make([]dnsclient.Answer, len(services)), make([]error, len(services))
	var wait sync.WaitGroup
	for i, s := range services {
		wait.Go(func() { answers[i], errs[i] = a.records(ctx, s.Name+"."+a.domain, dnsclient.SRV) })
	}
	wait.Wait()
	denied := map[settings.Protocol]bool{}
	for i, s := range services {
		for _, record := range answers[i].SRV {
			r.Asked = true
			if record.Target == "." {
				denied[s.Protocol] = true
				continue
			}
			a.service(&r, s, record, answers[i].AuthenticData)
		}
	}
	for _, p := range settings.Protocols() {
		if denied[p] && !offers(r.Offers, p) {
			r.Absent = append(r.Absent, p)
		}
	}
	for _, err := range errs {
		if err != nil && len(r.Offers) == 0 {
			return r.noDNS(err)
		}
	}
	return a.listed(r)
}

func offers(list []published.Offer, p settings.Protocol) bool {
	for _, o := range list {
		if o.Protocol == p {
			return true
		}
	}
	return false
}

// listed ends the report of DNS records.
func (a *asker) listed(r Report) Report {
	switch {
	case len(r.Offers) == 0 && len(r.Absent) > 0:
		return r.none("the records say that these services are not there")
	case len(r.Offers) == 0:
		return r.none("the domain has no such records")
	}
	d := published.Judge(r.Offers)
	r.Offers = d.Offers
	r.Findings = append(r.Findings, d.Findings...)
	a.preferred(&r)
	r.Status = Found
	return r
}

// service takes one record.
func (a *asker) service(r *Report, s settings.Service, record dnsclient.Service, signed bool) {
	name := s.Name + "." + a.domain
	host, err := settings.Host(record.Target)
	if _, number := netip.ParseAddr(host); err != nil || number == nil || record.Port == 0 {
		r.says(finding.Finding{Code: "settings.unknown_value", Args: finding.Args{"name": name, "value": fmt.Sprintf(`"%d %d %d %s"`, record.Priority, record.Weight, record.Port, record.Target)},
			Message: "The SRV record {name} is {value}, which names no server.", Remedy: `Write priority, weight, port and host; "0 0 0 ." where there is none.`})
		return
	}
	r.Offers = append(r.Offers, published.Offer{Protocol: s.Protocol, Host: host, Port: record.Port, Security: s.Security, Priority: int(record.Priority), Weight: int(record.Weight)})
	if !signed && !a.within(host) {
		r.says(finding.Finding{Code: "dns.srv_target_foreign", Args: finding.Args{"name": name, "target": net.JoinHostPort(host, fmt.Sprint(record.Port))},
			Message: "The SRV record {name} points to {target}, outside the domain, and no signature (DNSSEC) protects it.", Remedy: "Compare the host with what the provider says, or sign the zone."})
	}
}

// within reports whether a host is of the organisation whose domain is asked.
func (a *asker) within(host string) bool { return SameOwner(a.domain, host) }

// SameOwner reports whether two names stand below the same registered domain.
// An address is of nobody but itself.
func SameOwner(domain, host string) bool {
	if strings.EqualFold(domain, host) {
		return true
	}
	for _, name := range []string{domain, host} {
		if _, err := netip.ParseAddr(name); err == nil {
			return false
		}
	}
	mine, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(domain))
	theirs, wrong := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(host))
	return err == nil && wrong == nil && mine == theirs
}

// preferred says where DNS ranks STARTTLS before TLS.
func (a *asker) preferred(r *Report) {
	for _, p := range settings.Protocols() {
		best := map[settings.Security]int{}
		for _, o := range r.Offers {
			if least, ok := best[o.Security]; o.Protocol == p && (!ok || o.Priority < least) {
				best[o.Security] = o.Priority
			}
		}
		tls, both := best[settings.TLS]
		weak, weaker := best[settings.StartTLS]
		if both && weaker && weak < tls {
			r.says(finding.Finding{Code: "dns.srv_plain_preferred", Args: finding.Args{"service": p.Name(), "domain": a.domain},
				Message: "The SRV records of {domain} rank {service} with STARTTLS before {service} with SSL/TLS.", Remedy: "Give the service with SSL/TLS the lower priority."})
		}
	}
}
