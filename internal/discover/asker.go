package discover

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

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
