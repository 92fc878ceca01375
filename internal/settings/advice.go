package settings

import (
	"slices"
	"time"
)

// AdviceFor returns the advice that goes with a finding code of a protocol on
// a day, in the order of the source. An empty protocol is a finding about the
// account as a whole. None is nil. A nil receiver has no advice.
func (p *Provider) AdviceFor(code string, about Protocol, day time.Time) []Advice {
	if p == nil {
		return nil
	}
	var fitting []Advice
	for _, a := range p.Advice {
		if slices.Contains(a.Codes, code) && a.concerns(about) && a.current(day) {
			fitting = append(fitting, a)
		}
	}
	return fitting
}

func (a Advice) concerns(p Protocol) bool {
	return p == "" || len(a.Protocols) == 0 || slices.Contains(a.Protocols, p)
}

// current says whether the advice holds on a day: From is the first day, Until
// the first day on which it no longer holds.
func (a Advice) current(day time.Time) bool {
	date := day.Format(time.DateOnly)
	return (a.From == "" || a.From <= date) && (a.Until == "" || date < a.Until)
}
