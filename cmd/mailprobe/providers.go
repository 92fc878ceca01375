package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"mailprobe/internal/report"
)

func (a *app) listCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the providers whose settings are known",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			write := report.ProvidersText
			if asJSON {
				write = report.ProvidersJSON
			}
			return write(a.stdout, a.providers.Outlines(), a.repliers())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func (a *app) showCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:               "show TARGET",
		Short:             "Show what is documented for a provider, and by whom",
		Example:           "  mailprobe show icloud\n  mailprobe show me@hotmail.com --json",
		Args:              oneTarget,
		ValidArgsFunction: a.completeTargets,
		RunE: func(c *cobra.Command, args []string) error {
			t, err := a.target(c.Context(), args[0])
			if err != nil {
				return err
			}
			if t.Provider == nil {
				return fmt.Errorf("%s is a server, not a provider; there is nothing documented to show", t.Text)
			}
			if asJSON {
				return report.ProviderJSON(a.stdout, t.Provider)
			}
			return report.ProviderText(a.stdout, t.Provider, time.Now())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}
