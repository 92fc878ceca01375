package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

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
	changed, err := f.changedFiles(ctx)
	if err != nil {
		return err
	}
	if changed != nil {
		if cases = j.onlyChanged(cases, changed); len(cases) == 0 {
			f.tellNoneChanged(a.stderr)
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
		if _, err := a.planned(ctx, s, c); err != nil {
			return all, nil, err
		}
		flags := caseFlags(f.runFlags, c)
		j, err := a.job(ctx, &flags, []string{c.Target})
		if err != nil {
			return all, nil, notBegunCase(s, c, err)
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

// inCase says at which key of a case something is wrong. The exit status stays.
func inCase(s *suite.Suite, c suite.Case, key string, err error) error {
	line, column := s.At(c, key)
	return fmt.Errorf("%s:%d:%d: %w", safe.Display(s.File), line, column, err)
}

// notBegunCase says at which key of a case that is understood something is wrong
// all the same: whose the account is, the secret, or what becomes of the target's
// name.
func notBegunCase(s *suite.Suite, c suite.Case, err error) error {
	if _, stranger := errors.AsType[*target.StrangerError](err); stranger {
		return inCase(s, c, "user", asKeys(err))
	}
	if _, unknown := errors.AsType[*target.UnknownError](err); unknown || begun(err) || c.Secret == (suite.Secret{}) {
		return inCase(s, c, "target", err)
	}
	return inCase(s, c, "secret", asKeys(err))
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
