package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/finding"
	"mailprobe/internal/oauth"
	"mailprobe/internal/probe"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
	"mailprobe/internal/target"
	"mailprobe/internal/verify"
)

// serviceFlags are the flags of oauth.
type serviceFlags struct {
	run    runFlags // its way to the servers alone is registered
	tenant string
	json   bool
}

func (a *app) oauthCommand() *cobra.Command {
	var f serviceFlags
	c := &cobra.Command{
		Use:   "oauth PROVIDER|DOMAIN|ISSUER",
		Short: "Check a sign-in service by OAuth2 without an account",
		Long: `oauth asks, without an account and without sending anything of one, whether the
sign-in service of a provider can be reached from here, through the proxy and
past TLS inspection; whether the organisation exists (--tenant); whether what it
publishes of itself fits what is documented; and whether the mail servers
announce that they take its tokens. A domain of no known provider is asked for
its own sign-in service: what its documents and its servers' hosts name
(RFC 9728), or else the domain itself (RFC 8414). An issuer is an address such as
https://idp.example.com/realms/mail; then the mail servers are left out.

Exit status: 0 all of it is in order, 1 something is not, 2 usage, 3 it could not
be judged from here.`,
		Example:           "  mailprobe oauth office365 --tenant corp.com\n  mailprobe oauth gmail --json\n  mailprobe oauth https://idp.example.com/realms/mail",
		Args:              oneTarget,
		ValidArgsFunction: a.completeTargets,
		RunE:              func(c *cobra.Command, args []string) error { return a.signInService(c.Context(), &f, args[0]) },
	}
	set := c.Flags()
	set.StringVar(&f.tenant, "tenant", "", "the organisation's domain or directory `ID` (Microsoft; default common)")
	set.BoolVar(&f.json, "json", false, "as JSON")
	f.run.netFlags.register(set)
	f.run.registerTimeout(set, 90*time.Second, "limit for all of it, such as 90s; a bare number is seconds")
	set.SortFlags = false
	return c
}

func (a *app) signInService(ctx context.Context, f *serviceFlags, what string) error {
	if err := f.run.netFlags.check(); err != nil {
		return err
	}
	transport, err := f.run.transport(a)
	if err != nil {
		return err
	}
	f.run.begin(f.run.timeout)
	limited, cancel := f.run.within(ctx)
	defer cancel()
	s := report.SignInService{Built: version(), Target: what}
	var t target.Target
	if u, err := url.Parse(what); err == nil && u.User != nil {
		return errors.New("the address has a user name or password in it, and nobody signs in here; leave it out")
	}
	if strings.HasPrefix(what, "https://") || strings.HasPrefix(what, "http://") {
		s.Seen.Issuer = what
	} else if t, err = a.serviceOf(limited, f, what, &s); err != nil {
		return err
	}
	own := t.Domain != "" && s.Provider == nil
	if own {
		if transport, err = f.run.guarded(a); err != nil {
			return err
		}
	}
	asked := s.Seen.Asked
	s.Seen.Inspection = oauth.Inspect(limited, transport, s.Seen.Issuer, s.Seen.Endpoints)
	s.Seen.Asked = append(asked, s.Seen.Asked...)
	if len(s.Seen.Asked) == 0 && !own {
		return fmt.Errorf("%s is no https address of an issuer, such as https://idp.example.com", safe.Display(what))
	}
	if len(t.Settings) > 0 {
		if s.Seen.Servers, err = a.announced(limited, f, t); err != nil {
			return err
		}
	}
	s.Findings = s.Seen.Findings()
	s.Verdict = serviceVerdict(s)
	if own && (len(t.Settings) == 0 || t.Guessed) && s.Verdict == verify.Works {
		s.Verdict = verify.Unknown // the domain names no mail servers that take what is issued
	}
	if err := a.showService(f, s); err != nil {
		return err
	}
	switch {
	case ctx.Err() != nil:
		return &statusError{status: exitInterrupted}
	case s.Verdict == verify.Fails:
		return &statusError{status: exitFails}
	case s.Verdict == verify.Unknown:
		return &statusError{status: exitUnknown}
	}
	return nil
}

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
