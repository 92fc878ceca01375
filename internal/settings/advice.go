package settings

import (
	"slices"
	"time"
)

// NotOffered is a protocol that the provider states it does not offer.
type NotOffered struct {
	Protocol Protocol
	Note     string
	Source   Source
}

// An Enable is what a user must do before a mail program is let in.
type Enable struct {
	Protocols []Protocol // empty: all
	Text      string     // what to do, in words for a stranger
	HelpURL   string
	Source    Source
}

// advice is what to do where the server says that it is not done.
func (e Enable) advice() Advice {
	return Advice{Codes: []string{"auth.not_enabled", "access.mailbox_not_opened"}, Protocols: e.Protocols, Text: e.Text, HelpURL: e.HelpURL, Source: e.Source}
}

// A Region is the part of a provider's customers for whom its servers are.
type Region struct {
	Name   string   // which accounts: "accounts in the European Union"
	Tell   string   // how a user finds out where an account is kept
	Shares string   // who else has the same MX names, so that these do not tell; empty: nobody
	Others []string // ids of the provider's other regions
	Source Source
}

// Shared is what a domain that was matched by its MX must be told beside whose
// settings it got; empty: nothing.
func (p *Provider) Shared() string {
	if p.Region == nil || p.Region.Shares == "" {
		return ""
	}
	return ". " + p.Region.Shares
}

// advice is what to do where a sign-in is refused: the account may be kept in
// another region.
func (r *Region) advice() Advice {
	text := "These servers know " + r.Name + " only. " + r.Tell
	return Advice{Codes: []string{"auth.rejected", "auth.user_unknown"}, Text: text, HelpURL: r.Source.URL, Source: r.Source}
}

// Advice is what a provider's users must know, joined to findings by code.
type Advice struct {
	Codes     []string   // finding codes that it goes with
	Protocols []Protocol // with findings about these only; empty: all
	Text      string     // what to do, in words for a stranger
	HelpURL   string
	From      string // YYYY-MM-DD: true from this day on; empty: always
	Until     string // YYYY-MM-DD: true until the day before; empty: no end
	Mild      bool   // of a change ahead: it concerns old programs alone, so it is mentioned and never warned of
	Source    Source
}

// AdviceFor returns the advice that goes with a finding code of a protocol on
// a day, in the order of the source; last what must be
// switched on and which region is meant. An empty protocol is a finding about the
// account as a whole. None is nil. A nil receiver has no advice.
func (p *Provider) AdviceFor(code string, about Protocol, day time.Time) []Advice {
	if p == nil {
		return nil
	}
	all := slices.Clone(p.Advice)
	for _, e := range p.Enable {
		all = append(all, e.advice())
	}
	if p.Region != nil {
		all = append(all, p.Region.advice())
	}
	return slices.DeleteFunc(all, func(a Advice) bool {
		return !slices.Contains(a.Codes, code) || !a.concerns(about) || !a.Current(day)
	})
}

func (a Advice) concerns(p Protocol) bool {
	return p == "" || len(a.Protocols) == 0 || slices.Contains(a.Protocols, p)
}

// Current reports whether the advice holds on a day: From is the first day, Until
// the first day on which it no longer holds.
func (a Advice) Current(day time.Time) bool {
	date := day.Format(time.DateOnly)
	return (a.From == "" || a.From <= date) && (a.Until == "" || date < a.Until)
}

// A Note is a fact about a provider with its source.
type Note struct {
	Text   string
	Source Source
}
