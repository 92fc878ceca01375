package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mailprobe/internal/clients"
	"mailprobe/internal/publish"
)

// showFlags say what is shown of a target, and how its servers are verified.
type showFlags struct {
	run      runFlags // of which the command has those that say how to verify
	domains  []string
	verified bool
	program  string
}

func (f *showFlags) register(set *pflag.FlagSet) {
	r := &f.run
	set.StringArrayVarP(&r.output, "output", "o", nil, "`FORMAT[=FILE]` write this format ("+strings.Join(showFormats(), ", ")+"); may be repeated")
	set.BoolVar(&r.json, "json", false, "the same as -o json")
	set.StringVar(&f.program, "for", "", "say what to type, field by field, in this `PROGRAM`: "+strings.Join(programs(), ", "))
	set.BoolVar(&f.verified, "verified", false, "verify the servers first, without signing in, and write only what works")
	set.StringSliceVar(&f.domains, "domain", nil, "the `DOMAIN` whose addresses are meant, where the target is a server, or a provider at which it is; may be repeated")
	set.StringVarP(&r.user, "user", "u", "", "write it for the one account with this `ADDRESS`")
	set.StringSliceVar(&r.only, "only", nil, "these `PROTOCOLS` only: imap, pop3, smtp")
	r.published.register(set)
	r.netFlags.register(set)
	r.registerTimeout(set, 90*time.Second, "limit for the whole run, such as 90s; a bare number is seconds")
	set.SortFlags = false
}

// showFormats are the formats in which a target is shown.
func showFormats() []string { return append([]string{"text", "json"}, publish.Formats()...) }

// programs are the names of the mail programs that there are instructions for.
func programs() (names []string) {
	for _, g := range clients.Guides() {
		names = append(names, g.ID)
	}
	return names
}

func checkShowFormat(name string) error {
	if !slices.Contains(showFormats(), name) {
		return fmt.Errorf("unknown output format %q%s; there are %s", name, perhaps(name, showFormats()), strings.Join(showFormats(), ", "))
	}
	return nil
}

const aboutShow = `show shows what is documented for a provider, and by whom. With -o it writes the
settings in a form that is published, or read by a device, as it is written; with
--for it says what to press and to type in a mail program.

    autoconfig    XML for Thunderbird and many others: serve it at
                  https://autoconfig.DOMAIN/mail/config-v1.1.xml
    autodiscover  XML for Outlook: answer a POST to
                  https://autodiscover.DOMAIN/autodiscover/autodiscover.xml with it
    mobileconfig  a profile for iPhone, iPad and Mac
    srv           records for the zone (RFC 6186, RFC 8314)
    pacc          JSON, with the record of its digest on stderr, or in FILE.txt
    yaml          a file of this program

TARGET is a provider, a domain or an address, a file of settings, or the URLs of
the servers. A domain of no known provider is asked for what it publishes, as by
'mailprobe discover'. What a format cannot say is told on stderr. TLS comes before
STARTTLS, and IMAP before POP3. 'mailprobe lint' reads what is written.

Exit status: 0 it is shown; with --verified 1 where a server does not work and 3
where one could not be judged, both of which are left out; 2 usage, or the format
can say nothing of it; 3 nothing is published.`

func (a *app) showCommand() *cobra.Command {
	var f showFlags
	c := &cobra.Command{
		Use:   "show TARGET...",
		Short: "Show what is documented for a provider, or write it to be published",
		Long:  aboutShow,
		Example: `  mailprobe show icloud
  mailprobe show me@hotmail.com --json
  mailprobe show me@gmail.com --for thunderbird
  mailprobe show fastmail -o autoconfig=config-v1.1.xml -o srv --domain example.com
  mailprobe show imaps://mail.example.com submissions://mail.example.com \
    --domain example.com --verified -o mobileconfig=mail.mobileconfig`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.completeTargets,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("nothing to show; name a provider, such as icloud, a domain, or a server, such as imaps://imap.example.com")
			}
			return a.show(c.Context(), &f, args)
		},
	}
	f.register(c.Flags())
	if err := c.RegisterFlagCompletionFunc("output", completeFormats(showFormats())); err != nil {
		panic(err) // it is registered twice
	}
	for flag, complete := range map[string]cobra.CompletionFunc{"only": completeOnly, "for": cobra.FixedCompletions(programs(), cobra.ShellCompDirectiveNoFileComp)} {
		if err := c.RegisterFlagCompletionFunc(flag, complete); err != nil {
			panic(err)
		}
	}
	return c
}

func (a *app) show(ctx context.Context, f *showFlags, args []string) error {
	outputs, err := outputsOf(f.run.output, f.run.json, checkShowFormat)
	if err != nil {
		return err
	}
	domains, err := f.check()
	if err != nil {
		return err
	}
	like, err := f.run.plan()
	if err != nil {
		return err
	}
	f.run.begin(f.run.timeout)
	r, err := f.run.reader(a, like)
	if err != nil {
		return err
	}
	t, err := a.shown(ctx, r, f, args)
	if err != nil && ctx.Err() != nil {
		return &statusError{status: exitInterrupted}
	}
	if err != nil {
		return err
	}
	s := subject{Target: t, domains: domains, account: f.run.user, narrowed: len(f.run.only) > 0, program: f.program, verified: f.verified}
	if err := s.suits(outputs); err != nil {
		return err
	}
	if !f.verified {
		return a.showOutputs(outputs, s)
	}
	limited, cancel := f.run.within(ctx)
	defer cancel()
	left, err := a.verifyShown(limited, r, like, &s)
	if err == nil {
		err = a.showOutputs(outputs, s)
	}
	if err != nil || left == nil {
		return err
	}
	return left
}
