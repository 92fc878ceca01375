package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/suite"
	"mailprobe/internal/verify"
)

// notBegun ends a run that was over before it was known what to verify: it was
// interrupted, its time had passed, or nobody could say which servers there
// are. Every report that was asked for is written all the same, one for each
// target: whoever reads it later would take an old file for today's. A mistake
// in the command line writes nothing.
func (a *app) notBegun(ctx context.Context, f *runFlags, j job, targets []string, err error) error {
	err = f.early(ctx, err)
	if !begun(err) {
		return err
	}
	out := a.outlets(f, withoutProse(j.outputs), len(targets))
	for i, text := range targets {
		out.report(f.unverified(ctx, i, text, err))
	}
	return errors.Join(err, out.end())
}

// noCaseBegun is notBegun for the cases of a suite.
func (a *app) noCaseBegun(ctx context.Context, f *suiteFlags, j job, s *suite.Suite, err error) error {
	err = f.early(ctx, err)
	if !begun(err) {
		return err
	}
	f.suite.Cases = len(s.Cases)
	out := a.outlets(&f.runFlags, withoutProse(j.outputs), len(s.Cases))
	for i, c := range s.Cases {
		d := f.unverified(ctx, i, c.Target, err)
		d.Case = suite.Judge(s, c, d, 1)
		out.report(d)
	}
	return errors.Join(err, out.end())
}

// early is the error of a run that ended before it began: whoever interrupted
// it is told nothing of mistakes.
func (f *runFlags) early(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return &statusError{exitInterrupted, errors.New("interrupted before anything was verified")}
}

// begun reports whether an error has ended a run, such as a stored sign-in that
// cannot be renewed: a mistake in the command line bears no status of its own.
func begun(err error) bool {
	var s *statusError
	return errors.As(err, &s)
}

// withoutProse leaves out what would say on the standard output what the error
// itself says there or beside it.
func withoutProse(outputs []output) []output {
	return slices.DeleteFunc(slices.Clone(outputs), func(o output) bool {
		return o.file == "" && (o.name == "text" || o.name == "nagios")
	})
}

// unverified says of a target that nothing was verified, and why.
func (f *runFlags) unverified(ctx context.Context, index int, text string, err error) *document.Document {
	why := finding.Finding{
		Code: "tool.nothing_verified", Severity: finding.Warning, Blame: finding.Unknown, Phase: probe.Resolve,
		Message: "Nothing was verified: {reason}", Remedy: "Name the servers themselves, or try again later.", Args: finding.Args{"reason": err.Error()},
	}
	switch {
	case ctx.Err() != nil:
		why = finding.Finding{Code: "tool.interrupted", Severity: finding.Warning, Blame: finding.Tool, Phase: probe.Resolve,
			Message: "The run was interrupted before anything was verified.", Remedy: "Repeat it and let it come to its end."}
	case f.late(ctx):
		why = finding.Finding{Code: "tool.out_of_time", Severity: finding.Warning, Blame: finding.Tool, Phase: probe.Resolve,
			Message: "The time for the whole run was over before anything was verified.", Remedy: "Repeat with a longer --timeout."}
	}
	d := document.Of(&verify.Report{
		Target: text, Started: time.Now(), Verdict: verify.Unknown, SignInAsked: f.signIn(nil).asked,
		Interrupted: ctx.Err() != nil, Findings: []finding.Finding{why},
	}, version())
	d.Index = index
	return d
}
