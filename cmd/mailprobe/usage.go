package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A section of the help is a title, and the names of what stands below it: of
// commands, or of flags.
type section struct {
	title string
	names []string
}

// commandSections is what there is to do, by what somebody came for.
var commandSections = []section{
	{"Does it work?", []string{"run", "bulk", "serve", "ui", "diff", "demo", "lab"}},
	{"What does this error mean?", []string{"explain"}},
	{"Which settings are right?", []string{"list", "show", "discover", "check", "lint"}},
	{"Signing in by OAuth2", []string{"login", "logout", "token", "oauth"}},
	{"Further", []string{"completion", "help", "version"}},
}

// flagSections orders the flags of commands that have many.
var flagSections = []section{
	{"Signing in", []string{"user", "username", "auth", "password-file", "password-command", "keyring", "netrc", "netrc-file",
		"token-file", "token-command", "oauth", "client-id", "cert", "key", "no-prompt", "yes", "try-username-forms"}},
	{"Signing in as an application, without a person (OAuth2)", []string{"flow", "tenant", "client-secret-file",
		"client-secret-command", "certificate", "certificate-key", "federated-token-file", "federated-token-command",
		"federated-github", "workload-provider", "service-account", "service-account-file"}},
	{"What is tested", []string{"only", "send-test", "send-test-wait", "check-mechanisms", "tls-scan", "all-addresses", "compare",
		"expect", "redundant", "expiry-warning", "no-aia", "no-alternatives", "no-control"}},
	{"What is shown", []string{"output", "json", "transcript", "plain", "no-color", "lang", "quiet", "verbose", "strict"}},
	{"Compared with earlier runs", []string{"baseline", "save-baseline", "results", "changed", "max-age", "only-changed"}},
	{"The way there", []string{"timeout", "phase-timeout", "resolve", "connect-to", "cacert", "add-cacert", "ipv4", "ipv6",
		"dns-server", "ehlo", "send-address", "allow-http"}},
	{"Further", []string{"help", "version"}},
}

// manyFlags is from how many flags on they stand in sections.
const manyFlags = 20

// usage shows how a command is called: what there is to do and the flags, by
// sections.
func (a *app) usage(c *cobra.Command) error {
	w := c.OutOrStderr()
	fmt.Fprint(w, "Usage:")
	if c.Runnable() {
		fmt.Fprintf(w, "\n  %s", c.UseLine())
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n  %s [command]", c.CommandPath())
	}
	if c.HasExample() {
		fmt.Fprintf(w, "\n\nExamples:\n%s", c.Example)
	}
	writeCommands(w, c)
	fmt.Fprintln(w)
	columns, _ := terminalWidth(a.stdout)
	writeFlags(w, c, columns)
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n'%s [command] --help' says more about a command.\n", c.CommandPath())
	}
	return nil
}

// writeCommands lists what a command has below it.
func writeCommands(w io.Writer, c *cobra.Command) {
	var names []string
	for _, below := range c.Commands() {
		if below.IsAvailableCommand() || below.Name() == "help" {
			names = append(names, below.Name())
		}
	}
	for _, s := range sorted(commandSections, names) {
		fmt.Fprintf(w, "\n\n%s", s.title)
		for _, below := range c.Commands() {
			if slices.Contains(s.names, below.Name()) {
				fmt.Fprintf(w, "\n  %-11s %s", below.Name(), below.Short)
			}
		}
	}
}

// writeFlags lists a command's flags; columns is where lines end, 0: nowhere.
func writeFlags(w io.Writer, c *cobra.Command, columns int) {
	var names []string
	flags := c.Flags()
	flags.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	if len(names) < manyFlags {
		fmt.Fprintf(w, "\nFlags:\n%s", flags.FlagUsagesWrapped(columns))
		return
	}
	for _, s := range sorted(flagSections, names) {
		part := pflag.NewFlagSet(s.title, pflag.ContinueOnError)
		part.SortFlags = false
		for _, name := range s.names {
			part.AddFlag(flags.Lookup(name))
		}
		fmt.Fprintf(w, "\n%s:\n%s", s.title, part.FlagUsagesWrapped(columns))
	}
}

// sorted puts names into their sections. Those of none are the command's own,
// and come first.
func sorted(sections []section, names []string) []section {
	var out []section
	for _, s := range sections {
		there := slices.DeleteFunc(slices.Clone(s.names), func(n string) bool { return !slices.Contains(names, n) })
		names = slices.DeleteFunc(names, func(n string) bool { return slices.Contains(there, n) })
		if len(there) > 0 {
			out = append(out, section{s.title, there})
		}
	}
	if len(names) > 0 {
		out = slices.Insert(out, 0, section{"Its own", names})
	}
	return out
}
