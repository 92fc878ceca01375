package compare

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"

	"mailprobe/internal/clients"
	"mailprobe/internal/discover"
	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// identify says how the id or the domain has to be written where a program drops
// a document for it.
func (w *work) identify(p Program) {
	d := w.document(p.Source)
	name, err := settings.Host(cmp.Or(w.Domain, w.Target[strings.LastIndexByte(w.Target, '@')+1:]))
	if p.State != clients.Drops || d == nil || !d.Read || err != nil {
		return
	}
	c := w.placeOf(Server{Source: p.Source})
	c.Why = p.Says
	switch {
	case strings.Contains(p.Why, "<emailProvider>"):
		c.Write = fmt.Sprintf(`<emailProvider id="%s">`, name)
		if c.Now = "<emailProvider>"; d.ID != "" {
			c.Now = fmt.Sprintf(`<emailProvider id="%s">`, html.EscapeString(d.ID))
		}
	case strings.Contains(p.Why, "<domain>"):
		c.Write = "<domain>" + name + "</domain>"
		if len(d.Domains) > 0 {
			c.Now = "<domain>" + html.EscapeString(d.Domains[0]) + "</domain>"
		}
	default:
		return
	}
	w.add(c)
}

// verified are the codes of what is said of a server before anybody has spoken to
// it; what became of it says more.
var verified = []string{"settings.port_contradicts", "autodiscover.encryption_means_starttls", "settings.weaker_first", discover.PrivateAddress}

// unread says what is wrong with a source that nobody can read, or that a
// program drops for it.
func (w *work) unread() {
	for _, g := range w.Given {
		if g.Source == discover.MX {
			continue
		}
		for _, f := range w.Faults[g.Source] {
			theirs := f.Blame == finding.Provider || f.Blame == finding.Catalogue
			grave := f.Severity == finding.Error || f.Code == published.Missing && w.dropped(g.Source)
			if !grave || !theirs || slices.Contains(verified, f.Code) {
				continue
			}
			c := w.placeOf(Server{Source: g.Source})
			switch {
			case g.Source == discover.SRV:
				c.Where = ""
			case f.Code == discover.Digest:
				c.Who, c.At, c.Where = DNSZone, "the DNS zone of "+w.Domain, ""
			}
			c.Line, c.Why = f.Line, strings.TrimSpace(f.Says()+" "+f.Advises())
			w.add(c)
		}
	}
}

func (w *work) dropped(source discover.Source) bool {
	return slices.ContainsFunc(w.Programs, func(p Program) bool { return p.Source == source && p.State == clients.Drops })
}
