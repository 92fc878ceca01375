package discover

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// noHost is the reason where a name leads nowhere.
const noHost = "there is no such host"

// get asks for a document and says what stands against it. It reports false
// where there is none to be read.
func (a *asker) get(ctx context.Context, r *Report, c call) (page, bool) {
	p, err := a.web.fetch(ctx, c)
	r.Where, r.Asked = shownURL(p.url), p.status != 0 || dialled(err)
	if err != nil {
		*r = r.unreached(p, err)
		return p, false
	}
	args := finding.Args{"url": r.Where, "status": fmt.Sprint(p.status)}
	switch {
	case p.status == http.StatusNotFound, p.status == http.StatusGone:
		*r = r.none(fmt.Sprintf("the web server answers %d", p.status))
		return p, false
	case p.tooLarge:
		r.says(finding.Finding{Code: "settings.too_large", Args: args, Message: "{url} holds more than programs need to read (256 KiB).", Remedy: "Publish the settings alone."})
		*r = r.failed("it is too large")
		return p, false
	case p.status < 200 || p.status > 299:
		f := finding.Finding{Code: "settings.http_status", Args: args, Message: "{url} answers with the status {status}, so mail programs get no settings.",
			Remedy: "Let the web server give out the settings, or answer 404 where there are none."}
		if p.status < 500 {
			f.Severity = finding.Warning
		}
		r.says(f)
		*r = r.failed(fmt.Sprintf("the web server answers %d", p.status))
		return p, false
	}
	if len(p.passed) > 0 && strings.HasPrefix(p.url, "http://") {
		r.says(finding.Finding{Code: "settings.http_only", Args: args, Message: "The settings are sent on to {url}, which is not encrypted."})
	}
	return p, true
}

// shownURL leaves out what stands behind the question mark: it may hold an
// address.
func shownURL(text string) string {
	before, _, _ := strings.Cut(text, "?")
	return before
}

// unreached says why a document could not be asked for.
func (r Report) unreached(p page, err error) Report {
	args := finding.Args{"url": shownURL(p.url), "why": safe.Clip(err.Error(), 200)}
	untrusted, isUntrusted := errors.AsType[*untrustedError](err)
	private, isPrivate := errors.AsType[*privateError](err)
	inClear, isClear := errors.AsType[*clearError](err)
	switch {
	case isUntrusted:
		r.untrusted(untrusted)
	case isPrivate:
		r.says(finding.Finding{Code: PrivateAddress, Args: finding.Args{"name": private.host, "ip": private.addr.String()}, Message: "The settings are said to be at {name}, which is at {ip}: this computer or a private network. mailprobe does not go there.",
			Remedy: "If that is right, name the address with --resolve or --connect-to."})
	case isClear && len(p.passed) > 0:
		args["url"] = shownURL(inClear.url)
		r.says(finding.Finding{Code: "settings.http_only", Args: args, Message: "The settings are sent on to {url}, which is not encrypted; mailprobe does not go there, and careful mail programs do not either.",
			Remedy: "Send on to https://, or give the settings out where they are asked for."})
	case isClear:
		r.says(finding.Finding{Code: "settings.http_only", Args: args, Message: "The settings are said to be at {url}, which is not encrypted.", Remedy: "Publish an address that begins with https://."})
	case errors.Is(err, errNoAddress):
		r.says(finding.Finding{Code: "settings.unknown_value", Args: args, Message: "{why}.", Remedy: "Publish an address that begins with https:// and names a host."})
	case notThere(err):
		return r.none(noHost)
	case errors.Is(err, errRedirects):
		r.says(finding.Finding{Code: "settings.redirects", Args: args, Message: "The web server sends on and on ({url}); mail programs give up.", Remedy: "Give the settings out where they are asked for."})
	default:
		f := finding.Finding{Code: CannotBeAsked, Args: args, Message: "{url} cannot be asked: {why}.", Remedy: "Let the web server answer there, or take the name out of DNS.", Evidence: finding.Saw(err.Error())}
		if !certain(err) {
			f.Severity, f.Remedy = finding.Warning, "Repeat it, also from another network; if it stays so, let the web server answer there, or take the name out of DNS."
		}
		r.says(f)
	}
	return r.failed(err.Error())
}

// untrusted says all that is wrong with a web server's certificate.
func (r *Report) untrusted(e *untrustedError) {
	at := settings.Endpoint{Host: e.host, Port: e.port, Security: settings.TLS}
	var why []string
	evidence := finding.Evidence{}
	for _, f := range diagnose.Certificate(at, e.state) {
		if f.Severity == finding.Error {
			why, evidence = append(why, f.Says()), append(evidence, finding.Observation{What: f.Code})
			evidence = append(evidence, f.Evidence...)
		}
	}
	r.says(finding.Finding{Code: "settings.https_certificate", Args: finding.Args{"web": e.host, "why": strings.Join(why, " ")}, Evidence: evidence,
		Message: "The certificate of the web server {web} is not good, so no mail program takes settings from there. {why}",
		Remedy:  "Whoever runs the web server must install a certificate for {web}; a name that only points there (CNAME) needs one, too."})
}

// read takes the document of a page.
func (a *asker) read(r Report, p page) Report {
	d := published.ReadXML(p.body)
	kind, _, _ := mime.ParseMediaType(p.contentType)
	r.ContentType = kind
	if d.Read && !slices.Contains([]string{"text/xml", "application/xml", ""}, kind) && !strings.HasSuffix(kind, "+xml") {
		r.says(finding.Finding{Code: "settings.content_type", Args: finding.Args{"url": r.Where, "type": `"` + kind + `"`},
			Message: "{url} is given out as {type}; some mail programs take no settings but as text/xml.", Remedy: "Let the web server send Content-Type: text/xml."})
	}
	r.personal(&d, a.address)
	return r.take(d, published.Autoconfig)
}

// take takes what a document offers, if it is of the format that was asked for.
func (r Report) take(d published.Document, want published.Format) Report {
	r.Document = &d
	r.Findings = append(r.Findings, d.Findings...)
	switch {
	case !d.Read && len(d.Findings) > 0:
		return r.failed(d.Findings[len(d.Findings)-1].Says())
	case d.Format != want:
		r.says(finding.Finding{Code: "settings.unknown_value", Args: finding.Args{"url": r.Where, "format": string(want)}, Message: "{url} is no document of the format {format}.", Remedy: "Give out the right document there."})
		return r.failed("it is another kind of document")
	}
	r.Offers, r.Enable, r.Issuer = d.Offers, d.Enable, d.Issuer
	if len(r.Offers) == 0 {
		return r.none("the document offers no server that can be used")
	}
	r.Status = Found
	return r
}

// query returns the question that carries the address, if it may be told.
func (a *asker) query() string {
	if a.address == "" {
		return ""
	}
	return "?emailaddress=" + url.QueryEscape(a.address)
}
