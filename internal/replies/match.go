package replies

import (
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// A hit is a match with what it is ranked by.
type hit struct {
	Match
	tier tier
	also []string
}

// A tier is a degree of trust; the lower, the better.
type tier int

const (
	ownRow      tier = iota // a row of the provider in question
	foreignRow              // another provider's, by words that only it uses
	commonRow               // a row of any.yaml
	codeMeaning             // from the standard meaning of a code
	classOnly               // only "temporary" or "permanent"
)

// find returns the first row that holds, rows of the query's own layer first;
// of a server's reply those about mail programs last.
func (f *replyFile) find(w wording, q Query, protocol settings.Protocol, foreign bool) *row {
	var other *row
	for _, r := range f.Rows {
		if other != nil && q.Layer != "" && !r.isOf(q.Layer) || !r.applies(q, protocol, foreign) || !r.matches(w) {
			continue
		}
		if r.isOf(q.Layer) || q.Layer == "" && !(w.status != "" && r.ofClient()) {
			return r
		}
		if other == nil {
			other = r
		}
	}
	return other
}

// isOf says that the row is of a layer. A mail server may repeat at the sign-in
// what an OAuth2 server told it.
func (r *row) isOf(layer string) bool {
	return r.Layer == layer || layer == LayerAuth && r.Layer == LayerToken
}

// ofClient says that the row is about what a mail program met, not about what
// a server said.
func (r *row) ofClient() bool {
	return r.Layer == LayerDNS || r.Layer == LayerTCP || r.Layer == LayerTLS
}

func (r *row) applies(q Query, protocol settings.Protocol, foreign bool) bool {
	switch {
	case foreign && (r.Scope == inProvider || r.Scope == atStage):
		return false
	case r.Scope == atStage && q.Layer != r.Layer, q.Layer == LayerToken && r.Layer != LayerToken:
		return false
	case protocol != "" && len(r.Protocols) > 0 && !slices.Contains(r.Protocols, protocol):
		return false
	}
	return r.holds(q.At)
}

func (r *row) matches(w wording) bool {
	if w.reply == "" && (r.Scope == inReply || r.Scope == inProvider) {
		return false
	}
	if len(r.literals) > 0 && !slices.ContainsFunc(r.literals, func(s string) bool { return strings.Contains(w.lower, s) }) {
		return false
	}
	if w.reply != "" && r.compiled().MatchString(w.reply) {
		return true
	}
	return (r.Scope == anywhere || r.Scope == atStage) && r.compiled().MatchString(w.line)
}

func (r *row) match(f *replyFile, w wording) Match {
	provider := f.Provider
	if provider == "any" {
		provider = ""
	}
	page, _ := finding.PageOf(r.Code)
	fill := r.filler(w)
	return Match{Code: r.Code, Severity: r.Severity, Blame: r.Blame, Layer: r.Layer, Provider: provider,
		Title: page.Title, Cause: fill.Replace(r.Cause), Remedy: fill.Replace(r.Remedy), HelpURL: fill.Replace(r.HelpURL),
		Evidence: cut(w.line), Judged: or(r.Judged, w.judged(r.ownJudged))}
}

// filler puts what the pattern's named groups found in the place of {name}.
func (r *row) filler(w wording) *strings.Replacer {
	found := r.compiled().FindStringSubmatch(w.reply)
	if w.reply == "" || found == nil {
		found = r.compiled().FindStringSubmatch(w.line)
	}
	var pairs []string
	for i, name := range r.compiled().SubexpNames() {
		if name != "" && found != nil {
			pairs = append(pairs, "{"+name+"}", found[i])
		}
	}
	return strings.NewReplacer(pairs...)
}

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
		if i > 0 && h.tier >= codeMeaning && h.tier > hits[0].tier {
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
	rank := int(h.tier)
	if h.Severity == finding.Info {
		rank += int(classOnly)
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
			m.Provider, m.Cause, m.Remedy, m.HelpURL = provider.Provider, r.Cause, r.Remedy, r.HelpURL
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
