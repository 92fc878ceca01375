// Package discover asks a domain what it publishes of its own mail settings:
// over HTTPS and in DNS, side by side and within limits. It signs in nowhere
// and tells nobody whom it asks for, unless it is told to.
package discover

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"mailprobe/internal/dnsclient"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
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

// Options say how a domain is asked. Zero limits are 10 s for each source and
// 15 s for all.
type Options struct {
	Catalogue Directory
	DNS       DNS            // nil: DNS is not asked, and what needs it fails
	Resolver  probe.Resolver // nil: the operating system's
	Dialer    probe.Dialer   // nil: a plain net.Dialer
	Overrides probe.Overrides
	Family    probe.Family
	TLS       tlscheck.Config

	SendAddress bool // the address that was typed may be told to the servers that are asked
	AllowHTTP   bool // what is not encrypted is asked as well
	NoGuess     bool

	Each, All time.Duration
}

// An asker asks for one domain.
type asker struct {
	Options
	domain  string
	address string // empty: a domain alone is known, or it may not be told
	web     web
}

// Domain returns the domain of an address or a domain, as it is asked for.
func Domain(target string) (string, error) {
	return settings.Host(target[strings.LastIndexByte(target, '@')+1:])
}

// Ask asks all sources for a domain or an address. The error is that the
// target is neither.
func (o Options) Ask(ctx context.Context, target string) (*Result, error) {
	domain, err := Domain(target)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(o.All, 15*time.Second))
	defer cancel()
	a := &asker{Options: o, domain: domain, web: web{o}}
	if o.SendAddress && strings.Contains(target, "@") {
		a.address = target
	}
	r := &Result{Target: target, Domain: domain, Sources: a.all(ctx)}
	r.inside = a.keepOut(ctx, r.Sources)
	r.settle(target)
	return r, nil
}

// A question asks one source.
type question struct {
	source Source
	ask    func(*asker, context.Context) Report
}

// questions are in the order of preference.
var questions = []question{
	{Catalogue, (*asker).catalogue},
	{Autoconfig, (*asker).autoconfig},
	{AutoconfigWellKnown, (*asker).wellKnown},
	{MailConf, (*asker).mailConf},
	{PACC, (*asker).pacc},
	{SRV, (*asker).srv},
	{Autodiscover, (*asker).autodiscover},
	{MX, (*asker).mx},
}

// all asks side by side, and guesses only where nobody says anything.
func (a *asker) all(ctx context.Context) []Report {
	reports := make([]Report, len(questions))
	var wait sync.WaitGroup
	for i, q := range questions {
		wait.Go(func() { reports[i] = a.one(ctx, q) })
	}
	wait.Wait()
	reports = slices.DeleteFunc(reports, func(r Report) bool { return r.Status == "" })
	if !a.NoGuess && !slices.ContainsFunc(reports, func(r Report) bool { return r.Status == Found }) {
		reports = append(reports, a.one(ctx, question{Guess, (*asker).guess}))
	}
	return reports
}

func (a *asker) one(ctx context.Context, q question) Report {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(a.Each, 10*time.Second))
	defer cancel()
	start := time.Now()
	r := q.ask(a, ctx)
	r.Source, r.Took = q.source, time.Since(start)
	return r
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
