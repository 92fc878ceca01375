package compare

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"mailprobe/internal/clients"
	"mailprobe/internal/discover"
	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// Who has to change something.
type Who string

const (
	DNSZone  Who = "dns"      // whoever runs the DNS zone
	WebHost  Who = "web"      // whoever runs the web server that gives the document out
	MailHost Who = "mail"     // whoever runs the mail server
	Provider Who = "provider" // whoever receives the domain's mail
	File     Who = "file"     // whoever keeps the file
)

// A Change is one thing that somebody has to do.
type Change struct {
	Who   Who
	At    string // what is to be changed, in words: "the DNS zone of corp.example"
	Where string // the record, the address or the file; empty: it goes without saying
	Line  int    // of the document; 0: there are no lines
	Now   string // as it is written; empty: nothing is
	Write string // what to write in its place; empty: see Why
	Why   string
}

// changes says what must be changed where a source names what does not work.
func (w *work) changes() {
	for _, s := range w.Servers {
		if s.Verdict != verify.Fails || s.Source == discover.Catalogue || s.Source == discover.Guess {
			continue
		}
		if right, ok := w.right(s); ok {
			w.add(w.correct(s, right))
			continue
		}
		w.mend(s)
	}
	for _, p := range w.Programs {
		w.identify(p)
	}
	w.publish()
}

// add takes a change that is not there yet.
func (w *work) add(c Change) {
	if !slices.Contains(w.Changes, c) {
		w.Changes = append(w.Changes, c)
	}
}

// right returns what was seen to work in place of a server.
func (w *work) right(s Server) (settings.Endpoint, bool) {
	if x := w.seen[s.At]; x != nil && len(x.Instead) > 0 {
		return x.Instead[0].Endpoint, true
	}
	best, found := settings.Endpoint{}, false
	for e, x := range w.seen {
		if e.Protocol != s.At.Protocol || x.Verdict != verify.Works {
			continue
		}
		if !found || rank(e, s.At) < rank(best, s.At) || rank(e, s.At) == rank(best, s.At) && e.String() < best.String() {
			best, found = e, true
		}
	}
	return best, found
}

// rank orders what can stand in place of a server: the same host first, then
// the better encryption.
func rank(e, of settings.Endpoint) int {
	n := slices.Index([]settings.Security{settings.TLS, settings.StartTLS, settings.Plain}, e.Security)
	if e.Host != of.Host {
		n += 10
	}
	return n
}

// correct says how a source has to name another server.
func (w *work) correct(s Server, right settings.Endpoint) Change {
	c := w.placeOf(s)
	c.Now, c.Write = w.written(s, right)
	c.Why = fmt.Sprintf("%s does not work, %s does.", shown(s.At), shown(right))
	return c
}

// placeOf says who is to change what a source says.
func (w *work) placeOf(s Server) Change {
	c := Change{Where: w.Where[s.Source], Line: s.Offer.Line}
	host := c.Where
	if u, err := url.Parse(c.Where); err == nil && u.Host != "" {
		host = u.Host
	}
	switch s.Source {
	case discover.SRV:
		c.Who, c.At, c.Where = DNSZone, "the DNS zone of "+w.Domain, discover.SRVName(s.At.Protocol, s.At.Security, w.Domain)
	case discover.MX:
		c.Who, c.At = Provider, "whoever receives the mail of "+w.Domain
	case discover.Autoconfig, discover.AutoconfigWellKnown, discover.MailConf, discover.PACC, discover.Autodiscover:
		c.Who, c.At = WebHost, "the web server "+host
	default:
		c.Who, c.At = File, "the file "+host
	}
	return c
}

// written returns a server as a source writes it and as it should.
func (w *work) written(s Server, right settings.Endpoint) (now, write string) {
	if s.Source == discover.SRV {
		return record(s.At, w.Domain), record(right, w.Domain)
	}
	for _, words := range notations[w.format(s.Source)] {
		if before, after := words.of(s.At), words.of(right); before != after {
			now, write = now+before, write+after
		}
	}
	return now, write
}

// record is a server in the syntax of a zone file (RFC 1035 §5).
func record(e settings.Endpoint, domain string) string {
	name := discover.SRVName(e.Protocol, e.Security, domain)
	if name == "" {
		return ""
	}
	return fmt.Sprintf("%s. IN SRV 0 1 %d %s.", name, e.Port, e.Host)
}

func (w *work) format(source discover.Source) string {
	for _, g := range w.Given {
		if g.Source == source && g.Document != nil {
			return string(g.Document.Format)
		}
	}
	return ""
}

// mend says what whoever runs a mail server has to do where nothing else works
// in its place.
func (w *work) mend(s Server) {
	x := w.seen[s.At]
	for _, f := range x.Findings {
		if f.Severity == finding.Error {
			w.add(Change{Who: MailHost, At: "the mail server " + s.At.Host, Why: strings.TrimSpace(f.Says() + " " + f.Advises())})
			return
		}
	}
}

// identify says how the id has to be written where a program drops a document
// for it.
func (w *work) identify(p Program) {
	if p.State != clients.Drops {
		return
	}
	for _, g := range w.Given {
		if d := g.Document; g.Source == p.Source && d != nil && d.Read && strings.Contains(p.Why, "<emailProvider>") {
			c := w.placeOf(Server{Source: p.Source})
			c.Now, c.Write = fmt.Sprintf("<emailProvider id=%q>", d.ID), fmt.Sprintf("<emailProvider id=%q>", cmp.Or(w.Domain, "example.com"))
			c.Why = p.Says
			w.add(c)
		}
	}
}

// publish says what a domain can publish in DNS where it does not: of each
// protocol the best that works.
func (w *work) publish() {
	if w.Domain == "" || slices.ContainsFunc(w.Servers, func(s Server) bool { return s.Source == discover.SRV }) {
		return
	}
	for _, p := range settings.Protocols() {
		best := settings.Endpoint{}
		for _, s := range w.Servers {
			if s.At.Protocol == p && s.Verdict == verify.Works && s.At.Security != settings.Plain && (best.Host == "" || best.Security != settings.TLS && s.At.Security == settings.TLS) {
				best = s.At
			}
		}
		if best.Host != "" {
			w.add(Change{Who: DNSZone, At: "the DNS zone of " + w.Domain, Write: record(best, w.Domain), Why: "No SRV record names the server, and it works (RFC 6186, RFC 8314)."})
		}
	}
}
