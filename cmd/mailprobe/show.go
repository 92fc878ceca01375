package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"mailprobe/internal/settings"
)

func (a *app) showCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:               "show TARGET",
		Short:             "Show what is documented for a provider, and by whom",
		Example:           "  mailprobe show icloud\n  mailprobe show me@hotmail.com --json",
		Args:              oneTarget,
		ValidArgsFunction: a.completeTargets,
		RunE: func(_ *cobra.Command, args []string) error {
			t, err := a.target(args[0])
			if err != nil {
				return err
			}
			if t.settings == nil {
				return fmt.Errorf("%s is a server, not a provider; there is nothing documented to show", t.text)
			}
			if asJSON {
				return writeJSON(a.stdout, showJSON(t.settings))
			}
			return show(a.stdout, t.settings)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

// oneTarget wants exactly one argument.
func oneTarget(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("write it like this: %s, with one provider, domain or address", strings.TrimSuffix(c.UseLine(), " [flags]"))
	}
	return nil
}

// show prints a provider's settings for people.
func show(w io.Writer, s *settings.Settings) error {
	fmt.Fprintf(w, "%s (%s)\n", s.Name, s.ID)
	if len(s.Aliases) > 0 {
		fmt.Fprintf(w, "also:     %s\n", strings.Join(s.Aliases, ", "))
	}
	if len(s.Domains) > 0 {
		fmt.Fprintf(w, "domains:  %s\n", abridged(s.Domains, 8))
	}
	fmt.Fprintln(w)
	if err := showEndpoints(w, s); err != nil {
		return err
	}
	for _, n := range s.NotOffered {
		fmt.Fprintf(w, "\n%s is not offered. %s\n    %s\n", n.Protocol.Name(), n.Note, cite(n.Source))
	}
	showSignIn(w, s)
	showAdvice(w, s, time.Now())
	for _, n := range s.Notes {
		fmt.Fprintf(w, "\nNote: %s\n    %s\n", n.Text, cite(n.Source))
	}
	return nil
}

func showEndpoints(w io.Writer, s *settings.Settings) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PROTOCOL\tSERVER\tPORT\tSECURITY\tUSER NAME\tROLE\tDOCUMENTED IN")
	for _, e := range s.Endpoints {
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%s\t%s\n", e.Protocol.Name(), e.Host, e.Port,
			e.Security.Name(), usernameWord(e.Username), e.Role, cite(e.Source))
	}
	return t.Flush()
}

// showSignIn prints the ways to sign in, each protocol's once.
func showSignIn(w io.Writer, s *settings.Settings) {
	printed := map[settings.Protocol]bool{}
	for _, e := range s.Endpoints {
		if e.Role != settings.Documented || printed[e.Protocol] || len(e.SignIn) == 0 {
			continue
		}
		printed[e.Protocol] = true
		fmt.Fprintf(w, "\nSigning in by %s:\n", e.Protocol.Name())
		for _, way := range e.SignIn {
			fmt.Fprintf(w, "    %-13s %s", way.Way, way.Status)
			if way.Note != "" {
				fmt.Fprintf(w, ": %s", way.Note)
			}
			fmt.Fprintln(w)
		}
	}
}

func showAdvice(w io.Writer, s *settings.Settings, now time.Time) {
	today := now.Format(time.DateOnly)
	for _, a := range s.Advice {
		if (a.From != "" && today < a.From) || (a.Until != "" && today >= a.Until) {
			continue
		}
		fmt.Fprintf(w, "\nAdvice: %s\n", a.Text)
		if a.HelpURL != "" {
			fmt.Fprintf(w, "    %s\n", a.HelpURL)
		}
	}
}

func usernameWord(u settings.UsernameForm) string {
	if u == settings.LocalPart {
		return "part before @"
	}
	return "whole address"
}

func cite(s settings.Source) string {
	text := s.Title
	if s.Publisher != "" {
		text += " (" + s.Publisher + ")"
	}
	if s.Read != "" {
		text += ", read " + s.Read
	}
	return text
}

func abridged(list []string, n int) string {
	if len(list) <= n {
		return strings.Join(list, ", ")
	}
	return strings.Join(list[:n], ", ") + fmt.Sprintf(" and %d more", len(list)-n)
}
