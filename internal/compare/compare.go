// Package compare sees what the sources of a domain's settings say beside what
// was verified: which of them work, what each mail program would do, and who
// has to change what. It is pure: it dials nothing and prints nothing.
package compare

import (
	"slices"
	"strings"

	"mailprobe/internal/clients"
	"mailprobe/internal/discover"
	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// A Subject is what is compared: the sources of a domain, or one document.
type Subject struct {
	Target   string
	Domain   string // empty: it is a file
	Given    []clients.Given
	Where    map[discover.Source]string // the address or name of each source
	Conflict []discover.Conflict

	Faults   map[discover.Source][]published.Finding // what is wrong with each source
	Domains  []string                                // of a document
	MX       []string                                // who receives the domain's mail
	Provider *settings.Provider                      // whose settings they are; nil: not known
	Denied   []settings.Protocol                     // that DNS says not to be offered
	Pinned   []discover.Pinned                       // what DNS says of certificates, as far as it is authenticated
	Sources  []discover.Report                       // of a domain, as they were asked
	Inside   func(host string) bool                  // hosts in private networks, that are not to be dialled; nil: none
}

// OfDomain returns what a domain publishes.
func OfDomain(r *discover.Result) *Subject {
	s := &Subject{Target: r.Target, Domain: r.Domain, Given: clients.GivenBy(r), Where: map[discover.Source]string{}, Faults: map[discover.Source][]published.Finding{}, Conflict: r.Conflicts, Provider: r.Provider, Sources: r.Sources, Inside: r.Inside}
	for _, x := range r.Sources {
		s.Where[x.Source], s.Faults[x.Source] = x.Where, x.Findings
		switch x.Source {
		case discover.MX:
			s.MX = x.Receivers
		case discover.SRV:
			s.Denied = x.Absent
		}
	}
	return s
}

// OfFile returns what a document says, for a domain that it names or none.
func OfFile(path, domain string, source discover.Source, d *published.Document) *Subject {
	given := clients.Given{Source: source, Status: discover.Found, Document: d, Offers: d.Offers}
	return &Subject{Target: domain, Domains: d.Domains, Given: []clients.Given{given}, Where: map[discover.Source]string{source: path}, Faults: map[discover.Source][]published.Finding{source: d.Findings}}
}

// Wanted returns the servers that mail programs would connect to and that are
// not among the settings, each once.
func (s *Subject) Wanted(list []settings.Setting) []settings.Endpoint {
	var all []settings.Endpoint
	for _, r := range clients.Read(s.Target, s.Given) {
		for _, server := range r.Servers {
			e := server.Endpoint
			known := slices.ContainsFunc(list, func(x settings.Setting) bool { return x.Endpoint == e })
			if !known && !strings.Contains(e.Host, "%") && !slices.Contains(all, e) && !s.inside(e.Host) {
				all = append(all, e)
			}
		}
	}
	return all
}

func (s *Subject) inside(host string) bool { return s.Inside != nil && s.Inside(host) }

// A Comparison is what came of it.
type Comparison struct {
	Of       string // the target, as typed
	Servers  []Server
	Programs []Program
	Findings []finding.Finding
	Changes  []Change
	Pins     []Pin
	Sources  []discover.Report // of a domain, as they were asked; none: it is a file
}

// A Server is one that a source offers, with what became of it.
type Server struct {
	Source  discover.Source
	Offer   published.Offer
	At      settings.Endpoint
	Verdict verify.Verdict // empty: it was not looked at
	Why     string         // the gravest finding; empty: there is none
}

// A Program is what a mail program does with one source.
type Program struct {
	clients.Reading
	Verdict verify.Verdict // of the account; empty: none is set up, or nothing of it was looked at
	Tries   []Try
	Says    string // in a sentence; may hold what came from outside: escape it before output
}

// A Try is one connection that a program would make.
type Try struct {
	clients.Server
	Verdict verify.Verdict // empty: it was not looked at
}

// seen is what the run knows of servers.
type seen map[settings.Endpoint]*verify.Endpoint

func seenIn(r *verify.Report) seen {
	all := seen{}
	for _, list := range [][]verify.Endpoint{r.Endpoints, r.Also} {
		for i := range list {
			if all[list[i].Endpoint] == nil {
				all[list[i].Endpoint] = &list[i]
			}
		}
	}
	return all
}

func (s seen) verdict(e settings.Endpoint) verify.Verdict {
	if x := s[e]; x != nil {
		return x.Verdict
	}
	return ""
}

// why returns what is gravest of what is wrong with a server.
func (s seen) why(e settings.Endpoint) string {
	x := s[e]
	if x == nil || x.Verdict == verify.Works {
		return ""
	}
	for _, f := range x.Findings {
		if f.Severity != finding.Info {
			return f.Says()
		}
	}
	return ""
}

// With compares a subject with what a run found.
func (s *Subject) With(r *verify.Report) *Comparison {
	known := seenIn(r)
	c := &Comparison{Of: s.Target, Servers: s.servers(known), Sources: s.Sources}
	for _, reading := range clients.Read(s.Target, s.Given) {
		c.Programs = append(c.Programs, program(reading, known))
	}
	w := &work{Subject: s, seen: known, Comparison: c}
	w.agreement()
	w.mechanisms()
	w.programs()
	w.changes()
	w.pins()
	return c
}

func (s *Subject) servers(known seen) []Server {
	var all []Server
	for _, g := range s.Given {
		if g.Status != discover.Found {
			continue
		}
		for _, o := range g.Offers {
			at := o.Endpoint(s.Target)
			x := Server{Source: g.Source, Offer: o, At: at, Verdict: known.verdict(at), Why: known.why(at)}
			if s.inside(at.Host) {
				x.Why = "it is in a private network"
			}
			all = append(all, x)
		}
	}
	return all
}
