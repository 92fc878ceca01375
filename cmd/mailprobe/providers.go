package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"mailprobe/internal/report"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
)

func (a *app) listCommand() *cobra.Command {
	var asJSON bool
	var mx string
	c := &cobra.Command{
		Use:   "list [WORD...]",
		Short: "List the providers whose settings are known",
		Long: `list lists the providers whose settings are known. WORDs narrow it to those
whose id, name, mail domain or server contains each of them; --mx to those that
receive mail at a host, or below a suffix of hosts.`,
		Example: "  mailprobe list\n  mailprobe list zoho\n  mailprobe list --mx aspmx.l.google.com",
		Args:    cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, words []string) error {
			if c.Flags().Changed("mx") && mx == "" {
				return errors.New("--mx needs a host, such as aspmx.l.google.com, or a suffix, such as .protection.outlook.com")
			}
			found, err := a.listed(words, mx)
			if err != nil {
				return err
			}
			var repliers []string
			if len(words) == 0 && mx == "" {
				repliers = a.repliers()
			}
			write := report.ProvidersText
			if asJSON {
				write = report.ProvidersJSON
			}
			return write(a.stdout, found, repliers)
		},
	}
	c.Flags().StringVar(&mx, "mx", "", "those that receive mail at this `HOST`, or at hosts below this suffix")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

// listed returns the providers that a search finds; none is an error.
func (a *app) listed(words []string, mx string) ([]*settings.Provider, error) {
	found := a.providers.Find(words...)
	if mx != "" {
		received := a.providers.FindByMX(mx)
		found = slices.DeleteFunc(found, func(p *settings.Provider) bool { return !slices.Contains(received, p) })
	}
	switch {
	case len(found) > 0:
		return found, nil
	case mx != "":
		return nil, fmt.Errorf("no provider that is known and sought for receives mail at %s", safe.Display(mx))
	case len(words) == 1:
		return nil, target.Unknown(a.providers, words[0])
	}
	return nil, fmt.Errorf("no provider that is known has all of %s in its names, domains and servers", safe.Display(strings.Join(words, ", ")))
}
