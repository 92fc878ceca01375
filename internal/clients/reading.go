package clients

import (
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/discover"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// A State says what a client makes of one source.
type State string

const (
	Reads   State = "reads"   // it makes an account of it
	Drops   State = "drops"   // it gets the document and makes nothing of it
	Unasked State = "unasked" // it never asks this source
	Absent  State = "absent"  // it asks, and there is nothing to be had
	Own     State = "own"     // it takes something that only the client has, and that is not known here
	Open    State = "open"    // what it makes of it is not known
)

// A Reading is what one client makes of one source.
type Reading struct {
	Client  *Client
	Source  discover.Source
	State   State
	Servers []Server // where it reads: the account, the servers in the order in which they are tried
	Why     string   // of another state, in words; may hold what came from outside: escape it before output
	Note    string   // what else is to be known of this client and source; empty: nothing
	Rule    Rule     // by what it is known
	Taken   bool     // of all sources this is where the client takes its account from
}

// A Server is one that a client would connect to.
type Server struct {
	settings.Endpoint
	Username settings.Template // as it is sent
	SignIn   string            // the first way that the client knows; empty: not said
	Why      string            // what in the document says so: "Encryption=TLS"
	Rule     Rule
	Line     int  // where it stands; 0: in no document
	Later    bool // it is tried only where those of the protocol before it do not work

	section int // of the document
}

// A Given is what a source gave out.
type Given struct {
	Source   discover.Source
	Status   discover.Status
	Document *published.Document // nil: none was given out
	Offers   []published.Offer   // as this program reads it

	ContentType string // as the web server said, without parameters; empty: it did not, or it was none
}

// Read returns what each client makes of each source of a target, which is a
// domain or an address: client by client, in the order of the sources.
func Read(target string, sources []Given) []Reading {
	var all []Reading
	for _, c := range All() {
		all = append(all, c.read(target, sources)...)
	}
	return all
}

// Of returns what each client makes of what a domain publishes.
func Of(r *discover.Result) []Reading { return Read(r.Target, GivenBy(r)) }

// GivenBy returns what a domain's sources gave out.
func GivenBy(r *discover.Result) []Given {
	var given []Given
	for _, s := range r.Sources {
		given = append(given, Given{s.Source, s.Status, s.Document, s.Offers, s.ContentType})
	}
	return given
}

func (c *Client) read(target string, sources []Given) []Reading {
	readings := make([]Reading, len(sources))
	for i, s := range sources {
		readings[i] = c.source(target, s)
	}
	if i := c.takes(readings, sources); i >= 0 {
		readings[i].Taken = true
	}
	return readings
}

// source returns what the client makes of one source by itself.
func (c *Client) source(target string, s Given) Reading {
	r := Reading{Client: c, Source: s.Source}
	for _, g := range c.asks {
		if !slices.Contains(g.From, string(s.Source)) {
			continue
		}
		r.Rule = g.rule
		g.read(&r, target, s)
		return r
	}
	r.State, r.Why, r.Rule = Unasked, "never asks", c.never[string(s.Source)]
	return r
}

// read fills in what a source comes to.
func (g group) read(r *Reading, target string, s Given) {
	switch {
	case g.reader != nil && g.notXML(s):
		r.State, r.Why = Drops, fmt.Sprintf("it comes as %s, which is not read as XML", s.ContentType)
	case g.reader != nil && s.Document != nil:
		g.reader.document(r, target, s.Document)
	case g.reader != nil && g.reader.Format == "offers" && s.Status == discover.Found:
		g.reader.offers(r, target, s.Offers)
	case g.Own != "" && (s.Status == discover.Found || s.Source == discover.Guess):
		r.State, r.Why = Own, "takes "+g.Own
	default:
		r.State, r.Why = Absent, "asks, and gets nothing"
	}
}

// notXML reports whether a document comes as something that the client does not
// read as XML.
func (g group) notXML(s Given) bool {
	return len(g.XML) > 0 && s.Document != nil && s.ContentType != "" && !slices.ContainsFunc(g.XML, func(kind string) bool { return strings.HasPrefix(s.ContentType, kind) })
}

// takes returns which source the client takes its account from; -1: none that
// is known.
func (c *Client) takes(readings []Reading, sources []Given) int {
	guesses := false
	for _, g := range c.asks {
		if guesses && !slices.Contains(g.From, string(discover.Guess)) {
			continue
		}
		for i, s := range sources {
			if !slices.Contains(g.From, string(s.Source)) {
				continue
			}
			switch r := readings[i]; {
			case r.State == Reads:
				return i
			case r.State == Own, r.State == Open:
				return -1 // something of which nothing is known comes first
			}
			if ends := readings[i].State == Drops && s.Document != nil && (s.Document.Read || g.notXML(s)); ends && g.Until != "" {
				guesses = g.Until == "guess"
				break
			}
		}
	}
	return -1
}
