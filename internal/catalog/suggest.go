package catalog

import (
	"cmp"
	"slices"
	"strings"

	"mailprobe/internal/settings"
	"mailprobe/internal/typo"
)

// suggestions is how many answers Suggest gives at most.
const suggestions = 3

// Suggest returns what a mistyped id, alias, domain or address may have meant:
// ids, aliases and domains, the nearest first, at most three, one for each
// provider. Of an address only the domain counts. Nothing near is nil, and so
// is a domain that is known to be somebody else's.
func (c *Catalog) Suggest(text string) []string {
	typed := fold(strings.TrimSuffix(text[strings.LastIndexByte(text, '@')+1:], "."))
	allowed := tolerance(typed)
	if allowed == 0 || c.words().foreign[typed] != nil {
		return nil
	}
	var near []candidate
	for _, p := range c.Outlines() {
		words := slices.Concat([]string{p.ID}, p.Aliases, p.Domains)
		if best := nearest(typed, words); best.distance <= allowed {
			near = append(near, best)
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var found []string
	for _, n := range near[:min(len(near), suggestions)] {
		found = append(found, n.word)
	}
	return found
}

// A candidate is a known word and how many slips of the finger it is away.
type candidate struct {
	word     string
	distance int
}

// nearest returns the first of the words that are the fewest slips away: the
// data lists the better known words first.
func nearest(typed string, words []string) candidate {
	best := candidate{distance: typo.Longest + 1}
	for _, word := range words {
		if strings.HasSuffix(word, ".*") {
			continue // no word that anybody types
		}
		word = strings.TrimPrefix(word, "*.")
		if d := typo.Distance(typed, word); d < best.distance {
			best = candidate{word, d}
		}
	}
	return best
}

// tolerance is how many slips are still a slip: one for three letters, two
// for five or more. The ending of a domain does not count, because a common
// ".com" would make any two short domains alike.
func tolerance(typed string) int {
	if len(typed) > typo.Longest {
		return 0
	}
	stem := typed
	if dot := strings.LastIndexByte(typed, '.'); dot >= 0 {
		stem = typed[:dot]
	}
	if len(stem) < 3 {
		return 0
	}
	return min(2, (len(stem)+1)/3)
}

// ServersNear returns the servers that a mistyped host name may have meant, in
// any role, the nearest first, at most three. A port other than zero is the one
// that was typed: servers with that port are meant if there are any. A name
// that is known is near to itself alone.
func (c *Catalog) ServersNear(host string, port uint16) []settings.Endpoint {
	typed, err := settings.Host(host)
	if err != nil {
		return nil
	}
	nearest, allowed := []settings.Endpoint(nil), tolerance(typed)
	distance := func(e settings.Endpoint) int { return typo.Distance(typed, e.Host) }
	for _, o := range c.Outlines() {
		for _, s := range o.Settings() {
			e := s.Endpoint
			if e.Host != loopback && distance(e) <= allowed && !slices.Contains(nearest, e) {
				nearest = append(nearest, e)
			}
		}
	}
	slices.SortStableFunc(nearest, func(a, b settings.Endpoint) int { return cmp.Compare(distance(a), distance(b)) })
	if len(nearest) > 0 && distance(nearest[0]) == 0 {
		nearest = slices.DeleteFunc(nearest, func(e settings.Endpoint) bool { return distance(e) > 0 })
	}
	if slices.ContainsFunc(nearest, func(e settings.Endpoint) bool { return e.Port == port }) {
		nearest = slices.DeleteFunc(nearest, func(e settings.Endpoint) bool { return e.Port != port })
	}
	return nearest[:min(len(nearest), suggestions)]
}
