package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"mailprobe/internal/finding"
	"mailprobe/internal/replies"
	"mailprobe/internal/settings"
)

// completeTargets completes provider names in the shell.
func (a *app) completeTargets(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, s := range a.providers.Outlines() {
		names = append(names, s.ID+"\t"+s.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeAuth completes what --auth knows.
func completeAuth(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return append([]string{"auto", "none"}, waysToSignIn()...), cobra.ShellCompDirectiveNoFileComp
}

// completeValues completes the values of those flags that a command has. formats
// are those that it writes.
func completeValues(c *cobra.Command, formats []string) {
	values := map[string]func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective){
		"auth": completeAuth, "only": completeOnly, "output": completeFormats(formats),
	}
	for flag, complete := range values {
		if c.Flags().Lookup(flag) == nil {
			continue
		}
		if err := c.RegisterFlagCompletionFunc(flag, complete); err != nil {
			panic(err) // it is registered twice
		}
	}
}

// completeOnly completes a list of protocols.
func completeOnly(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	before := typed[:strings.LastIndexByte(typed, ',')+1]
	var all []string
	for _, p := range settings.Protocols() {
		if !slices.Contains(strings.Split(before, ","), string(p)) {
			all = append(all, before+string(p))
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// completeFormats completes the name of a format, and behind its = a file.
func completeFormats(formats []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		if strings.Contains(typed, "=") {
			return nil, cobra.ShellCompDirectiveDefault
		}
		return formats, cobra.ShellCompDirectiveNoFileComp
	}
}

// completeCodes completes the codes of findings, and the names of saved reports.
func completeCodes(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var codes []string
	for _, p := range finding.Pages() {
		codes = append(codes, p.Code+"\t"+p.Title)
	}
	return codes, cobra.ShellCompDirectiveDefault
}

// completeRepliers lists whose replies or settings are known.
func (a *app) completeRepliers(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	names, directive := a.completeTargets(nil, nil, "")
	return append(names, a.repliers()...), directive
}

// repliers are the providers whose replies are known, and no settings.
func (a *app) repliers() []string {
	return slices.DeleteFunc(replies.Providers(), a.providers.Knows)
}

// refineCompletion makes cobra's command completion refuse what it cannot do;
// left alone it prints its help and reports success.
func refineCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	c, _, err := root.Find([]string{"completion"})
	if err != nil || c == root {
		return
	}
	var shells []string
	for _, s := range c.Commands() {
		shells = append(shells, s.Name())
	}
	known := strings.Join(shells, ", ")
	c.Args = cobra.ArbitraryArgs
	c.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return errors.New("name a shell: " + known)
		}
		return fmt.Errorf("unknown shell %q; there are %s", args[0], known)
	}
}
