package discover

import (
	"context"
	"errors"
	"strings"

	"golang.org/x/net/publicsuffix"

	"mailprobe/internal/dnsclient"
	"mailprobe/internal/finding"
	"mailprobe/internal/safe"
)

// mailConf reads the address of a document from a TXT record, which some
// programs do.
func (a *asker) mailConf(ctx context.Context) Report {
	answer, _ := a.records(ctx, a.domain, dnsclient.TXT) // other sources say where DNS cannot be asked
	for _, text := range answer.TXT {
		at, ok := strings.CutPrefix(strings.TrimSpace(text), "mailconf=")
		if ok {
			return a.config(ctx, strings.TrimSpace(at), true)
		}
	}
	return Report{} // hardly anybody has one: without it this is no source
}

var errNoDNS = errors.New("there is no DNS server that can be asked")

func (a *asker) records(ctx context.Context, name string, t dnsclient.Type) (dnsclient.Answer, error) {
	if a.DNS == nil {
		return dnsclient.Answer{}, errNoDNS
	}
	return a.DNS.Records(ctx, name, t)
}

// noDNS says that DNS could not be asked: that is nobody's fault by itself.
func (r Report) noDNS(err error) Report {
	r.says(finding.Finding{Code: CannotBeAsked, Severity: finding.Warning, Args: finding.Args{"name": r.Where, "why": safe.Clip(err.Error(), 200)},
		Message: "{name} cannot be asked for: {why}.", Remedy: "Repeat it, or name another DNS server with --dns-server."})
	return r.failed(err.Error())
}

// mx asks who receives the domain's mail: the catalogue, or else the receiving
// host's own domain.
func (a *asker) mx(ctx context.Context) Report {
	r := Report{Where: a.domain + " MX"}
	answer, err := a.records(ctx, a.domain, dnsclient.MX)
	switch {
	case err != nil:
		return r.noDNS(err)
	case len(answer.MX) == 0:
		return r.none("the domain names no host that receives its mail")
	}
	r.Asked = true
	switch {
	case answer.MX[0].Host == ".":
		r.says(finding.Finding{Code: "dns.null_mx", Args: finding.Args{"domain": a.domain}, Message: "{domain} says that it receives no mail."})
		return r.none("the domain says that it receives no mail")
	}
	var best []string
	for _, x := range answer.MX {
		if x.Preference == answer.MX[0].Preference {
			best = append(best, x.Host)
		}
	}
	r.Where, r.Receivers = a.domain+" MX "+strings.Join(best, ", "), best
	if a.Catalogue != nil {
		if p, ok := a.Catalogue.ByMX(best); ok {
			return r.of(p)
		}
	}
	return a.receiver(ctx, r, best)
}

// nobodys says of hosts that no one provider is known to own them.
func nobodys(hosts []string) string {
	if len(hosts) == 1 {
		return hosts[0] + " belongs to no provider that is known"
	}
	return strings.Join(hosts, ", ") + " belong to no one provider that is known"
}

// receiver asks the domain of the host that receives the mail
// (draft-ietf-mailmaint-autoconfig, steps 3.1 and 3.2).
func (a *asker) receiver(ctx context.Context, r Report, hosts []string) Report {
	host, nobodys := hosts[0], nobodys(hosts)
	base, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil || base == a.domain {
		return r.none(nobodys)
	}
	_, full, _ := strings.Cut(host, ".")
	places := []string{full}
	if full != base {
		places = append(places, base)
	}
	last := r
	for _, d := range places {
		if len(d) < len(base) || d == a.domain {
			continue
		}
		if last = a.config(ctx, "https://autoconfig."+d+configPath+a.query(), true); last.Status == Found {
			last.Receivers = r.Receivers
			return last
		}
	}
	for i := range last.Findings { // it publishes for its own domain; of others it need not say anything
		if last.Findings[i].Severity == finding.Error {
			last.Findings[i].Severity = finding.Info
			last.Findings[i].Blame = ""
		}
	}
	last.Where, last.Receivers, last.Asked = r.Where, r.Receivers, true
	return last.none(nobodys + ", and the domain of " + host + " publishes nothing")
}
