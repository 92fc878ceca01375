package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"mailprobe/internal/compare"
	"mailprobe/internal/target"
	"mailprobe/internal/verify"
)

// oneTarget wants exactly one argument.
func oneTarget(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("write it like this: %s, with one provider, domain or address", strings.TrimSuffix(c.UseLine(), " [flags]"))
	}
	return nil
}

// target reads one argument without asking DNS.
func (a *app) target(ctx context.Context, text string) (target.Target, error) {
	return target.Resolver{Catalogue: a.providers}.Resolve(ctx, text)
}

// A job is a command line that is understood: what is to be run, and where
// the reports go.
type job struct {
	outputs []output
	plans   []verify.Plan
	who     signIn
	beside  []*compare.Subject // of each plan what its sources say, to be compared; nil: nothing is
}

// job checks the command line. Nothing is dialled before all of it is
// understood.
func (a *app) job(ctx context.Context, f *runFlags, args []string) (j job, err error) {
	if j.outputs, err = f.outputs(); err != nil {
		return j, err
	}
	if err := f.check(); err != nil {
		return j, err
	}
	if err := f.baseline.read(); err != nil {
		return j, err
	}
	like, err := f.plan()
	if err != nil {
		return j, err
	}
	f.start()
	r, err := f.reader(a, like)
	if err != nil {
		return j, err
	}
	targets, err := a.targets(ctx, r, f, args)
	if err != nil {
		return j, err
	}
	if f.send.ask {
		targets = target.Join(targets)
	}
	if f.published.patch = j.writes(patchFormat); f.published.patch && !ofFiles(targets) {
		return j, errors.New("-o patch writes a patch of files of settings; name a file or a folder, such as ispdb/")
	}
	if err := f.results.open(); err != nil {
		return j, err
	}
	if f.results.maxAge > 0 && f.signIn(targets).asked && !f.noSignIn() {
		return j, errors.New("--max-age leaves out servers that worked before, and that says nothing of a sign-in; leave out --max-age, or the user")
	}
	targets = f.results.leaveOut(targets, a.stderr)
	j.who = f.signIn(targets)
	secrets, err := a.secrets(ctx, f, j.who, targets)
	if err != nil {
		return j, err
	}
	like.Username, like.OtherForm = j.who.Username, f.otherForm(j.who, a.stderr)
	like.Options.Sender = j.who.Address
	for i, t := range targets {
		subject := f.subject(t)
		like.Also = f.also(subject, t)
		if subject != nil {
			subject.Pinned = f.pinned(ctx, r.Domains, t.Settings)
		}
		p := r.Plan(t, like)
		secrets[i].showTo(&p.Options, t)
		if err := f.testMessage(&p, j.who); err != nil && !f.late(ctx) {
			return j, err
		}
		j.plans, j.beside = append(j.plans, p), append(j.beside, subject)
	}
	return j, nil
}

// reader is what reads the targets of a run like this one.
func (f *runFlags) reader(a *app, like verify.Plan) (r target.Resolver, err error) {
	if r, err = f.resolver(a); err != nil {
		return r, err
	}
	if !f.oauth.never { // no network in a lab
		o, err := f.asker(a, f.published, like.Options.TLS)
		if err != nil {
			return r, err
		}
		r.Domains = o
	}
	r.Published = f.published.card
	r.Expect, err = f.expected(a)
	return r, err
}

// plan is how the flags want every target to be run.
func (f *runFlags) plan() (verify.Plan, error) {
	opt, err := f.options()
	p := verify.Plan{Options: opt, Built: built(), CheckMechanisms: f.checkMechs, TLSScan: f.tls.scan}
	f.look.apply(&p)
	return p, err
}
