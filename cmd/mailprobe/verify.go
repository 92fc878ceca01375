package main

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"mailprobe/internal/document"
	"mailprobe/internal/probe"
	"mailprobe/internal/report"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
	"mailprobe/internal/verify"
)

const about = `mailprobe verifies mail settings: it dials every documented IMAP, POP3 and SMTP
server of a provider, does TLS exactly as documented, reads what the server can
do, signs in if it is given a password or token, and says whether it works, and
if not, whose fault it is and what to do.

TARGET is a provider (office365), a domain (outlook.com), an address
(me@gmail.com), a file of settings or a folder of them (ispdb/), or one server:
imap.gmail.com, imaps://host[:993], imap://host[:143] (STARTTLS), pop3s://,
pop3://, submissions://, submission://; imap+plain:// and so on for a connection
without encryption, over which it never signs in.

A domain of no known provider is asked for what it publishes itself; see
'mailprobe discover'. It is told the domain alone.

Where a provider takes no passwords, sign in once with 'mailprobe login'; a run
with --user uses what that has stored. A secret is never the value of a flag,
and it goes only to a server that has proved who it is.

Exit status: 0 every documented setting works, 1 at least one does not, 2 usage,
3 could not be judged from here, or signing in was asked for and not tested, 130
interrupted (143 by SIGTERM).`

func (a *app) verifyCommand() *cobra.Command {
	f := runFlags{ofFiles: true}
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
				return a.bare(c, &f)
			}
			if f.published.redundant {
				return a.redundant(c.Context(), &f, args)
			}
			return mistypedCommand(c, args, a.verify(c.Context(), &f, args))
		},
	}
	f.register(c.Flags())
	c.Flags().SortFlags = false
	completeValues(c, report.FileFormats())
	return c
}

// verify verifies the targets and writes the reports.
func (a *app) verify(ctx context.Context, f *runFlags, args []string) error {
	j, err := a.job(ctx, f, args)
	if err != nil {
		return a.notBegun(ctx, f, j, args, err)
	}
	o := f.outcome(j)
	if err := a.do(ctx, f, j, o.see); err != nil {
		return err
	}
	if len(j.plans) == 0 && ctx.Err() == nil {
		return nil // all of it worked not long ago
	}
	a.waysOn(ctx, f, j, o)
	return o.err(ctx)
}

// sideBySide is how many targets are verified at once, and apart how many where
// each has a host of its own and nobody signs in: no server sees more of them.
const (
	sideBySide = 8
	apart      = 64
)

// atOnce is how many of these plans are run at once.
func atOnce(plans []verify.Plan) int {
	seen := make(map[string]bool)
	for _, p := range plans {
		if p.Options.SignInAsked() || len(p.Endpoints) != 1 || seen[p.Endpoints[0].Host] {
			return sideBySide
		}
		seen[p.Endpoints[0].Host] = true
	}
	return apart
}

// do runs the plans and writes each report as it comes. Each is shown to see as
// well.
func (a *app) do(ctx context.Context, f *runFlags, j job, see func(*document.Document)) error {
	progress := a.progress(f)
	for i := range j.plans {
		j.plans[i].Options.Progress = func(e settings.Endpoint, s probe.Step) { progress.Step(e, s.Phase) }
	}
	a.expects(len(j.plans))
	out := a.outlets(f, j.outputs, len(j.plans))
	limited, cancel := f.within(ctx)
	defer cancel()
	run := verify.Each
	if j.shares() {
		run = verify.Shared
	}
	reported := 0
	run(limited, j.plans, atOnce(j.plans), func(i int, r *verify.Report) {
		d := j.document(i, r)
		f.baseline.compare(d)
		see(d)
		f.results.see(d)
		if kept := f.results.keep(r); kept != r && kept != nil {
			d = j.document(i, kept)
		} else if kept == nil {
			return
		}
		reported++
		out.report(d)
	})
	progress.Finish()
	f.results.tell(reported, a.stderr)
	return errors.Join(out.end(), f.results.close())
}

// document is what is said of the report of a plan.
func (j job) document(i int, r *verify.Report) *document.Document {
	d := document.Of(r, version())
	d.Index = i
	if i < len(j.beside) && j.beside[i] != nil {
		c := j.beside[i].With(r)
		d.Comparison = document.ComparisonOf(c)
		if j.writes(patchFormat) {
			d.Comparison.Patch = document.Text(patchOf(j.plans[i].Target, c))
		}
	}
	return d
}

// shares reports whether a server that several targets name is to be dialled
// once: they are files, and no account is looked into.
func (j job) shares() bool {
	return len(j.plans) > 1 && !slices.ContainsFunc(j.plans, func(p verify.Plan) bool {
		return p.Provider != nil || p.Options.SignInAsked() || p.Options.Message != nil || !fromFiles(p.Endpoints)
	})
}

func fromFiles(list []settings.Setting) bool {
	return !slices.ContainsFunc(list, func(s settings.Setting) bool { return !target.FromFile(s.Origin) })
}

// progress shows what goes on where a person watches.
func (a *app) progress(f *runFlags) *report.Progress {
	width, terminal := terminalWidth(a.stderr)
	if !terminal || f.quiet {
		return nil
	}
	return report.NewProgress(a.stderr, width, a.lang.Language)
}
