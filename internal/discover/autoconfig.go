package discover

import (
	"context"
	"sync"

	"mailprobe/internal/finding"
	"mailprobe/internal/published"
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
