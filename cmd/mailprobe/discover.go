package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mailprobe/internal/discover"
	"mailprobe/internal/document"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
	"mailprobe/internal/target"
	"mailprobe/internal/tlscheck"
)

// publishedFlags say what may be told, and to whom, while a domain is asked for
// what it publishes.
type publishedFlags struct {
	sendAddress, allowHTTP bool
	expect                 string // these two only where servers are verified
	compare, patch         bool
	redundant              bool   // files are only compared with what their domains publish
	since                  string // a commit: of files those that are not as there; empty: all
	card                   bool   // the report card of a domain is wanted
}

func (f *publishedFlags) register(set *pflag.FlagSet) {
	set.BoolVar(&f.sendAddress, "send-address", false, "tell the address to the servers that publish settings (otherwise the domain alone)")
	set.BoolVar(&f.allowHTTP, "allow-http", false, "take published settings also from http://, without encryption")
}

// discoverFlags are the flags of the command discover.
type discoverFlags struct {
	netFlags
	published publishedFlags
	tls       tlsFlags

	output        []string
	json, noColor bool
	verbose       bool
}

func (f *discoverFlags) register(set *pflag.FlagSet) {
	f.published.register(set)
	f.netFlags.register(set)
	f.registerTimeout(set, 20*time.Second, "limit for the whole run, such as 20s; a bare number is seconds")
	set.BoolVar(&f.tls.noAIA, "no-aia", false, "never fetch a missing intermediate certificate in order to explain the fault")
	set.StringArrayVarP(&f.output, "output", "o", nil, "`FORMAT[=FILE]` write this format ("+strings.Join(discoverFormats(), ", ")+"); may be repeated")
	set.BoolVar(&f.json, "json", false, "the same as -o json")
	set.BoolVar(&f.noColor, "no-color", false, "no colour (also by the variable NO_COLOR)")
	set.BoolVarP(&f.verbose, "verbose", "v", false, "sources that publish nothing, and mere facts, as well")
	set.SortFlags = false
}

const aboutDiscover = `discover asks a domain for the mail settings that it publishes: autoconfig at both
places, SRV and TXT records, PACC, Autodiscover, and whoever receives its mail
(MX). It shows what each says, what is wrong with it, and what contradicts what.
It signs in nowhere and tells nobody the address; where nothing is published it
shows what answers at the usual names, and calls it a guess.

Exit status: 0 something was found, and nothing is broken or contradicts; 1 a
source is broken or contradicts another; 2 usage; 3 nothing is published, or
nothing could be asked.`

func (a *app) discoverCommand() *cobra.Command {
	var f discoverFlags
	c := &cobra.Command{
		Use:     "discover TARGET",
		Short:   "Show what a domain publishes of its own mail settings",
		Long:    aboutDiscover,
		Example: "  mailprobe discover example.com\n  mailprobe discover me@example.com --json",
		Args:    oneTarget,
		RunE: func(c *cobra.Command, args []string) error {
			return a.discover(c.Context(), &f, args[0])
		},
	}
	f.register(c.Flags())
	completeValues(c, discoverFormats())
	return c
}

func (a *app) discover(ctx context.Context, f *discoverFlags, text string) error {
	outputs, err := outputsOf(f.output, f.json, discoverFormat)
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	if bare := target.Bare(text); bare != text {
		return &target.AddressError{Text: text}
	}
	var config tlscheck.Config
	f.tls.apply(&config)
	o, err := f.asker(a, f.published, config)
	if err != nil {
		return err
	}
	f.begin(f.timeout)
	limited, cancel := f.within(ctx)
	defer cancel()
	r, err := o.Ask(limited, text)
	if err != nil {
		return fmt.Errorf("%s is neither a domain nor an address; write it like example.com or me@example.com", safe.Display(text))
	}
	if err := a.discoverOutputs(f, outputs, document.DiscoveryOf(r, version())); err != nil {
		return err
	}
	switch {
	case ctx.Err() != nil:
		return &statusError{status: exitInterrupted}
	case r.Broken():
		return &statusError{status: exitFails}
	case !r.Found():
		return &statusError{status: exitUnknown}
	}
	return nil
}

// discoverFormats are those in which a discovery is written.
func discoverFormats() []string { return []string{"text", "json"} }

// discoverFormat refuses a format in which a discovery is not written.
func discoverFormat(name string) error {
	if !slices.Contains(discoverFormats(), name) {
		return fmt.Errorf("unknown output format %q; there are %s", name, strings.Join(discoverFormats(), ", "))
	}
	return nil
}

// asker is how the flags want a domain to be asked. A DNS server that is named
// is asked for addresses, too: it may be the only one that knows them.
func (f *netFlags) asker(a *app, p publishedFlags, config tlscheck.Config) (discover.Options, error) {
	o := discover.Options{Catalogue: a.providers, TLS: config, SendAddress: p.sendAddress, AllowHTTP: p.allowHTTP}
	way, err := f.way()
	if err != nil {
		return o, err
	}
	o.Overrides, o.Family = way.Overrides, way.Family
	if o.TLS.System == nil {
		if o.TLS.System, err = f.roots(); err != nil {
			return o, err
		}
	}
	dns, err := f.dns()
	if dns != nil {
		o.DNS = dns
		if f.dnsServer != "" {
			o.Resolver = dns
		}
	}
	return o, err
}

func (a *app) discoverOutputs(f *discoverFlags, outputs []output, d document.Discovery) error {
	width, terminal := terminalWidth(a.stdout)
	for _, out := range outputs {
		o := report.Options{Width: width, Language: a.lang.Language, Verbose: f.verbose, Color: out.file == "" && terminal && !f.noColor && os.Getenv("NO_COLOR") == ""}
		err := out.write(a.stdout, func(w io.Writer) error {
			if out.name == "json" {
				return report.DiscoveryJSON(w, d)
			}
			return report.DiscoveryText(w, d, o)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
