package compare

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"mailprobe/internal/discover"
	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
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
	Fix   *Fix // what is changed, for who changes it in the file; nil: it cannot be done so
}

// A Fix is one server of a document that is to be another.
type Fix struct {
	Offer published.Offer // as the document has it
	At    settings.Endpoint
	To    settings.Endpoint
}

// changes says what must be changed where a source names what does not work.
func (w *work) changes() {
	for _, s := range w.Servers {
		if s.Source == discover.Catalogue || s.Source == discover.Guess || w.fault(s.At).Code == "" {
			continue
		}
		if to, ok := w.right(s); ok && !w.ofCatalogue(s.Source) {
			w.correct(s, to)
			continue
		}
		w.mend(s)
	}
	for _, p := range w.Programs {
		w.identify(p)
	}
	w.unread()
	w.reorder()
	w.publish()
}

// ofCatalogue reports whether what a source says is what this program knows of a
// provider: that is written nowhere in the domain.
func (w *work) ofCatalogue(source discover.Source) bool {
	return source == discover.MX && w.Provider != nil
}

// add takes a change, or adds why to one that is there.
func (w *work) add(c Change) {
	i := slices.IndexFunc(w.Changes, func(x Change) bool {
		return x.Who == c.Who && x.At == c.At && x.Where == c.Where && x.Line == c.Line && x.Now == c.Now && x.Write == c.Write && (c.Write != "" || x.Why == c.Why)
	})
	switch {
	case i < 0:
		w.Changes = append(w.Changes, c)
	case !strings.Contains(w.Changes[i].Why, c.Why):
		w.Changes[i].Why += " " + c.Why
	}
}

// correct says how a source has to name another server.
func (w *work) correct(s Server, to right) {
	c := w.placeOf(s)
	c.Why = fmt.Sprintf("%s does not work, %s does.", shown(s.At), shown(to.Endpoint))
	switch {
	case s.Source == discover.SRV || w.format(s.Source) == published.Zone:
		w.records(c, s, to)
		return
	case to.Listed:
		c.Now = w.now(s)
		c.Why += " It stands there already: take the first out."
	default:
		c.Now, c.Write = w.written(s, to)
		c.Fix = &Fix{s.Offer, s.At, to.Endpoint}
	}
	w.add(c)
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

// mend says what has to be done where nothing that was seen to work can stand in
// the place of a server: what is wrong with the setting is for whoever names it,
// what is wrong with the server for whoever runs that.
func (w *work) mend(s Server) {
	f := w.fault(s.At)
	if f.Blame == finding.Catalogue && !w.ofCatalogue(s.Source) {
		c := w.placeOf(s)
		c.Now = w.now(s)
		if s.Source == discover.SRV {
			c.Now = record(s.At, w.Domain, s.Offer)
		}
		c.Why = f.Says() + " Name a server that works, or let this one work."
		w.add(c)
		return
	}
	w.add(Change{Who: MailHost, At: "the mail server " + s.At.Host, Why: strings.TrimSpace(f.Says() + " " + f.Advises())})
}

// reorder says where a source lists a weaker setting before one that works.
func (w *work) reorder() {
	for _, s := range w.Servers {
		if better := w.stronger(s); better.Host != "" && w.fault(s.At).Code == "" && !w.ofCatalogue(s.Source) {
			c := w.placeOf(s)
			c.Why = fmt.Sprintf("List %s before %s: mail programs take the first.", shown(better), shown(s.At))
			w.add(c)
		}
	}
}
