package report

import (
	"fmt"
	"io"
	"strings"

	"mailprobe/internal/settings"
)

// ProvidersText writes a line for each provider: its id, its name, and what is
// documented for it.
func ProvidersText(w io.Writer, all []*settings.Provider) error {
	id, name := 0, 0
	for _, s := range all {
		id, name = max(id, len(s.ID)), max(name, len([]rune(s.Name)))
	}
	for _, s := range all {
		if _, err := fmt.Fprintf(w, "%-*s  %-*s  %s\n", id, s.ID, name, s.Name, offers(s)); err != nil {
			return err
		}
	}
	return nil
}

// offers names the protocols of a provider's documented settings, and those
// that it documents as not offered.
func offers(s *settings.Provider) string {
	var names []string
	for _, p := range settings.Protocols() {
		var ports []string
		for _, e := range s.Settings() {
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

// A listView is one provider in the JSON of "mailprobe list".
type listView struct {
	ID        text   `json:"id"`
	Name      text   `json:"name"`
	Aliases   []text `json:"aliases"`
	Domains   []text `json:"domains"`
	Endpoints []text `json:"endpoints"` // as URLs
}

// ProvidersJSON writes the same as an indented JSON document.
func ProvidersJSON(w io.Writer, all []*settings.Provider) error {
	return encode(w, struct {
		Providers []listView `json:"providers"`
		Schema    int        `json:"schema"`
	}{each(all, viewListed), schema})
}

func viewListed(s *settings.Provider) listView {
	v := listView{ID: text(s.ID), Name: text(s.Name), Aliases: texts(s.Aliases), Domains: texts(s.Domains), Endpoints: []text{}}
	for _, e := range s.Settings() {
		if e.Role == settings.Documented {
			v.Endpoints = append(v.Endpoints, text(e.Endpoint.String()))
		}
	}
	return v
}
