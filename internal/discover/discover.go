// Package discover asks a domain what it publishes of its own mail settings:
// over HTTPS and in DNS, side by side and within limits. It signs in nowhere
// and tells nobody whom it asks for, unless it is told to.
package discover

import (
	"cmp"
	"context"
	"slices"
	"time"

	"mailprobe/internal/dnsclient"
	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// A Source is one way in which settings are published.
type Source string

const (
	Catalogue           Source = "catalogue"            // built into this program
	Autoconfig          Source = "autoconfig"           // https://autoconfig.DOMAIN
	AutoconfigWellKnown Source = "autoconfig-wellknown" // https://DOMAIN/.well-known/autoconfig
	MailConf            Source = "mailconf"             // a TXT record that names a document
	SRV                 Source = "srv"                  // RFC 6186, RFC 8314
	PACC                Source = "pacc"                 // draft-ietf-mailmaint-pacc
	Autodiscover        Source = "autodiscover"         // MS-OXDSCLI, in XML
	MX                  Source = "mx"                   // whoever receives the domain's mail
	Guess               Source = "guess"                // names that are usual
)

// A Status says what became of a source.
type Status string

const (
	Found  Status = "found"
	None   Status = "none"   // the source says or shows that it publishes nothing
	Failed Status = "failed" // it could not be asked or read
)

// A Finding is one judgement, with a line where it is about a document.
type Finding = published.Finding

// A Report is what one source says.
type Report struct {
	Source   Source
	Where    string // the address or name that was asked
	Status   Status
	Reason   string // why it is not found; as received: escape it before output
	Took     time.Duration
	Offers   []published.Offer
	Absent   []settings.Protocol // protocols that the source states not to be offered
	Enable   []published.Step
	Issuer   string             // where the domain's users sign in by OAuth2, as written; empty: not said
	Provider *settings.Provider // whose settings they are, where the catalogue knows; nil: not known
	Findings []Finding
	Asked    bool                // somebody was there to be asked
	Document *published.Document // what was given out, also where it cannot be used; nil: no document was

	ContentType string   // of the document, lower case and without parameters; empty: none was said, or there is no document
	Receivers   []string // of MX: the hosts that receive the domain's mail, of the best preference
}

// A Result is all that a domain publishes.
type Result struct {
	Target    string // as typed
	Domain    string
	Provider  *settings.Provider // nil: the catalogue knows none
	Sources   []Report           // in the order of preference
	Conflicts []Conflict

	inside map[string]bool // hosts in private networks, that are not to be dialled
}

// A Directory knows providers.
type Directory interface {
	Lookup(text string) (*settings.Provider, bool)
	ByMX(hosts []string) (*settings.Provider, bool)
}

// A DNS answers questions about names.
type DNS interface {
	Records(ctx context.Context, name string, t dnsclient.Type) (dnsclient.Answer, error)
}

// settle draws what follows from all sources together.
func (r *Result) settle(target string) {
	for _, s := range r.Sources {
		if r.Provider == nil && s.Status == Found {
			r.Provider = s.Provider
		}
	}
	r.excuse(AutoconfigWellKnown, Autoconfig)
	r.excuse(Autoconfig, Catalogue)
	r.excuse(AutoconfigWellKnown, Catalogue)
	r.Conflicts = conflicts(r.Sources, target)
}

// excuse makes warnings of the errors at a place that nobody gets to, because
// another that is asked before it has the settings.
func (r *Result) excuse(source, before Source) {
	if f := r.Of(before); f == nil || f.Status != Found {
		return
	}
	later := r.Of(source)
	if later == nil || later.Status != Failed {
		return
	}
	for i := range later.Findings {
		if later.Findings[i].Severity == finding.Error {
			later.Findings[i].Severity = finding.Warning
		}
	}
}

// Of returns the report of a source; nil: it was not asked.
func (r *Result) Of(s Source) *Report {
	if i := slices.IndexFunc(r.Sources, func(x Report) bool { return x.Source == s }); i >= 0 {
		return &r.Sources[i]
	}
	return nil
}

// Found reports whether any source offers a server.
func (r *Result) Found() bool {
	return slices.ContainsFunc(r.Sources, func(s Report) bool { return s.Status == Found })
}

// Exists reports whether anybody was there to be asked: a name of which nobody
// knows anything may be mistyped.
func (r *Result) Exists() bool {
	return slices.ContainsFunc(r.Sources, func(s Report) bool { return s.Asked || s.Status == Found })
}

// Broken reports whether a source is broken, or contradicts another.
func (r *Result) Broken() bool {
	return slices.ContainsFunc(r.Sources, func(s Report) bool { return published.Gravest(s.Findings) == finding.Error }) ||
		slices.ContainsFunc(r.Conflicts, func(c Conflict) bool { return c.Severity == finding.Error })
}

// says adds a finding with the weight of its code's page.
func (r *Report) says(f finding.Finding) {
	page, _ := finding.PageOf(f.Code)
	f.Severity, f.Blame = cmp.Or(f.Severity, page.Severity), cmp.Or(f.Blame, page.Blame)
	if f.Severity == finding.Info {
		f.Blame = ""
	}
	r.Findings = append(r.Findings, Finding{Finding: f})
}

// none and failed end a report.
func (r Report) none(reason string) Report {
	r.Status, r.Reason = None, reason
	return r
}

func (r Report) failed(reason string) Report {
	r.Status, r.Reason, r.Offers = Failed, reason, nil
	return r
}
