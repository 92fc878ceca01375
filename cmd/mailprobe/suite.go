package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/probe"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/suite"
	"mailprobe/internal/target"
	"mailprobe/internal/verify"
)

// verifySuite verifies the cases of a suite and writes what becomes of each.
func (a *app) verifySuite(ctx context.Context, f *suiteFlags, s *suite.Suite) error {
	f.begin(f.timeout)
	f.suite = &document.Suite{Name: document.Text(s.Name), File: document.Text(s.File)}
	j, cases, err := a.suiteJob(ctx, f, s)
	if err != nil {
		return a.noCaseBegun(ctx, f, j, s, err)
	}
	if f.onlyChanged != "" {
		changed, err := changedSince(ctx, f.onlyChanged)
		if err != nil {
			return err
		}
		if cases = j.onlyChanged(cases, changed); len(cases) == 0 {
			fmt.Fprintf(a.stderr, "mailprobe: no file of settings that the suite names changed since %s; nothing was verified\n", safe.Display(f.onlyChanged))
			return nil
		}
	}
	o := f.outcome(j)
	s.Cases, f.suite.Cases = cases, len(cases)
	if err := a.doSuite(ctx, f, s, j, o.see); err != nil {
		return err
	}
	return o.err(ctx)
}

// suiteJob makes one job of all cases, and says of which case each of its plans
// is. Nothing is dialled before all of them are understood.
func (a *app) suiteJob(ctx context.Context, f *suiteFlags, s *suite.Suite) (all job, cases []suite.Case, err error) {
	if all.outputs, err = f.outputs(); err != nil {
		return all, nil, err
	}
	if err := f.baseline.read(); err != nil {
		return all, nil, err
	}
	for _, c := range s.Cases {
		flags := caseFlags(f.runFlags, c)
		j, err := a.job(ctx, &flags, []string{c.Target})
		if err != nil {
			return all, nil, inCase(s, c, err)
		}
		all.plans = append(all.plans, j.plans...)
		for _, p := range j.plans {
			one := c
			if len(j.plans) > 1 { // a folder holds several
				one.Name = c.Title() + ": " + p.Target
			}
			cases = append(cases, one)
		}
	}
	return all, cases, nil
}

// inCase says in which case something is wrong. The exit status stays.
func inCase(s *suite.Suite, c suite.Case, err error) error {
	return fmt.Errorf("%s:%d: %w", safe.Display(s.File), c.Line, err)
}

// caseFlags are the flags of a run with what a case says.
func caseFlags(f runFlags, c suite.Case) runFlags {
	f.user, f.username, f.only, f.auth = c.User, c.Username, c.Only, cmp.Or(c.Auth, "auto")
	f.baseline = baselineFlags{}
	f.timeout = 0 // the clock of the whole run is running
	f.secrets = secretFlags{noPrompt: true, named: true, yes: c.OwnAccount}
	places := map[string]*string{
		suite.PasswordVariable: &f.secrets.passwordEnv, suite.PasswordFile: &f.secrets.passwordFile, suite.PasswordCommand: &f.secrets.passwordCommand,
		suite.TokenVariable: &f.secrets.tokenEnv, suite.TokenFile: &f.secrets.tokenFile, suite.TokenCommand: &f.secrets.tokenCommand,
		suite.NetrcFile: &f.secrets.netrcFile,
	}
	if place := places[c.Secret.Source]; place != nil {
		*place = c.Secret.Value
	}
	f.secrets.keyring = c.Secret.Source == suite.Keyring
	f.oauth.force = c.Secret.Source == suite.Stored
	return f
}

// doSuite runs the cases, judges each by what is expected of it, and writes it.
func (a *app) doSuite(ctx context.Context, f *suiteFlags, s *suite.Suite, j job, see func(*document.Document)) error {
	progress := a.progress(&f.runFlags)
	for i := range j.plans {
		j.plans[i].Options.Progress = func(e settings.Endpoint, p probe.Step) { progress.Step(e, p.Phase) }
	}
	a.expects(len(j.plans))
	out := a.outlets(&f.runFlags, j.outputs, len(j.plans))
	limited, cancel := f.within(ctx)
	defer cancel()
	attempts{s.Cases, j.plans, cmp.Or(s.Concurrency, sideBySide)}.run(limited, func(i, attempt int, r *verify.Report) {
		d := document.Of(r, version())
		d.Index, d.Case = i, &document.Case{Case: document.Text(s.Cases[i].Title())}
		f.baseline.compare(d)
		d.Case = suite.Judge(s, s.Cases[i], d, attempt)
		f.sharpen(d.Case)
		see(d)
		out.report(d)
	})
	progress.Finish()
	return out.end()
}

// sharpen makes an error of what --strict wants as one: a known failure that is
// none any more.
func (f *suiteFlags) sharpen(c *document.Case) {
	for i := range c.Unmet {
		if u := &c.Unmet[i]; f.strict && u.Code == "suite.stale_known_failure" {
			u.Severity, c.Counts = "error", document.Worse(c.Counts, document.Fails)
		}
	}
}

// planned says what would be verified for a case, as far as that is known
// without a network.
func (a *app) planned(ctx context.Context, s *suite.Suite, c suite.Case) ([]string, error) {
	flags := caseFlags(runFlags{}, c)
	if err := errors.Join(flags.checkUser(), flags.checkMechanism()); err != nil {
		return nil, inCase(s, c, err)
	}
	var only []settings.Protocol
	for _, p := range c.Only {
		only = append(only, settings.Protocol(p))
	}
	if target.IsPath(c.Target) {
		files, err := a.files(&flags, c.Target, only)
		if err != nil {
			return nil, inCase(s, c, err)
		}
		return planLines(c, files...), nil
	}
	t, err := a.target(ctx, c.Target)
	var unknown *target.UnknownError
	if errors.As(err, &unknown) && strings.Contains(c.Target, ".") && !strings.Contains(c.Target, ":") && len(unknown.Near) == 0 {
		return append([]string{"a domain of no known provider: it is asked what it publishes"}, planLines(c)...), nil
	}
	if err != nil {
		return nil, inCase(s, c, err)
	}
	if t, err = t.Only(only...); err != nil {
		return nil, inCase(s, c, err)
	}
	return planLines(c, t), nil
}

// planLines lists the servers of targets, and who signs in there.
func planLines(c suite.Case, targets ...target.Target) []string {
	var lines []string
	for _, t := range targets {
		for _, e := range t.Settings {
			lines = append(lines, safe.Display(e.Endpoint.String()))
		}
	}
	if who := cmp.Or(c.User, c.Username); who != "" {
		lines = append(lines, "signs in as "+safe.Display(who)+secretWords(c.Secret))
	}
	return lines
}

// secretWords says where a secret comes from.
func secretWords(s suite.Secret) string {
	switch {
	case s.Source == "":
		return ", with nothing to sign in with"
	case s.Value == "":
		return " (" + s.Source + ")"
	}
	return " (" + s.Source + " " + safe.Display(s.Value) + ")"
}
