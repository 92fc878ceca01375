package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/settings"
)

// A builder collects providers and remembers which file took which name.
type builder struct {
	catalog Catalog
	taken   map[string]string // id, alias, domain or MX suffix -> file name
	wrong   []error
}

// index makes a catalogue of files. What two of them claim is an error that
// names the second file and its line.
func index(files []file) (*Catalog, error) {
	b := builder{
		catalog: Catalog{
			names:   make(map[string]*settings.Provider),
			domains: make(map[string]*settings.Provider),
			foreign: make(map[string]*settings.Provider),
			mx:      make(map[string]*settings.Provider),
			hosts:   make(map[string][]*settings.Provider),
		},
		taken: make(map[string]string),
	}
	for _, f := range files {
		b.add(f)
	}
	if len(b.wrong) > 0 {
		return nil, errors.Join(b.wrong...)
	}
	slices.SortFunc(b.catalog.all, func(x, y *settings.Provider) int { return strings.Compare(x.ID, y.ID) })
	return &b.catalog, nil
}

func (b *builder) add(f file) {
	p := f.provider
	b.catalog.all = append(b.catalog.all, p)
	b.take(b.catalog.names, f, p.ID, "id")
	for i, alias := range p.Aliases {
		b.take(b.catalog.names, f, alias, "aliases", i)
	}
	if name := fold(p.Name); b.catalog.names[name] != p {
		b.take(b.catalog.names, f, name, "name")
	}
	for i, domain := range p.Domains {
		b.take(b.catalog.domains, f, domain, "domains", i)
	}
	for i, domain := range p.NotDomains {
		b.take(b.catalog.foreign, f, domain, "not_domains", i)
	}
	for i, suffix := range p.MX {
		b.take(b.catalog.mx, f, suffix, "mx", i)
	}
	for _, e := range p.Settings() {
		if at := b.catalog.hosts[e.Host]; !slices.Contains(at, p) {
			b.catalog.hosts[e.Host] = append(at, p)
		}
	}
}

// take claims a word for a provider. Names, domains and suffixes share one
// space of words, so that what a user types means one provider.
func (b *builder) take(words map[string]*settings.Provider, f file, word string, path ...any) {
	if owner, ok := b.taken[word]; ok {
		b.wrong = append(b.wrong, f.wrong(fmt.Sprintf("%q is already taken by %s", word, owner), path...))
		return
	}
	b.taken[word] = f.name
	words[word] = f.provider
}

// fold brings a name that a user types to the form of ids and aliases: lower
// case, words joined by hyphens.
func fold(text string) string {
	return strings.Join(strings.Fields(strings.ToLower(text)), "-")
}
