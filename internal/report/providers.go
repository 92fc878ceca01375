package report

import (
	"fmt"
	"io"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/settings"
)

// ProvidersText writes a line for each provider: its id, its name, and what is
// documented for it; then the ids of those of whom replies alone are known. A
// name that leaves no room is cut.
func ProvidersText(w io.Writer, all []*settings.Provider, repliers []string) error {
	p := newPage(Options{})
	rows := document.Each(all, func(s *settings.Provider) []cell {
		return cells(document.Text(s.ID).String(), document.Text(s.Name).String(), offers(s))
	})
	widths := columnWidths(rows)
	for i, row := range rows {
		p.listed(all[i], row, widths)
	}
	if len(repliers) > 0 {
		p.line()
		p.paragraph(p.plain, "", "", "For explain --provider, replies are known also of "+strings.Join(repliers, ", ")+".")
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// roomForName is what a name is given of a line at least.
const roomForName = 24

// listed adds the row of one provider; offers that leave no room for a name go
// on in the next line.
func (p *page) listed(s *settings.Provider, row []cell, widths []int) {
	if left := p.o.width() - widths[0] - 4; widths[1]+widths[2] > left {
		widths = []int{widths[0], min(widths[1], max(roomForName, left-widths[2])), left}
	}
	row[1].text = document.Text(s.Name).Clip(widths[1])
	margin := strings.Repeat(" ", widths[0]+widths[1]+4)
	for i, line := range wrap(row[2].text, max(20, p.o.width()-len(margin))) {
		if i == 0 {
			p.line(joined([]cell{row[0], row[1], {text: line}}, widths))
		} else {
			p.line(margin, line)
		}
	}
}

// offers names the protocols of a provider's documented settings, and those
// that it documents as not offered.
func offers(s *settings.Provider) string {
	var names []string
	list := s.Settings()
	for _, p := range settings.Protocols() {
		var ports []string
		for _, e := range list {
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
	MX        []document.Text `json:"mx"`
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
	v := listView{document.Text(s.ID), document.Text(s.Name), document.Texts(s.Aliases), document.Texts(s.Domains), document.Texts(s.MX), []document.Text{}}
	for _, e := range s.Settings() {
		if e.Role == settings.Documented {
			v.Endpoints = append(v.Endpoints, document.Text(e.Endpoint.String()))
		}
	}
	return v
}
