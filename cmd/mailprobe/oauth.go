package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"mailprobe/internal/oauth"
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
