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
	"mailprobe/internal/verify"
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
		spelt := w.respell(g)
		for _, f := range w.Faults[g.Source] {
			theirs := f.Blame == finding.Provider || f.Blame == finding.Catalogue
			grave := f.Severity == finding.Error || f.Code == published.Missing && w.dropped(g.Source)
			if !grave || !theirs || slices.Contains(verified, f.Code) || slices.Contains(spelt, f.Args["value"]) {
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

// respell says how an encryption is written that autoconfig does not know, where
// it was seen which is meant. It returns the words that are so explained wherever
// they stand, in quotes as findings have them.
func (w *work) respell(g clients.Given) []string {
	if g.Document == nil || g.Document.Format != published.Autoconfig {
		return nil
	}
	var spelt, left []string
	for _, s := range g.Document.Sections {
		words := s.Values("socketType")
		if len(words) != 1 || slices.Contains([]string{"SSL", "STARTTLS", "plain"}, words[0]) {
			continue
		}
		word := fmt.Sprintf("%q", words[0])
		at, ok := w.meant(s)
		if !ok {
			left = append(left, word)
			continue
		}
		c := w.placeOf(Server{Source: g.Source})
		c.Line, c.Now = s.Line, "<socketType>"+html.EscapeString(words[0])+"</socketType>"
		c.Write = element("socketType", worded("SSL", "STARTTLS", "plain"))(at)
		c.Why = fmt.Sprintf("The format does not know %s: programs pass over the server, or drop the whole document. %s works.", word, shown(at))
		w.add(c)
		spelt = append(spelt, word)
	}
	return slices.DeleteFunc(spelt, func(word string) bool { return slices.Contains(left, word) })
}

// meant returns how a server of a document was seen to work.
func (w *work) meant(s published.Section) (settings.Endpoint, bool) {
	port, err := settings.Port(s.Port)
	at := published.Offer{Protocol: settings.Protocol(s.Type), Host: s.Host, Port: port}.Endpoint(w.Target)
	for _, at.Security = range []settings.Security{settings.TLS, settings.StartTLS} {
		if err == nil && w.seen.verdict(at) == verify.Works {
			return at, true
		}
	}
	return at, false
}
