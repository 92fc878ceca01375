package main

import (
	"context"
	"fmt"
	"strings"

	"mailprobe/internal/probe"
	"mailprobe/internal/safe"
	"mailprobe/internal/verify"
)

// plans turns the arguments into what is to be run. Nothing is dialled before
// all of them are understood.
func (a *app) plans(ctx context.Context, f *runFlags, args []string) ([]verify.Plan, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	opt, err := f.options()
	if err != nil {
		return nil, err
	}
	targets, err := a.targets(ctx, f, args)
	if err != nil {
		return nil, err
	}
	asked := f.user != "" || f.username != ""
	if f.user == "" && len(targets) == 1 {
		f.user = targets[0].user
	}
	credentials, err := a.credentials(ctx, f, targets, asked)
	if err != nil {
		return nil, err
	}
	other := f.otherForm(a.stderr)
	var plans []verify.Plan
	for i, t := range targets {
		opt.Credential = credentials[i]
		p := a.plan(f, t, opt)
		p.OtherForm = other
		if err := f.testMessage(&p); err != nil {
			return nil, err
		}
		plans = append(plans, p)
	}
	return plans, nil
}

// plan is what one target asks for.
func (a *app) plan(f *runFlags, t target, opt probe.Options) verify.Plan {
	if t.settings != nil {
		opt.IMAPID = t.settings.IMAPID
		if t.settings.OAuth != nil {
			opt.Preferred = t.settings.OAuth.Mechanism
		}
	}
	p := verify.Plan{
		Target: t.text, Provider: t.settings, Endpoints: t.endpoints, Options: opt, Timeout: f.timeout,
		Username: f.usernames(), Recognise: a.providers.Recognise, Controls: a.providers.Others, Built: built(),
		CheckMechanisms: f.checkMechs, TLSScan: f.tls.scan,
	}
	f.look.apply(&p)
	return p
}

func (a *app) targets(ctx context.Context, f *runFlags, args []string) ([]target, error) {
	if _, domain, ok := cutAddress(f.user); f.user != "" && (!ok || domain == "" || strings.HasPrefix(f.user, "@")) && f.username == "" {
		return nil, fmt.Errorf(`--user "%s" is not a mail address; write it like me@example.com, or give the bare name with --username`, safe.Display(f.user))
	}
	var all []target
	for _, text := range args {
		t, err := a.target(text)
		if err != nil {
			if t, err = a.hosted(ctx, f, t, err); err != nil {
				return nil, err
			}
		}
		if t, err = t.restrict(f.only); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}
