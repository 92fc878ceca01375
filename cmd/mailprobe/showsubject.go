package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"mailprobe/internal/clients"
	"mailprobe/internal/publish"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
	"mailprobe/internal/verify"
)

// A subject is what is shown, and for whom.
type subject struct {
	target.Target
	domains  []string // as the user says; none: as the target says
	account  string   // the one address that it is written for; empty: the target's, or everybody's
	program  string   // the mail program that it is to be typed into; empty: none
	verified bool     // the servers are verified before anything is written
	narrowed bool     // some settings were left out, so the provider as a whole is not meant
}

// provider is what is known of the target, as of a provider: the catalogue's, or
// one made of what its sources say.
func (s subject) provider() *settings.Provider {
	if s.Provider != nil && s.Domain == "" && len(s.domains) == 0 && !s.narrowed {
		return s.Provider
	}
	p := settings.Provider{Name: cmp.Or(s.Domain, s.Text)}
	if s.Provider != nil {
		p = *s.Provider
	}
	p.Domains = s.mailDomains()
	p.Offers = []settings.Offer{{Endpoints: publish.Safest(s.Settings)}}
	return &p
}

// guide says what to do in the mail program.
func (s subject) guide(w io.Writer, o report.Options) error {
	for _, g := range clients.Guides() {
		if g.ID != s.program {
			continue
		}
		meant, _ := publish.Meant(s.Settings, s.meantDomains())
		i := g.For(clients.Account{Address: cmp.Or(s.account, s.User), Settings: publish.Safest(meant)}, o.Language.Tag())
		return report.GuideText(w, i, cmp.Or(s.account, s.User, s.provider().Name), s.Provider, o)
	}
	return nil
}

// publication is what is published of the target.
func (s subject) publication() publish.Publication {
	p := publish.Publication{Domains: s.meantDomains(), Account: cmp.Or(s.account, s.User), Servers: s.Settings, Name: s.Domain}
	if k := s.Provider; k != nil {
		p.Name, p.OAuth, p.NotOffered, p.Enable, p.Help = k.Name, k.OAuth, k.NotOffered, k.Enable, k.Help
		if s.Domain == "" && len(s.domains) == 0 {
			p.ID = k.ID
		}
	}
	return p
}

// mailDomains are the domains whose addresses are meant: those that the user
// names, the one that was asked, those of the document, those of the provider
// that are whole names, or that of the account.
func (s subject) mailDomains() []string {
	switch {
	case len(s.domains) > 0:
		return s.domains
	case s.Domain != "":
		return []string{s.Domain}
	}
	names := s.Domains
	if s.Provider != nil {
		names = s.Provider.Domains
	}
	var domains []string
	for _, name := range names {
		if domain, err := settings.Host(name); err == nil && !strings.ContainsAny(name, "*%") {
			domains = append(domains, domain)
		}
	}
	if _, domain, ok := target.Cut(s.account); ok && len(domains) == 0 {
		return []string{strings.ToLower(domain)}
	}
	return domains
}

// meantDomains are the domains whose addresses are meant: that of the account,
// the one that was typed, or all.
func (s subject) meantDomains() []string {
	all := s.mailDomains()
	_, own, isAddress := target.Cut(cmp.Or(s.account, s.User))
	if !isAddress {
		own = s.Text
	}
	domain, err := settings.Host(own)
	if err == nil && len(s.domains) == 0 && (isAddress || slices.Contains(all, domain)) {
		return []string{domain}
	}
	return all
}

// verifyShown keeps the settings that work. left is the exit status of those
// that do not, or could not be judged; nil: all work. The error is that none is
// left.
func (a *app) verifyShown(ctx context.Context, r target.Resolver, like verify.Plan, s *subject) (left *statusError, err error) {
	t, err := s.Only()
	if err != nil {
		return nil, err
	}
	v := verify.Run(ctx, r.Plan(t, like))
	if v.Interrupted {
		return nil, &statusError{status: exitInterrupted}
	}
	status, had := exitWorks, len(s.Settings)
	s.Settings = nil
	for _, e := range v.Endpoints {
		switch {
		case e.Verdict == verify.Works && e.Security != settings.Plain:
			s.Settings = append(s.Settings, e.Setting)
			continue
		case e.Verdict != verify.Unknown:
			status = exitFails
		default:
			status = cmp.Or(status, exitUnknown)
		}
		fmt.Fprintf(a.stderr, "mailprobe: left out: %s %s (%s) %s\n", e.Protocol.Name(), e.Address(), e.Security.Name(), whyLeft(e))
	}
	s.narrowed = len(s.Settings) < had
	if status != exitWorks {
		left = &statusError{status: status}
	}
	if len(s.Settings) == 0 {
		return nil, &statusError{status, errors.New("none of the servers is known to work, so nothing is written")}
	}
	fmt.Fprintf(a.stderr, "mailprobe: %d of %d servers work, as far as can be seen without signing in\n", len(s.Settings), had)
	return left, nil
}

// whyLeft says by its gravest finding why a server is not known to work.
func whyLeft(e verify.Endpoint) string {
	what := "does not work"
	switch e.Verdict {
	case verify.Unknown:
		what = "could not be judged"
	case verify.Works:
		return "answers, without encryption: nobody may send a password there"
	}
	if len(e.Findings) > 0 {
		what += ": " + safe.Clip(e.Findings[0].Says(), 300)
	}
	return what
}
