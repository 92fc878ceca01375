package replies

import (
	"encoding/base64"
	"slices"
	"strings"
	"sync"

	"mailprobe/internal/finding"
	"mailprobe/internal/lazyregexp"
)

// explainText explains each passage of a text, and ranks what comes of it.
func (t *table) explainText(q Query) []Match {
	found := passages(q.Text)
	provider := t.provider(q, found)
	if q.Layer == "" && allOfOthers(found) {
		return nil
	}
	var readings []reading
	alike := sync.OnceValue(func() []likely { return t.alikeTo(q, found) })
	seen := map[string]bool{}
	for _, p := range found {
		for _, line := range views(p) {
			if seen[line] {
				continue
			}
			seen[line] = true
			w := readWording(withRefusal(withChallenge(line)), or(q.Layer, p.layer()))
			w.command, w.alike = p.command, alike
			readings = append(readings, t.explainWording(w, q, provider))
		}
	}
	var hits []hit
	for _, r := range readings {
		if r.found {
			hits = append(hits, r.hit)
		}
	}
	ranked := t.ranked(hits, provider.rows)
	if q.Layer != "" || q.Protocol != "" || t.alike == nil || len(found) > mostPassages {
		return ranked // what is known of where it was said outweighs likeness
	}
	return t.settled(readings, ranked, alike)
}

// views returns a passage whole and, where it was put together, in its parts. A
// JSON object is one answer, however it is laid out.
func views(p passage) []string {
	if len(p.parts) == 1 || strings.HasPrefix(p.text, "{") {
		return []string{p.text}
	}
	return append([]string{p.text}, p.parts...)
}

// withRefusal puts the code of a token error before its description (RFC 6749
// §5.2), behind the object in which they stand the other way round. Rows name
// the code first.
func withRefusal(line string) string {
	m := describedFirst.FindStringSubmatch(line)
	if m == nil {
		return line
	}
	return line + " " + m[2] + ": " + m[1]
}

var describedFirst = lazyregexp.New(`"error_description"\s*:\s*"((?:[^"\\]|\\.)*)"[^}]*"error"\s*:\s*"([A-Za-z_]+)"`)

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

var challenge = lazyregexp.New(`\bey[JA][A-Za-z0-9+/]{12,}`)

// explainWording finds the first firm row that holds, by trust; what weighs
// most if none does.
func (t *table) explainWording(w wording, q Query, provider *known) reading {
	w.line = w.line[:min(len(w.line), maxLine)]
	if q.Layer == "" && webPage.MatchString(w.line) && !ofMail.MatchString(w.line) {
		return reading{said: w, passed: true}
	}
	if q.Layer == "" && w.reply == "" && ofOthers(w.line) {
		return reading{said: w, passed: true}
	}
	w.place, q.Protocol = w.placeOf(q), w.protocol(q)
	if q.Layer == "" {
		q.Layer = layerOf[w.place]
	}
	if h, ok := t.firm(w, q, provider); ok {
		return reading{hit: t.refined(h, w, q, provider), found: true, firm: true, said: w}
	}
	if w.success() {
		return reading{said: w, passed: true}
	}
	all := t.weighed(w, q, provider)
	best := t.heaviest(all, w, q)
	if best == nil {
		return reading{said: w, all: all}
	}
	best.hit = t.refined(best.hit, w, q, provider)
	return reading{hit: best.hit, found: true, said: w, all: all}
}

// refined makes of what was found what it means at its place.
func (t *table) refined(h hit, w wording, q Query, provider *known) hit {
	if h.Code == general && q.Layer != LayerToken && byToken.MatchString(w.line) {
		h.Match, h.also = t.reading("auth.token_rejected", h.Match, provider.rows), []string{"auth.token_expired", general}
	}
	if m, known := t.standard.explain(w); known && m.Code == h.Code && h.Judged == finding.JudgedMaybe {
		h.Judged = m.Judged // the words agree with the code of the reply
	}
	if w.place == placeStartTLS && h.Code == failedNet {
		h.Match, h.also = t.reading("starttls.advertised_but_fails", h.Match, provider.rows), []string{"tls.failed", "cert.invalid"}
	}
	h.bare = w.reply == "" && slices.Contains(vague, h.Code)
	return h
}

// row finds the first row of a file that holds.
func (t *table) row(f *replyFile, how manner, w wording, q Query) (hit, bool) {
	r := f.find(w, q, how)
	if r == nil {
		return hit{}, false
	}
	tier := ownRow
	switch {
	case f == t.any:
		tier = commonRow
	case how&foreign != 0:
		tier = foreignRow
	}
	return hit{Match: r.match(f, w), tier: tier, also: r.Also}, true
}

// provider returns the rows of the provider in question: the one asked for,
// else the one whose marks the text bears, those in a link last.
func (t *table) provider(q Query, found []passage) *known {
	if q.Provider != "" {
		return &known{rows: t.byID[strings.ToLower(q.Provider)]}
	}
	lower := make([]string, len(found))
	for i, p := range found {
		lower[i] = strings.ToLower(p.text)
	}
	var hint *known
	for _, f := range t.providers {
		if f.marks == nil {
			continue
		}
		for i, p := range found {
			switch {
			case !mayHold(lower[i], f.literals), !f.marks.MatchString(p.text):
			case f.marks.MatchString(link.ReplaceAllString(p.text, " ")):
				return &known{rows: f}
			case hint == nil:
				hint = &known{rows: f, hint: true}
			}
		}
	}
	if hint == nil {
		return &known{}
	}
	return hint
}

// A known is the provider in question, as far as it is known.
type known struct {
	rows *replyFile // nil: none
	hint bool       // only a link in the text names it
}
