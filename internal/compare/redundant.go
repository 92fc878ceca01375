package compare

import (
	"cmp"
	"slices"

	"mailprobe/internal/discover"
	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// A Repeat is whether a domain publishes itself what a file says of it.
type Repeat struct {
	Domain string
	State  RepeatState
	Where  string // the document of the domain; empty: there is none
	Why    string // in words; may hold what came from outside: escape it before output
}

// A RepeatState says how a domain's own document is to a file.
type RepeatState string

const (
	Same      RepeatState = "same"    // every server, in its order, with its user name and ways to sign in
	Differs   RepeatState = "differs" // it says something else
	NotThere  RepeatState = "none"    // the domain publishes no document
	Broken    RepeatState = "broken"  // what it publishes cannot be used
	NotJudged RepeatState = "unknown" // it could not be asked
)

// Repeats compares a file with what a domain of it gives out, the first document
// of those that mail programs ask for.
func Repeats(file *published.Document, domain string, given []discover.Report) Repeat {
	r := Repeat{Domain: domain, State: NotThere, Why: "it publishes no document"}
	for _, g := range given {
		switch g.Status {
		case discover.Found:
			r.Where, r.State, r.Why = g.Where, Same, ""
			if why := differ(file.Offers, g.Offers, domain); why != "" {
				r.State, r.Why = Differs, why
			}
			return r
		case discover.Failed:
			r.Where, r.State, r.Why = g.Where, NotJudged, g.Reason
			if published.Gravest(g.Findings) == finding.Error {
				r.State = Broken
			}
			return r
		}
	}
	return r
}

// differ says in what two lists of servers differ; empty: in nothing.
func differ(mine, theirs []published.Offer, domain string) string {
	for _, p := range [][]settings.Protocol{{settings.IMAP, settings.POP3}, {settings.SMTP}} {
		one, other := of(mine, p), of(theirs, p)
		for i := range max(len(one), len(other)) {
			switch {
			case i == len(one):
				return "it names " + shown(other[i].Endpoint(domain)) + " as well"
			case i == len(other):
				return "it does not name " + shown(one[i].Endpoint(domain))
			case one[i].Endpoint(domain) != other[i].Endpoint(domain):
				return "it names " + shown(other[i].Endpoint(domain)) + " in the place of " + shown(one[i].Endpoint(domain))
			case other[i].Named != "" || user(one[i]) != user(other[i]):
				return "it names another user name for " + shown(one[i].Endpoint(domain))
			case !slices.Equal(one[i].SignIn, other[i].SignIn):
				return "it names other ways to sign in to " + shown(one[i].Endpoint(domain))
			}
		}
	}
	return ""
}

func of(list []published.Offer, protocols []settings.Protocol) (some []published.Offer) {
	for _, o := range list {
		if slices.Contains(protocols, o.Protocol) {
			some = append(some, o)
		}
	}
	return some
}

func user(o published.Offer) settings.Template { return cmp.Or(o.Username, settings.FullAddress) }
