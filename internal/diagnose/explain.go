package diagnose

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strings"

	"mailprobe/internal/settings"
)

const (
	maxMatches  = 8
	maxEvidence = 1 << 10
)

// Explain says what a text means, best first; nil: it is not recognised. The
// text may be one reply, or anything a user can paste: a transcript, a bounce,
// a program's message, a finding code, a saved report. With Query.Layer it is
// taken as one server's reply, whatever its form.
//
// Where the same words stand for several things, all are given in the order of
// their likelihood.
func Explain(q Query) []Match {
	t := embeddedTable()
	if page, ok := t.page(strings.TrimSpace(q.Text)); ok {
		return []Match{page}
	}
	if matches, ok := t.explainReport(q.Text); ok {
		return matches
	}
	return t.explainText(q)
}

// page returns the page of a finding code.
func (t *table) page(text string) (Match, bool) {
	if len(text) > 80 {
		return Match{}, false
	}
	info, ok := t.lookup(strings.ToLower(text))
	if !ok {
		return Match{}, false
	}
	return Match{Code: info.Code, Severity: info.Severity, Blame: info.Blame, Title: info.Title,
		Cause: info.Means, Remedy: info.Fix, Judged: JudgedNo}, true
}

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

func (t *table) explainText(q Query) []Match {
	found := passages(q.Text)
	provider := t.provider(q, found)
	var hits []hit
	seen := map[string]bool{}
	for _, p := range found {
		for _, line := range views(p) {
			if seen[line] {
				continue
			}
			seen[line] = true
			w := readWording(withChallenge(line), q.Layer != "")
			if h, ok := t.explainWording(w, q, provider); ok {
				hits = append(hits, h)
			}
		}
	}
	return t.ranked(hits, provider)
}

// views returns a passage whole and, where it was put together, in its parts.
func views(p passage) []string {
	if len(p.parts) == 1 {
		return p.parts
	}
	return append([]string{p.text}, p.parts...)
}

// withChallenge puts the words of an OAuth error challenge (RFC 7628 §3.2.2)
// behind the line that holds it in base64.
func withChallenge(line string) string {
	coded := challenge.FindString(line)
	if coded == "" {
		return line
	}
	plain, err := base64.StdEncoding.DecodeString(coded + strings.Repeat("=", (4-len(coded)%4)%4))
	if err != nil || !strings.Contains(string(plain), `"`) {
		return line
	}
	return line + " " + collapse(normalise(string(plain)))
}

var challenge = regexp.MustCompile(`\bey[JA][A-Za-z0-9+/]{12,}`)

// explainWording finds the first row that holds, by trust; the standard
// meaning of the codes if none does.
func (t *table) explainWording(w wording, q Query, provider *replyFile) (hit, bool) {
	w.line = w.line[:min(len(w.line), maxLine)]
	protocol := w.protocol(q)
	look := func(f *replyFile, tier tier) (hit, bool) {
		r := f.find(w, q, protocol, tier == foreignRow)
		if r == nil {
			return hit{}, false
		}
		return hit{Match: r.match(f, t.codes, w), tier: tier, also: r.Also}, true
	}
	for f := provider; f != nil; f = t.byID[f.Like] {
		if h, ok := look(f, ownRow); ok {
			return h, true
		}
	}
	for _, f := range t.providers {
		if h, ok := look(f, foreignRow); ok && f != provider {
			return h, true
		}
	}
	if h, ok := t.standard.decided(w, t.codes); ok {
		h.tier = commonRow
		return h, true
	}
	if h, ok := look(t.any, commonRow); ok {
		return h, true
	}
	if w.success() || w.reply == "" {
		return hit{}, false
	}
	return t.standard.explain(w, t.codes)
}

// find returns the first row that holds, rows of the query's own layer first;
// of a server's reply those about mail programs last.
func (f *replyFile) find(w wording, q Query, protocol settings.Protocol, foreign bool) *row {
	var other *row
	for _, r := range f.Rows {
		if other != nil && q.Layer != "" && r.Layer != q.Layer || !r.applies(q, protocol, foreign) || !r.matches(w) {
			continue
		}
		if r.Layer == q.Layer || q.Layer == "" && !(w.status != "" && r.ofClient()) {
			return r
		}
		if other == nil {
			other = r
		}
	}
	return other
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
	case r.Scope == atStage && q.Layer != r.Layer:
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

func (r *row) match(f *replyFile, codes map[string]CodeInfo, w wording) Match {
	provider := f.Provider
	if provider == "any" {
		provider = ""
	}
	return Match{Code: r.Code, Severity: r.Severity, Blame: r.Blame, Layer: r.Layer, Provider: provider,
		Title: codes[r.Code].Title, Cause: r.Cause, Remedy: r.Remedy, HelpURL: r.HelpURL,
		Evidence: cut(w.line), Judged: r.Judged}
}

// protocol is the one that was dialled; of pasted text it is told by the form
// of the reply.
func (w wording) protocol(q Query) settings.Protocol {
	asked := q.Protocol
	switch {
	case w.status == "" || asked != "" && q.Layer != "":
		return asked
	case w.status == "-ERR" || w.status == "+OK":
		return settings.POP3
	case w.status[0] >= '2' && w.status[0] <= '5':
		return settings.SMTP
	case asked != "":
		return asked
	}
	return settings.IMAP
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
	if h.Severity == Info {
		rank += int(classOnly)
	}
	return rank
}

// reading is another reading of the same evidence: in the provider's own words
// for that code, if it has some, else in the code's.
func (t *table) reading(code string, of Match, provider *replyFile) Match {
	info := t.codes[code]
	m := of
	m.Code, m.Severity, m.Blame, m.Title = code, info.Severity, info.Blame, info.Title
	m.Provider, m.Cause, m.Remedy, m.HelpURL = "", info.Means, info.Fix, ""
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

// provider returns the rows of the provider in question: the one asked for,
// else the one whose marks the text bears; nil if neither is known.
func (t *table) provider(q Query, found []passage) *replyFile {
	if q.Provider != "" {
		return t.byID[strings.ToLower(q.Provider)]
	}
	for _, f := range t.providers {
		if f.marks == nil {
			continue
		}
		for _, p := range found {
			if f.marks.MatchString(p.text) {
				return f
			}
		}
	}
	return nil
}

func cut(s string) string {
	if len(s) <= maxEvidence {
		return s
	}
	return strings.ToValidUTF8(s[:maxEvidence], "") + "..."
}
