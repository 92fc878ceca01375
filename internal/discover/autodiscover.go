package discover

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"mailprobe/internal/dnsclient"
	"mailprobe/internal/finding"
)

const (
	autodiscoverPath = "/autodiscover/autodiscover.xml"
	maxAddresses     = 10 // MS-OXDSCLI: redirects to other addresses
)

// A place is where Autodiscover may answer.
type place struct {
	host    string
	strange bool // somebody else than the user named it
	apex    bool // the domain's own web site, which need not know of it
}

// autodiscover asks in the order of Outlook: the domain, its host for it, and
// what SRV names. A server that wants a password first gets none.
func (a *asker) autodiscover(ctx context.Context) Report {
	return a.autodiscoverFor(ctx, a.domain, 0)
}

func (a *asker) autodiscoverFor(ctx context.Context, domain string, hops int) Report {
	places := []place{{host: domain, apex: true, strange: hops > 0}, {host: "autodiscover." + domain, strange: hops > 0}}
	answer, _ := a.records(ctx, "_autodiscover._tcp."+domain, dnsclient.SRV)
	for _, s := range answer.SRV {
		at := s.Target
		if s.Port != 443 {
			at = fmt.Sprintf("%s:%d", s.Target, s.Port)
		}
		if s.Target != "." {
			places = append(places, place{host: at, strange: true})
		}
	}
	best := Report{Where: "https://autodiscover." + domain + autodiscoverPath}.none("nobody answers")
	for _, p := range places {
		r := a.post(ctx, p, domain, hops)
		switch {
		case r.Status == Found:
			return r
		case p.apex && !wantsPassword(r): // a web site that knows nothing of it
		case r.Status == Failed && best.Status != Failed, r.Status == None && best.Status == None:
			best = r
		}
	}
	if best.Asked {
		best = a.pointer(ctx, best, domain, hops)
	}
	if a.AllowHTTP && best.Status != Found {
		return a.sentOnInClear(ctx, best, domain, hops)
	}
	return best
}

// pointer asks for the answer in JSON, which is the address of the one in XML
// and nothing more.
func (a *asker) pointer(ctx context.Context, best Report, domain string, hops int) Report {
	var r Report
	p, ok := a.get(ctx, &r, call{method: "GET", strange: hops > 0,
		url: "https://autodiscover." + domain + "/autodiscover/autodiscover.json/v1.0/" + url.PathEscape(a.told(domain)) + "?Protocol=AutodiscoverV1"})
	var answer struct{ Protocol, URL string }
	if !ok || json.Unmarshal(p.body, &answer) != nil || !strings.EqualFold(answer.Protocol, "AutodiscoverV1") || answer.URL == "" {
		return best
	}
	if r = a.sentOn(ctx, Report{}, answer.URL, domain, hops); r.Status == Found {
		return r
	}
	return best
}

// sentOnInClear asks without encryption for an address to go on to, as Outlook
// does at last ([MS-OXDISCO] §3.1.5.4); nothing else is taken from there.
func (a *asker) sentOnInClear(ctx context.Context, best Report, domain string, hops int) Report {
	p := page{url: "http://autodiscover." + domain + autodiscoverPath}
	to, err := a.web.once(ctx, call{method: "GET", url: p.url, strange: hops > 0}, &p)
	if err != nil || to == "" {
		return best
	}
	r := a.sentOn(ctx, Report{Where: p.url}, to, domain, hops)
	if r.Status != Found {
		return best
	}
	r.says(finding.Finding{Code: "settings.http_only", Args: finding.Args{"url": p.url, "to": r.Where}, Message: "Autodiscover is found by a redirect from {url} to {to} alone, which is not encrypted: whoever stands between can send programs elsewhere.",
		Remedy: "Let autodiscover.DOMAIN answer by https://, or add the SRV record _autodiscover._tcp."})
	return r
}
