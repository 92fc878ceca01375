package discover

import (
	"context"
	"encoding/xml"
	"net/http"
	"strings"

	"mailprobe/internal/dnsclient"
	"mailprobe/internal/finding"
	"mailprobe/internal/published"
)

func wantsPassword(r Report) bool { return has(r, "autodiscover.needs_password") }

func has(r Report, code string) bool {
	for _, f := range r.Findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

// post asks one server.
func (a *asker) post(ctx context.Context, at place, domain string, hops int) Report {
	var r Report
	p, ok := a.get(ctx, &r, a.question("https://"+at.host+autodiscoverPath, domain, at.strange))
	if !ok && p.status != http.StatusUnauthorized {
		if r.Status == None && r.Asked {
			a.upperCase(ctx, &r, at, domain)
		}
		a.alias(ctx, &r, at)
		return r
	}
	return a.answered(ctx, r, p, domain, hops)
}

// question is a call of Autodiscover.
func (a *asker) question(at, domain string, strange bool) call {
	return call{method: "POST", url: at, contentType: "text/xml; charset=utf-8", body: a.request(domain), strange: strange}
}

// answered takes an answer, or goes on to where it sends.
func (a *asker) answered(ctx context.Context, r Report, p page, domain string, hops int) Report {
	if p.status == http.StatusUnauthorized {
		r.Findings = nil
		r.says(finding.Finding{Code: "autodiscover.needs_password", Args: finding.Args{"url": r.Where},
			Message: "{url} wants a password before it says anything. mailprobe sends none; Thunderbird may then offer nothing but Exchange.", Remedy: "Let it answer for IMAP and SMTP without a password, or ask the provider for the settings."})
		return r.failed("it wants a password before it answers")
	}
	d := published.ReadXML(p.body)
	other, err := Domain(d.RedirectAddr)
	switch sentOn := d.RedirectURL != "" || d.RedirectAddr != "" && err == nil; {
	case sentOn && hops == maxAddresses:
		r.says(finding.Finding{Code: "settings.redirects", Args: finding.Args{"url": r.Where}, Message: "Autodiscover sends on and on ({url}); mail programs give up.", Remedy: "Give the settings out where they are asked for."})
		return r.failed("it sends on and on")
	case sentOn && d.RedirectURL != "":
		return a.sentOn(ctx, r, d.RedirectURL, domain, hops)
	case sentOn:
		return a.autodiscoverFor(ctx, other, hops+1)
	case d.Read && d.Format == published.Autodiscover && d.ErrorCode != "":
		r.Findings = append(r.Findings, d.Findings...)
		return r.none("it answers with the error " + d.ErrorCode)
	case d.ActiveSync:
		return r.none("it answers for telephones (ActiveSync) alone")
	}
	r.personal(&d, a.told(domain))
	return r.take(d, published.Autodiscover)
}

// sentOn asks where an answer sends to by its own words.
func (a *asker) sentOn(ctx context.Context, r Report, at, domain string, hops int) Report {
	p, ok := a.get(ctx, &r, a.question(at, domain, true))
	if !ok && p.status != http.StatusUnauthorized {
		return r
	}
	return a.answered(ctx, r, p, domain, hops+1)
}

// upperCase looks whether Autodiscover answers where its path is written in
// capitals, which are another path on many web servers. It is named, not used.
func (a *asker) upperCase(ctx context.Context, r *Report, at place, domain string) {
	const path = "/Autodiscover/Autodiscover.xml"
	p, err := a.web.fetch(ctx, a.question("https://"+at.host+path, domain, at.strange))
	if err == nil && p.status == http.StatusOK && published.ReadXML(p.body).Format == published.Autodiscover {
		r.says(finding.Finding{Code: "settings.wrong_path", Severity: finding.Warning, Args: finding.Args{"wrong": "https://" + at.host + path, "right": r.Where},
			Message: "Autodiscover answers at {wrong} and not at {right}; on this server capitals count, and programs ask in either way.", Remedy: "Let the web server answer at both."})
	}
}

// alias makes a warning of a certificate that is not for a name which only
// points to somebody else's server: Outlook does not stop there.
func (a *asker) alias(ctx context.Context, r *Report, at place) {
	if !has(*r, "settings.https_certificate") {
		return
	}
	answer, err := a.records(ctx, at.host, dnsclient.A)
	if err != nil || len(answer.CNAME) == 0 || SameOwner(a.domain, answer.CNAME[len(answer.CNAME)-1]) {
		return
	}
	for i := range r.Findings {
		r.Findings[i].Severity = finding.Warning
	}
}

// told is the address that Autodiscover is asked for.
func (a *asker) told(domain string) string {
	if a.address != "" && domain == a.domain {
		return a.address
	}
	return "mailprobe@" + domain
}

// request is the question (MS-OXDSCLI §3.1.5). The address is one that nobody
// has, unless the real one may be told.
func (a *asker) request(domain string) []byte {
	address := a.told(domain)
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?>` + "\n" +
		`<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>`)
	xml.EscapeText(&b, []byte(address))
	b.WriteString(`</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`)
	return []byte(b.String())
}
