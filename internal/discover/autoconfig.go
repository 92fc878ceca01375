package discover

import (
	"context"
	"errors"
	"strings"
	"sync"

	"golang.org/x/net/publicsuffix"

	"mailprobe/internal/dnsclient"
	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/safe"
)

const (
	configPath    = "/mail/config-v1.1.xml"
	wellKnownPath = "/.well-known/autoconfig/mail/config-v1.1.xml"
)

// catalogue looks the domain up among what is built in.
func (a *asker) catalogue(context.Context) Report {
	r := Report{Where: a.domain}
	if a.Catalogue == nil {
		return r.none("there is no catalogue")
	}
	p, ok := a.Catalogue.Lookup("x@" + a.domain)
	if !ok {
		return r.none("it knows no provider of this domain")
	}
	return r.of(p)
}

// autoconfig asks the host that is for it.
func (a *asker) autoconfig(ctx context.Context) Report {
	host := "autoconfig." + a.domain
	r := a.config(ctx, "https://"+host+configPath+a.query(), false)
	a.withoutAddress(ctx, &r, "https://"+host+configPath)
	if misplaced(r) {
		r = a.wrongPath(ctx, r, host, []string{wellKnownPath, "/config-v1.1.xml", "/autoconfig" + configPath, "/mail/mozilla.xml"})
	}
	if r.Status != Found && a.AllowHTTP && r.Reason != noHost {
		return a.inClear(ctx, r, "http://"+host+configPath+a.query())
	}
	return r
}

// misplaced reports whether a web server answers that there is nothing, or
// gives out a page in its place, so that the settings may stand elsewhere.
func misplaced(r Report) bool {
	return r.Status == None && r.Reason != noHost || has(r, "settings.html_instead_of_xml")
}

// config asks for one autoconfig document.
func (a *asker) config(ctx context.Context, at string, strange bool) Report {
	var r Report
	p, ok := a.get(ctx, &r, call{method: "GET", url: at, strange: strange})
	if !ok {
		return r
	}
	return a.read(r, p)
}

// CannotBeAsked is the code of a finding that a place did not answer.
const CannotBeAsked = "settings.unreachable"

func unreachable(r Report) bool {
	return len(r.Findings) == 1 && r.Findings[0].Code == CannotBeAsked
}

// inClear asks without encryption, where that is allowed and the settings are
// not given out otherwise. What is wrong with the encrypted way stays said.
func (a *asker) inClear(ctx context.Context, secured Report, at string) Report {
	r := a.config(ctx, at, false)
	if r.Status != Found {
		return secured
	}
	if !unreachable(secured) {
		r.Findings = append(secured.Findings, r.Findings...)
	}
	r.says(finding.Finding{Code: "settings.http_only", Args: finding.Args{"url": r.Where}, Message: "The settings are given out without encryption alone ({url}): whoever stands between can change them.",
		Remedy: "Give them out by https://."})
	return r
}

// wellKnown asks the domain itself. The web site of a domain need not be the
// mail host's: where it cannot be asked at all, that is worth a warning.
func (a *asker) wellKnown(ctx context.Context) Report {
	r := a.config(ctx, "https://"+a.domain+wellKnownPath, false)
	if r.Status == Failed && unreachable(r) {
		r.Findings[0].Severity = finding.Warning
	}
	if misplaced(r) {
		return a.wrongPath(ctx, r, a.domain, []string{"/.well-known/mail/config-v1.1.xml", "/.well-known/mail-v1.xml", "/.well-known/autoconfig/config-v1.1.xml", "/autoconfig" + configPath, configPath, "/mail/mozilla.xml"})
	}
	return r
}

// wrongPath looks whether the settings stand where nobody looks. They are
// named, never used.
func (a *asker) wrongPath(ctx context.Context, r Report, host string, paths []string) Report {
	found := make([]bool, len(paths))
	var wait sync.WaitGroup
	for i, path := range paths {
		wait.Go(func() {
			p, err := a.web.fetch(ctx, call{method: "GET", url: "https://" + host + path})
			found[i] = err == nil && p.status == 200 && published.ReadXML(p.body).Format == published.Autoconfig
		})
	}
	wait.Wait()
	for i, path := range paths {
		if found[i] {
			r.says(finding.Finding{Code: "settings.wrong_path", Args: finding.Args{"wrong": "https://" + host + path, "right": r.Where},
				Message: "The settings stand at {wrong}, where no current mail program looks.", Remedy: "Give them out at {right}."})
		}
	}
	return r
}

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
