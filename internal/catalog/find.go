package catalog

import (
	"slices"
	"strings"

	"mailprobe/internal/settings"
)

// Find returns the outlines of the providers that all words fit: an id, alias,
// name, mail domain or server that contains the word, in any case; or a word
// that stands for the provider as in Lookup. No words fit all. They are sorted
// by id.
func (c *Catalog) Find(words ...string) []*settings.Provider {
	var found []*settings.Provider
	for _, e := range c.all() {
		if !slices.ContainsFunc(words, func(word string) bool { return !e.fits(word) && c.named(word) != e }) {
			found = append(found, e.outline)
		}
	}
	return found
}

func (e *entry) fits(word string) bool {
	word, p := strings.ToLower(strings.TrimSpace(word)), e.outline
	within := func(text string) bool { return strings.Contains(strings.ToLower(text), word) }
	return within(p.ID) || within(p.Name) || slices.ContainsFunc(p.Aliases, within) || slices.ContainsFunc(p.Domains, within) ||
		slices.ContainsFunc(p.Settings(), func(s settings.Setting) bool { return within(s.Host) })
}

// FindByMX returns the outlines of the providers that receive mail at a host,
// or at hosts below a suffix, sorted by id.
func (c *Catalog) FindByMX(text string) []*settings.Provider {
	below := "." + strings.Trim(strings.ToLower(strings.TrimSpace(text)), "*.")
	own := c.byExchange(strings.Trim(strings.TrimSpace(text), "*."))
	var found []*settings.Provider
	for _, e := range c.all() {
		if e == own || len(below) > 1 && slices.ContainsFunc(e.outline.MX, func(suffix string) bool { return strings.HasSuffix(suffix, below) }) {
			found = append(found, e.outline)
		}
	}
	return found
}
