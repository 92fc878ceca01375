package replies

import (
	"slices"
	"strings"
)

// A manner is how rows are looked for.
type manner int

const (
	firmly  manner = 1 << iota // firm rows; else broad ones
	foreign                    // of a provider that is not the one in question
	client                     // rows about what a mail program met
)

// find returns the first row that holds, rows of the query's own layer first.
func (f *replyFile) find(w wording, q Query, how manner) *row {
	var other *row
	for _, r := range f.Rows {
		if other != nil && !r.isOf(q.Layer) || r.manner(w, q) != how&^foreign || !r.applies(q, how) || !r.matches(w) {
			continue
		}
		if r.isOf(q.Layer) || q.Layer == "" {
			return r
		}
		if other == nil {
			other = r
		}
	}
	return other
}

// manner says how a row is to be looked for. Of a server's reply the rows about
// mail programs say little: the server speaks of itself.
func (r *row) manner(w wording, q Query) manner {
	switch {
	case w.status != "" && r.ofClient() && r.common && r.Layer != q.Layer:
		return client
	case r.Broad:
		return 0
	}
	return firmly
}

// isOf says that the row is of a layer. A mail server may repeat at the sign-in
// what an OAuth2 server told it.
func (r *row) isOf(layer string) bool {
	return r.Layer == layer || layer == LayerAuth && r.Layer == LayerToken
}

// ofClient says that the row is about what a mail program met, not about what
// a server said.
func (r *row) ofClient() bool {
	return r.Layer == layerDNS || r.Layer == layerTCP || r.Layer == layerTLS
}

func (r *row) applies(q Query, how manner) bool {
	switch {
	case how&foreign != 0 && r.Scope == inProvider, r.Scope == atStage && !r.isOf(q.Layer), q.Layer == LayerToken && r.Layer != LayerToken:
		return false
	case q.Protocol != "" && len(r.Protocols) > 0 && !slices.Contains(r.Protocols, q.Protocol):
		return false
	}
	return r.holds(q.At)
}

func (r *row) matches(w wording) bool {
	if w.success() && !r.ofSuccess() || w.reply == "" && r.Scope != anywhere {
		return false
	}
	if !mayHold(w.lower, r.literals) {
		return false
	}
	if w.reply != "" && r.compiled.MatchString(w.reply) {
		return true
	}
	return r.Scope == anywhere && (r.compiled.MatchString(w.line) || w.spelled != "" && r.compiled.MatchString(w.spelled))
}

// ofSuccess says that the row is about a reply by which a server agrees, such as
// a greeting that a firewall masked: one of its samples is.
func (r *row) ofSuccess() bool {
	r.samplesRead.Do(func() {
		r.success = slices.ContainsFunc(r.Samples, func(sample string) bool { return readWording(sample, r.Layer).success() })
	})
	return r.success
}

func (r *row) match(f *replyFile, w wording) Match {
	provider := f.Provider
	if provider == "any" {
		provider = ""
	}
	page, fill := r.page(), r.filler(w)
	return Match{Code: r.Code, Severity: page.Severity, Blame: page.Blame, Layer: r.Layer, Provider: provider,
		Title: page.Title, Cause: fill.Replace(page.Means), Remedy: fill.Replace(page.Fix), HelpURL: fill.Replace(r.HelpURL),
		Evidence: cut(w.line), Judged: r.Judged}
}

// filler puts what the pattern's named groups found in the place of {name}.
func (r *row) filler(w wording) *strings.Replacer {
	found := r.compiled.FindStringSubmatch(w.reply)
	if found == nil {
		found = r.compiled.FindStringSubmatch(w.line)
	}
	if found == nil {
		found = r.compiled.FindStringSubmatch(w.spelled)
	}
	var pairs []string
	for i, name := range r.compiled.Get().SubexpNames() {
		if name != "" {
			pairs = append(pairs, "{"+name+"}", found[i])
		}
	}
	return strings.NewReplacer(pairs...)
}
