package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"mailprobe/internal/settings"
)

func (a *app) listCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the providers whose settings are known",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return writeJSON(a.stdout, map[string]any{"schema": 1, "providers": a.listViews()})
			}
			return a.list()
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

// list prints a line for each provider: its id, its name, and what is
// documented for it.
func (a *app) list() error {
	all := a.providers.All()
	id, name := 0, 0
	for _, s := range all {
		id, name = max(id, len(s.ID)), max(name, len([]rune(s.Name)))
	}
	for _, s := range all {
		if _, err := fmt.Fprintf(a.stdout, "%-*s  %-*s  %s\n", id, s.ID, name, s.Name, offers(s)); err != nil {
			return err
		}
	}
	return nil
}

// offers names the protocols of a provider's documented settings, and those
// that it documents as not offered.
func offers(s *settings.Settings) string {
	var names []string
	for _, p := range settings.Protocols() {
		var ports []string
		for _, e := range s.Endpoints {
			if e.Protocol == p && e.Role == settings.Documented {
				ports = append(ports, fmt.Sprint(e.Port))
			}
		}
		if len(ports) > 0 {
			names = append(names, p.Name()+" "+strings.Join(ports, "/"))
		}
	}
	for _, n := range s.NotOffered {
		names = append(names, "no "+n.Protocol.Name())
	}
	return strings.Join(names, ", ")
}

// A listView is one provider in the JSON of list.
type listView struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Aliases   []string `json:"aliases"`
	Domains   []string `json:"domains"`
	Endpoints []string `json:"endpoints"` // as URLs
}

func (a *app) listViews() []listView {
	views := []listView{}
	for _, s := range a.providers.All() {
		v := listView{ID: s.ID, Name: s.Name, Aliases: append([]string{}, s.Aliases...), Domains: append([]string{}, s.Domains...), Endpoints: []string{}}
		for _, e := range s.Endpoints {
			if e.Role == settings.Documented {
				v.Endpoints = append(v.Endpoints, e.Endpoint.String())
			}
		}
		views = append(views, v)
	}
	return views
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
