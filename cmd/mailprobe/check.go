package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"mailprobe/internal/discover"
	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
	"mailprobe/internal/target"
)

const aboutCheck = `check is the report card of a domain: what it publishes of its mail settings, which
of it works, what each mail program would set up, and who has to publish or change
what, with the line to write. It is for whoever runs the domain. It signs in
nowhere, and says nothing of how servers send mail to each other (SPF, DMARC,
MTA-STS). TLSA records of the servers are shown where the DNS server's word for
their signatures can be trusted; no mail program goes by them.

Exit status: 0 all that is published works, 1 something does not, or a source is
broken or contradicts another, 2 usage, 3 nothing is published or could be judged.`

func (a *app) checkCommand() *cobra.Command {
	f := runFlags{auth: "none", secrets: secretFlags{noPrompt: true}}
	c := &cobra.Command{
		Use:     "check DOMAIN",
		Short:   "Show what a domain publishes, whether it works, and what to publish",
		Long:    aboutCheck,
		Example: "  mailprobe check example.com\n  mailprobe check example.com -o html=card.html",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("name one domain: mailprobe check example.com")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return a.check(c.Context(), &f, args[0])
		},
	}
	set := c.Flags()
	set.StringSliceVar(&f.only, "only", nil, "verify these `PROTOCOLS` only: imap, pop3, smtp")
	set.BoolVar(&f.published.allowHTTP, "allow-http", false, "take published settings also from http://, without encryption")
	f.netFlags.register(set)
	f.look.register(set)
	f.registerTimeout(set, 90*time.Second, "limit for the whole run, such as 90s; a bare number is seconds")
	f.registerOutput(set, strings.Join(report.Formats(), ", "))
	set.SortFlags = false
	completeValues(c, report.Formats())
	return c
}

// check verifies what a domain publishes and writes its report card.
func (a *app) check(ctx context.Context, f *runFlags, text string) error {
	domain, err := discover.Domain(text)
	if err != nil || target.IsPath(text) || strings.Contains(text, "://") || !strings.Contains(domain, ".") || strings.Contains("."+domain, "..") {
		return fmt.Errorf("check wants a domain, such as example.com, and %s is none; files and servers are verified by 'mailprobe %s --compare'", safe.Display(text), safe.Display(text))
	}
	f.published.compare, f.published.card = true, true
	j, err := a.job(ctx, f, []string{domain})
	if err != nil {
		return a.notBegun(ctx, f, j, []string{text}, err)
	}
	o := f.outcome(j)
	broken, published := false, false
	if err := a.do(ctx, f, j, func(d *document.Document) {
		o.see(d)
		broken, published = broken || isBroken(d.Comparison), published || isPublished(d.Comparison)
	}); err != nil {
		return err
	}
	switch err := o.err(ctx); {
	case err != nil:
		return err
	case broken:
		return &statusError{status: exitFails}
	case !published:
		return &statusError{status: exitUnknown}
	}
	return nil
}

// isPublished reports whether anybody publishes what was verified.
func isPublished(c *document.Comparison) bool {
	return c == nil || slices.ContainsFunc(c.Servers, func(s document.Compared) bool { return s.Source != document.Text(discover.Guess) })
}

// isBroken reports whether a source is broken, contradicts another, or makes a
// program fail.
func isBroken(c *document.Comparison) bool {
	grave := func(severity document.Text) bool { return severity == document.Text(finding.Error) }
	return c != nil && (slices.ContainsFunc(c.Findings, func(f document.Finding) bool { return grave(f.Severity) }) ||
		slices.ContainsFunc(c.Sources, func(s document.FromSource) bool {
			return slices.ContainsFunc(s.Findings, func(f document.LintFinding) bool { return grave(f.Severity) })
		}))
}
