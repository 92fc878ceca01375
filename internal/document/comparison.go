package document

import (
	"mailprobe/internal/compare"
	"mailprobe/internal/discover"
)

// A Comparison is what the sources of a domain's settings say beside what was
// verified.
type Comparison struct {
	Servers  []Compared `json:"servers"`
	Programs []Program  `json:"programs"`
	Findings []Finding  `json:"findings"`
	Changes  []Change   `json:"changes"`

	Sources []FromSource `json:"sources"`
	TLSA    []Pin        `json:"tlsa"`
	Patch   Text         `json:"patch"` // of a file; empty: there is none, or none was asked for
}

// A Pin is what DNS says of a server's certificate.
type Pin struct {
	Server
	Record  Text  `json:"record"`
	Matches Maybe `json:"matches"` // empty: that could not be compared
}

// A Compared is one server that a source offers.
type Compared struct {
	Source Text `json:"source"`
	Server
	Username Text   `json:"username"`
	SignIn   []Text `json:"sign_in"`
	Line     int    `json:"line"`
	Verdict  Maybe  `json:"verdict"` // empty: it was not looked at
	Why      Text   `json:"why"`
}

// A Program is what one mail program makes of one source.
type Program struct {
	Client  Text    `json:"client"`
	Name    Text    `json:"name"`
	Short   Text    `json:"short"`
	Source  Text    `json:"source"`
	State   Text    `json:"state"`
	Taken   bool    `json:"taken"`
	Verdict Maybe   `json:"verdict"` // empty: no account is set up, or nothing of it was looked at
	Says    Text    `json:"says"`
	Note    Text    `json:"note"`
	Servers []Try   `json:"servers"`
	KnownBy KnownBy `json:"known_by"`
}

// A Try is one connection that a program would make.
type Try struct {
	Server
	Username Text    `json:"username"`
	SignIn   Text    `json:"sign_in"`
	Later    bool    `json:"later"`
	Why      Text    `json:"why"`
	Verdict  Maybe   `json:"verdict"`
	KnownBy  KnownBy `json:"known_by"`
}

// A Change is one thing that somebody has to do.
type Change struct {
	Who   Text `json:"who"`
	At    Text `json:"at"`
	Where Text `json:"where"`
	Line  int  `json:"line"` // 0: in no document
	Now   Text `json:"now"`
	Write Text `json:"write"`
	Why   Text `json:"why"`
}

// ComparisonOf returns a comparison as documents say it.
func ComparisonOf(c *compare.Comparison) *Comparison {
	return &Comparison{
		Servers: Each(c.Servers, func(s compare.Server) Compared {
			return Compared{Text(s.Source), ServerOf(s.At), Text(s.Offer.Username), Texts(s.Offer.SignIn), s.Offer.Line, Maybe(s.Verdict), Text(s.Why)}
		}),
		Programs: Each(c.Programs, programOf),
		Findings: Each(c.Findings, FindingOf),
		Changes: Each(c.Changes, func(x compare.Change) Change {
			return Change{Text(x.Who), Text(x.At), Text(x.Where), x.Line, Text(x.Now), Text(x.Write), Text(x.Why)}
		}),
		Sources: Each(c.Sources, func(s discover.Report) FromSource { return fromSource(s, c.Of) }),
		TLSA:    Each(c.Pins, func(p compare.Pin) Pin { return Pin{ServerOf(p.At), Text(p.Record), Maybe(p.Matches)} }),
	}
}

func programOf(p compare.Program) Program {
	return Program{
		Client: Text(p.Client.ID), Name: Text(p.Client.Name), Short: Text(p.Client.Short), Source: Text(p.Source), State: Text(p.State),
		Taken: p.Taken, Verdict: Maybe(p.Verdict), Says: Text(p.Says), Note: Text(p.Note), Servers: Each(p.Tries, tryOf), KnownBy: knownBy(p.Rule),
	}
}

func tryOf(t compare.Try) Try {
	return Try{ServerOf(t.Endpoint), Text(t.Username), Text(t.SignIn), t.Later, Text(t.Why), Maybe(t.Verdict), knownBy(t.Rule)}
}
