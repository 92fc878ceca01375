package main

import (
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
			return write(a.stdout, a.providers.Outlines())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}
