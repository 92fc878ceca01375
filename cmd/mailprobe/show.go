package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mailprobe/internal/clients"
	"mailprobe/internal/finding"
	"mailprobe/internal/publish"
	"mailprobe/internal/published"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
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
	set.StringSliceVar(&r.only, "only", nil, "these protocols only: imap, pop3, smtp")
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
		return fmt.Errorf("unknown output format %q; there are %s", name, strings.Join(showFormats(), ", "))
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

// check finds mistakes before anything is asked, and returns the domains in the
// form in which they are written.
func (f *showFlags) check() (domains []string, err error) {
	if err := f.run.check(); err != nil {
		return nil, err
	}
	if f.program != "" && !slices.Contains(programs(), f.program) {
		return nil, fmt.Errorf("--for %s: there are no instructions for it; there are for %s", safe.Display(f.program), strings.Join(programs(), ", "))
	}
	for _, text := range f.domains {
		domain, err := settings.Host(text)
		if _, number := netip.ParseAddr(domain); err != nil || number == nil || !strings.Contains(domain, ".") {
			return nil, fmt.Errorf("--domain %s: write the part of the addresses that stands behind the @, such as example.com", safe.Display(text))
		}
		if !slices.Contains(domains, domain) {
			domains = append(domains, domain)
		}
	}
	return domains, nil
}

// shown understands the arguments: one target, or several servers of one.
func (a *app) shown(ctx context.Context, r target.Resolver, f *showFlags, args []string) (target.Target, error) {
	var all []target.Target
	for _, text := range args {
		list, err := understood(ctx, r, f, text)
		if err != nil {
			return target.Target{}, err
		}
		all = append(all, list...)
	}
	if all = target.Join(all); len(all) > 1 {
		return target.Target{}, fmt.Errorf("these are %d targets, and one can be shown: a provider, a domain, a file, or the servers of one account", len(all))
	}
	t := all[0]
	for _, note := range t.Notes {
		fmt.Fprintln(a.stderr, "mailprobe: "+note)
	}
	if len(f.run.only) > 0 {
		return t.Only(protocolsOf(f.run.only)...)
	}
	return t, nil
}

func protocolsOf(names []string) (list []settings.Protocol) {
	for _, name := range names {
		list = append(list, settings.Protocol(name))
	}
	return list
}

// understood reads one argument.
func understood(ctx context.Context, r target.Resolver, f *showFlags, text string) ([]target.Target, error) {
	if target.IsPath(text) {
		files, err := target.OfPath(text)
		if err == nil && len(files) > 1 {
			err = fmt.Errorf("%s holds %d documents; name one of them", safe.Display(text), len(files))
		}
		return files, err
	}
	limited, cancel := f.run.within(ctx)
	defer cancel()
	t, err := r.Resolve(limited, text)
	if err != nil && f.run.late(ctx) {
		return nil, &statusError{exitUnknown, fmt.Errorf("the time for the whole run (%s) was over before it was known which servers %s has; repeat with a longer --timeout", f.run.timeout, safe.Display(text))}
	}
	if unknown, ok := errors.AsType[*target.UnknownError](err); ok && unknown.Asked {
		err = &statusError{exitUnknown, err}
	}
	return []target.Target{t}, err
}

// showOutputs writes to all outputs. All is made before anything is written, so
// that a format that can say nothing leaves no file behind.
func (a *app) showOutputs(outputs []output, s subject) error {
	documents := make([]publish.Document, len(outputs))
	for i, out := range outputs {
		d, err := s.document(out.name, a.pageOptions(out))
		if err != nil {
			return err
		}
		d.Notes = append(d.Notes, faults(out.name, d.Text)...)
		documents[i] = d
	}
	var errs []error
	for i, out := range outputs {
		d := documents[i]
		for _, note := range d.Notes {
			fmt.Fprintln(a.stderr, "mailprobe: "+harmless(note))
		}
		errs = append(errs, out.replace(a.stdout, d.Text), a.record(out, d.Record))
	}
	return errors.Join(errs...)
}

// pageOptions are how text is written for people.
func (a *app) pageOptions(out output) report.Options {
	width, terminal := terminalWidth(a.stdout)
	return report.Options{Width: width, Color: out.file == "" && terminal && os.Getenv("NO_COLOR") == ""}
}

// faults are what lint would find wrong with what is written: the settings
// themselves contradict, or let a password be read.
func faults(format string, text []byte) (notes []string) {
	if !slices.Contains(publish.Formats(), format) {
		return nil
	}
	for _, f := range published.Read("", text).Findings {
		if f.Severity == finding.Error || f.Code == published.Plaintext {
			notes = append(notes, "what "+format+" says will not do: "+f.Says())
		}
	}
	return notes
}

// record writes a record that must stand in DNS beside a document.
func (a *app) record(out output, record string) error {
	if record == "" {
		return nil
	}
	fmt.Fprintln(a.stderr, "mailprobe: publish this in DNS as well, and anew with each change of the document:")
	if _, err := io.WriteString(a.stderr, record); err != nil || out.file == "" {
		return err
	}
	return output{name: out.name, file: out.file + ".txt"}.replace(a.stdout, []byte(record))
}

// suits finds what speaks against the outputs before a server is dialled.
func (s subject) suits(outputs []output) error {
	for _, out := range outputs {
		beside := func(o output) bool { return out.name == "pacc" && out.file != "" && o.file == out.file+".txt" }
		switch {
		case s.Guessed && out.name != "text" && !s.verified:
			return fmt.Errorf("%s publishes no settings, and these servers are guessed by their names; add --verified to write those that work", safe.Display(s.Domain))
		case s.program != "" && out.name != "text":
			return fmt.Errorf("--for writes text alone; leave -o %s out", out.name)
		case out.name == "text" && s.program == "" && s.Provider == nil && s.Domain == "" && !target.IsPath(s.Text):
			return fmt.Errorf("%s is a server, not a provider; there is nothing documented to show; -o writes its settings (%s)", s.Text, strings.Join(showFormats()[1:], ", "))
		case slices.ContainsFunc(outputs, beside):
			return fmt.Errorf("pacc writes its record to %s.txt, which another format would be written to", out.file)
		}
	}
	return nil
}

// document writes what is shown in a format.
func (s subject) document(format string, o report.Options) (publish.Document, error) {
	var b strings.Builder
	var err error
	switch {
	case s.program != "":
		err = s.guide(&b, o)
	case format == "text":
		err = report.ProviderText(&b, s.provider(), time.Now())
	case format == "json":
		err = report.ProviderJSON(&b, s.provider())
	default:
		return publish.Make(format, s.publication())
	}
	return publish.Document{Text: []byte(b.String())}, err
}
