package replies

import (
	"slices"
	"strings"

	"mailprobe/internal/finding"
)

// The bounds of what is given back.
const (
	maxMatches  = 3
	maxEvidence = 1 << 10
)

// A hit is a match with what it is ranked by.
type hit struct {
	Match
	tier tier
	also []string
	bare bool // general words of a program, with no server's reply
}

// A tier is a degree of trust; the lower, the better.
type tier int

const (
	ownRow      tier = iota // a row of the provider in question
	foreignRow              // another provider's, by words that only it uses
	commonRow               // a row of any.yaml, or words that name a cause
	codeMeaning             // from the standard meaning of a code
	classOnly               // only "temporary" or "permanent"
)

// ranked orders hits, drops what a better one says already, and puts the
// other readings of the best one behind it.
func (t *table) ranked(hits []hit, provider *replyFile) []Match {
	slices.SortStableFunc(hits, func(a, b hit) int { return a.rank() - b.rank() })
	var out []Match
	add := func(m Match) {
		known := slices.ContainsFunc(out, func(o Match) bool { return o.Code == m.Code })
		if !known && len(out) < maxMatches {
			out = append(out, m)
		}
	}
	for i, h := range hits {
		if h.tier >= codeMeaning && h.tier > hits[0].tier {
			break
		}
		add(h.Match)
		if i == 0 {
			for _, code := range h.also {
				add(t.reading(code, h.Match, provider))
			}
		}
	}
	return out
}

func (h hit) rank() int {
	rank := 2 * int(h.tier)
	if h.bare {
		rank++
	}
	if h.Severity == finding.Info {
		rank += 2 * int(classOnly)
	}
	return rank
}

// reading is another reading of the same evidence: in the provider's own words
// for that code, if it has some, else in the code's.
func (t *table) reading(code string, of Match, provider *replyFile) Match {
	page, _ := finding.PageOf(code)
	m := of
	m.Code, m.Severity, m.Blame, m.Title = code, page.Severity, page.Blame, page.Title
	m.Provider, m.Cause, m.Remedy, m.HelpURL = "", page.Means, page.Fix, ""
	if provider == nil {
		return m
	}
	for _, r := range provider.Rows {
		if r.Code == code {
			own := r.page()
			m.Provider, m.Cause, m.Remedy, m.HelpURL = provider.Provider, own.Means, own.Fix, r.HelpURL
			return m
		}
	}
	return m
}

func cut(s string) string {
	if len(s) <= maxEvidence {
		return s
	}
	return strings.ToValidUTF8(s[:maxEvidence], "") + "..."
}
