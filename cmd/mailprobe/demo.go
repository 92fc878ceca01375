package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"mailprobe/internal/auth"
	"mailprobe/internal/diagnose"
	"mailprobe/internal/lab"
	"mailprobe/internal/probe"
	"mailprobe/internal/report"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
	"mailprobe/internal/verify"
)

// The account of the lab. It opens nothing but the lab.
const (
	demoAddress  = "demo@example.com"
	demoPassword = "correct horse battery staple"
	demoToken    = "a-token-of-the-lab"
)

func (a *app) demoCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "demo [TARGET...]",
		Short: "Verify providers that are impersonated inside this program",
		Long: `demo does what mailprobe does, with the same code, against servers inside this
program: real IMAP, POP3 and SMTP servers on this computer that bear the
providers' host names, with certificates of a throw-away authority. It needs no
network and no account. It signs in as ` + demoAddress + `, an account of the lab.

Without a TARGET it is a short tour: a provider that works, then servers that
are broken on purpose, each with its diagnosis.`,
		Example:           "  mailprobe demo office365\n  mailprobe demo",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeTargets,
		RunE: func(c *cobra.Command, args []string) error {
			f.oauth.never = true
			if len(args) == 0 {
				return a.tour(c.Context(), &f)
			}
			return a.demo(c.Context(), &f, args)
		},
	}
	f.register(c.Flags())
	c.Flags().SortFlags = false
	completeValues(c, report.Formats())
	return c
}

// demo runs the command line against a lab of all providers.
func (a *app) demo(ctx context.Context, f *runFlags, args []string) error {
	j, err := a.job(ctx, f, args)
	if err != nil {
		return err
	}
	o := f.outcome(j)
	box, err := a.labFor(ctx, j)
	if err != nil {
		return err
	}
	defer box.Close()
	if err := a.do(ctx, f, j, o.see); err != nil {
		return err
	}
	return o.err(ctx)
}

// labFor starts a lab of all providers and of the servers in extra, and sends
// a job into it. Unless the user named an account it signs in as the lab's.
func (a *app) labFor(ctx context.Context, j job, extra ...lab.Server) (*lab.Lab, error) {
	box, err := a.startLab(ctx, j.who.Address, append(a.labServers(j.plans), extra...))
	if err != nil {
		return nil, err
	}
	password := auth.NewCredential(auth.Password, auth.NewSecret(demoPassword))
	token := auth.NewCredential(auth.Token, auth.NewSecret(demoToken))
	for i := range j.plans {
		p := &j.plans[i]
		enterLab(&p.Options, box)
		if p.Options.Credential == nil && !j.who.Known() {
			p.Options.Credential, p.Username = password, target.Account{Address: demoAddress}.Username
			if takesNoPassword(p.Endpoints) {
				p.Options.Credential = token
			}
		}
	}
	return box, nil
}

// takesNoPassword reports whether all of these settings document that they take
// no password.
func takesNoPassword(list []settings.Setting) bool {
	return !slices.ContainsFunc(list, func(s settings.Setting) bool { return diagnose.DocumentedRefusal(s, auth.Password) == "" })
}

func (a *app) startLab(ctx context.Context, user string, servers []lab.Server) (*lab.Lab, error) {
	box, err := lab.Start(ctx, lab.Options{Servers: servers, Accounts: demoAccounts(user)})
	if err != nil {
		return nil, &statusError{exitUnknown, fmt.Errorf("the lab cannot start: %w", err)}
	}
	return box, nil
}

// enterLab sends connections into the lab.
func enterLab(o *probe.Options, box *lab.Lab) {
	o.Overrides.ConnectTo = slices.Concat(o.Overrides.ConnectTo, box.Overrides().ConnectTo)
	if o.TLS.System == nil {
		o.TLS.System = box.CAPool()
	}
}

// labServers impersonates the documented and alternative settings of the
// providers that plans are about or may compare with; nil means of all. A
// server that is in no plan nor beside one costs a listener and a certificate.
func (a *app) labServers(plans []verify.Plan) []lab.Server {
	var endpoints []settings.Endpoint
	for _, p := range a.providers.Outlines() {
		if plans != nil && !p.Compare && !slices.ContainsFunc(plans, func(plan verify.Plan) bool { return concerns(plan, p) }) {
			continue
		}
		for _, e := range p.Settings() {
			if e.Role == settings.Documented || e.Role == settings.Alternative {
				endpoints = append(endpoints, e.Endpoint)
			}
		}
	}
	return lab.Servers(endpoints...)
}

// concerns reports whether a plan is about a provider, or names a server of it.
func concerns(plan verify.Plan, p *settings.Provider) bool {
	if plan.Provider != nil && plan.Provider.ID == p.ID {
		return true
	}
	return slices.ContainsFunc(plan.Endpoints, func(s settings.Setting) bool {
		return slices.ContainsFunc(p.Settings(), func(own settings.Setting) bool { return own.Host == s.Host })
	})
}

// demoAccounts are the lab's account and, under the same password, the
// address that the user gave.
func demoAccounts(user string) []lab.Account {
	accounts := []lab.Account{{Address: demoAddress, Password: demoPassword, Token: demoToken}}
	if user != "" && user != demoAddress {
		accounts = append(accounts, lab.Account{Address: user, Password: demoPassword})
	}
	return accounts
}
