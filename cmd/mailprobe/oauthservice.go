package main

import (
	"context"
	"errors"
	"fmt"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/finding"
	"mailprobe/internal/oauth"
	"mailprobe/internal/probe"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
	"mailprobe/internal/target"
	"mailprobe/internal/verify"
)

// serviceOf finds out whose sign-in service is meant.
func (a *app) serviceOf(ctx context.Context, f *serviceFlags, what string, s *report.SignInService) (target.Target, error) {
	t, err := a.published(ctx, &f.run.netFlags, what)
	switch {
	case err != nil:
		return t, err
	case t.Provider != nil && t.Provider.OAuth == nil && t.Domain == "":
		return t, fmt.Errorf("%s has no sign-in by OAuth2 for mail programs", t.Provider.Name)
	case t.Provider == nil && t.Domain == "":
		return t, fmt.Errorf("%s is a server; name its domain, or the provider to sign in at, such as office365", safe.Display(what))
	case t.Provider == nil || t.Provider.OAuth == nil:
		return t, a.serviceOfDomain(ctx, f, t, s)
	}
	p := t.Provider
	if f.tenant != "" && !p.OAuth.Tenant {
		return t, errors.New("--tenant is for Microsoft's organisations; leave it out")
	}
	s.Provider = p
	s.Seen.Issuer, s.Seen.Endpoints, err = oauth.Endpoints(oauth.Config{Provider: p, Tenant: f.tenant})
	return t, err
}

// serviceOfDomain finds out where users of a domain of no known provider sign
// in.
func (a *app) serviceOfDomain(ctx context.Context, f *serviceFlags, t target.Target, s *report.SignInService) error {
	if f.tenant != "" {
		return errors.New("--tenant is for Microsoft's organisations; leave it out")
	}
	transport, err := f.run.guarded(a)
	if err != nil {
		return err
	}
	s.Seen.Named, s.Seen.Asked = namedBy(ctx, t, transport)
	s.Seen.Issuer = "https://" + t.Domain
	if len(s.Seen.Named) > 0 {
		s.Seen.Issuer = s.Seen.Named[0].Issuer
	}
	return nil
}

// announced asks the mail servers for their ways to sign in, without signing in.
func (a *app) announced(ctx context.Context, f *serviceFlags, t target.Target) ([]*probe.Result, error) {
	r, err := f.run.resolver(a)
	if err != nil {
		return nil, err
	}
	like, err := f.run.plan()
	if err != nil {
		return nil, err
	}
	like.NoAlternatives, like.NoControl = true, true
	var all []*probe.Result
	for _, e := range verify.Run(ctx, r.Plan(t, like)).Endpoints {
		all = append(all, e.Result)
	}
	return all, nil
}

// serviceVerdict says what it comes to. What could not be seen is no success.
func serviceVerdict(s report.SignInService) verify.Verdict {
	v := verify.Works
	for _, f := range s.Findings {
		switch {
		case f.Severity == finding.Error:
			return verify.Fails
		case f.Code == "oauth.unreachable":
			v = verify.Unknown
		}
	}
	for _, r := range s.Seen.Servers {
		if !diagnose.SaysItsWays(r) {
			v = verify.Unknown
		}
	}
	if s.Seen.Metadata == nil && s.Provider == nil {
		v = verify.Unknown
	}
	return v
}

func (a *app) showService(f *serviceFlags, s report.SignInService) error {
	if f.json {
		return report.SignInServiceJSON(a.stdout, s)
	}
	width, _ := terminalWidth(a.stdout)
	return report.SignInServiceText(a.stdout, s, report.Options{Width: width, Language: a.lang.Language})
}
