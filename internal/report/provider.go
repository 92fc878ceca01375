package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"mailprobe/internal/settings"
)

// ProviderText writes what is documented for a provider, for people to read,
// with the advice that is good at the time now.
func ProviderText(w io.Writer, s *settings.Provider, now time.Time) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n", s.Name, s.ID)
	if len(s.Aliases) > 0 {
		fmt.Fprintf(&b, "also:     %s\n", strings.Join(s.Aliases, ", "))
	}
	if len(s.Domains) > 0 {
		fmt.Fprintf(&b, "domains:  %s\n", abridged(s.Domains, 8))
	}
	fmt.Fprintln(&b)
	showEndpoints(&b, s)
	for _, n := range s.NotOffered {
		fmt.Fprintf(&b, "\n%s is not offered. %s\n    %s\n", n.Protocol.Name(), n.Note, cite(n.Source))
	}
	showSignIn(&b, s)
	showAdvice(&b, s, now)
	for _, n := range s.Notes {
		fmt.Fprintf(&b, "\nNote: %s\n    %s\n", n.Text, cite(n.Source))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func showEndpoints(w *strings.Builder, s *settings.Provider) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PROTOCOL\tSERVER\tPORT\tSECURITY\tUSER NAME\tROLE\tDOCUMENTED IN")
	for _, e := range s.Settings() {
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%s\t%s\n", e.Protocol.Name(), e.Host, e.Port,
			e.Security.Name(), usernameWord(e.Username), e.Role, cite(e.Source))
	}
	t.Flush()
}

// showSignIn prints the ways to sign in, each protocol's once.
func showSignIn(w *strings.Builder, s *settings.Provider) {
	printed := map[settings.Protocol]bool{}
	for _, e := range s.Settings() {
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

func showAdvice(w *strings.Builder, s *settings.Provider, now time.Time) {
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

func usernameWord(u settings.Template) string {
	switch u {
	case settings.LocalPart:
		return "part before @"
	case settings.FullAddress:
		return "whole address"
	}
	return string(u)
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
