package report

import (
	"fmt"
	"io"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/settings"
)

// ProvidersText writes a line for each provider: its id, its name, and what is
// documented for it; then the ids of those of whom replies alone are known.
func ProvidersText(w io.Writer, all []*settings.Provider, repliers []string) error {
	p := newPage(Options{})
	rows := document.Each(all, func(s *settings.Provider) []cell {
		return cells(document.Text(s.ID).String(), document.Text(s.Name).String(), offers(s))
	})
	widths := columnWidths(rows)
	for _, row := range rows {
		p.line(joined(row, widths))
	}
	if len(repliers) > 0 {
		p.line()
		p.paragraph(p.plain, "", "", "For explain --provider, replies are known also of "+strings.Join(repliers, ", ")+".")
	}
	_, err := io.WriteString(w, p.String())
	return err
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
		names = append(names, "no "+document.Text(n.Protocol.Name()).String())
	}
	return strings.Join(names, ", ")
}

// A listView is one provider in the JSON of "mailprobe list".
type listView struct {
	ID        document.Text   `json:"id"`
	Name      document.Text   `json:"name"`
	Aliases   []document.Text `json:"aliases"`
	Domains   []document.Text `json:"domains"`
	Endpoints []document.Text `json:"endpoints"` // as URLs
}

// ProvidersJSON writes the same as an indented JSON document.
func ProvidersJSON(w io.Writer, all []*settings.Provider, repliers []string) error {
	return encode(w, "", struct {
		Providers []listView      `json:"providers"`
		Repliers  []document.Text `json:"repliers"` // ids that explain --provider takes beside those of the providers
		Schema    int             `json:"schema"`
	}{document.Each(all, viewListed), document.Texts(repliers), document.Schema})
}

func viewListed(s *settings.Provider) listView {
	v := listView{document.Text(s.ID), document.Text(s.Name), document.Texts(s.Aliases), document.Texts(s.Domains), []document.Text{}}
	for _, e := range s.Settings() {
		if e.Role == settings.Documented {
			v.Endpoints = append(v.Endpoints, document.Text(e.Endpoint.String()))
		}
	}
	return v
}
