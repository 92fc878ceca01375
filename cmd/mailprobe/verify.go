package main

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/report"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

const about = `mailprobe verifies mail settings: it dials every documented IMAP, POP3 and SMTP
server of a provider, does TLS exactly as documented, reads what the server can
do, signs in if it is given a password or token, and says whether it works, and
if not, whose fault it is and what to do.

TARGET is a provider (office365), a domain (outlook.com), an address
(me@gmail.com), or one server: imaps://host[:993], imap://host[:143] (STARTTLS),
pop3s://, pop3://, submissions://, submission://; imap+plain:// and so on for a
connection without encryption, over which it never signs in.

Where a provider takes no passwords, sign in once with 'mailprobe login'; a run
with --user uses what that has stored. A secret is never the value of a flag,
and it goes only to a server that has proved who it is.

Exit status: 0 every documented setting works, 1 at least one does not, 2 usage,
3 could not be judged from here, 130 interrupted.`

func (a *app) verifyCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "mailprobe TARGET...",
		Short: "Verify that documented mail settings work",
		Long:  about,
		Example: `  mailprobe office365
  mailprobe gmail --user me@gmail.com --password-command 'pass show gmail'
  mailprobe login office365 --user me@corp.com --client-id ID
  mailprobe office365 --user me@corp.com --send-test
  mailprobe yahoo --only smtp -o text -o junit=report.xml
  mailprobe imaps://imap.example.com`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeTargets,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("nothing to verify; name a provider, such as office365, or see 'mailprobe --help'")
			}
			return a.verify(c.Context(), &f, args)
		},
	}
	f.register(c.Flags())
	c.Flags().SortFlags = false
	return c
}

// verify verifies each target in turn and writes the reports.
func (a *app) verify(ctx context.Context, f *runFlags, args []string) error {
	j, err := a.job(ctx, f, args)
	if err != nil {
		return err
	}
	reports, err := a.do(ctx, f, j)
	if err != nil {
		return err
	}
	return f.outcome(ctx, reports)
}

// A job is a command line that is understood: what is to be run, and where
// the reports go.
type job struct {
	outputs []output
	plans   []verify.Plan
}

// job checks the command line.
func (a *app) job(ctx context.Context, f *runFlags, args []string) (job, error) {
	outputs, err := f.outputs()
	if err != nil {
		return job{}, err
	}
	plans, err := a.plans(ctx, f, args)
	return job{outputs, plans}, err
}

// do runs the plans and writes each report once it is there.
func (a *app) do(ctx context.Context, f *runFlags, j job) ([]*verify.Report, error) {
	out := a.outlets(f, j.outputs, len(j.plans))
	reports := a.runAll(ctx, f, j.plans, out.report)
	return reports, out.end()
}

// runAll runs the plans one after another, so that one target's sign-ins do
// not fall together with another's. What one server has rejected is shown to
// none of the next target either: it may be the same account.
func (a *app) runAll(ctx context.Context, f *runFlags, plans []verify.Plan, written func(int, *verify.Report)) []*verify.Report {
	var reports []*verify.Report
	stopped := map[*auth.Credential]string{}
	for i, p := range plans {
		progress := a.progress(f)
		p.Options.Progress = func(e settings.Endpoint, s probe.Step) { progress.Step(e, s.Phase) }
		p.Stopped = stopped[p.Options.Credential]
		r := verify.Run(ctx, p)
		reports, stopped[p.Options.Credential] = append(reports, r), r.Stopped
		progress.Finish()
		written(i, r)
		if ctx.Err() != nil {
			break
		}
	}
	return reports
}

// progress shows what goes on where a person watches.
func (a *app) progress(f *runFlags) *report.Progress {
	width, terminal := terminalWidth(a.stderr)
	if !terminal || f.quiet {
		return nil
	}
	return report.NewProgress(a.stderr, width)
}

// outcome is nil or the exit status of a run.
func (f *runFlags) outcome(ctx context.Context, reports []*verify.Report) error {
	status := verdictStatus(verify.Overall(reports))
	if f.strict && status == exitWorks && warned(reports) {
		status = exitFails
	}
	if ctx.Err() != nil {
		status = exitInterrupted
	}
	if status == exitWorks {
		return nil
	}
	return &statusError{status: status}
}

func warned(reports []*verify.Report) bool {
	isWarning := func(f finding.Finding) bool { return f.Severity == finding.Warning }
	for _, r := range reports {
		if slices.ContainsFunc(r.Findings, isWarning) {
			return true
		}
		for _, e := range r.Endpoints {
			if slices.ContainsFunc(e.Findings, isWarning) {
				return true
			}
		}
	}
	return false
}
