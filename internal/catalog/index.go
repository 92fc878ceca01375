package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// An index finds entries by the words that stand for them.
type index struct {
	names   map[string]*entry // by id, alias and display name, folded
	domains map[string]*entry // "*.example.com" stands for any name below, "example.*" for any country
	foreign map[string]*entry // looks like this provider's domain, but is not; it may be another's
	mx      map[string]*entry // by suffix, with its leading dot
	hosts   map[string][]*entry
	marks   []mark // of greetings
	wrong   []error
}

// A mark is a text in a greeting that stands for a provider.
type mark struct {
	text string // in lower case
	of   *entry
}

// newIndex makes an index of files. What two of them claim is an error that
// names the second file and its line.
func newIndex(files []*entry) (*index, error) {
	x := &index{
		names:   make(map[string]*entry),
		domains: make(map[string]*entry),
		foreign: make(map[string]*entry),
		mx:      make(map[string]*entry),
		hosts:   make(map[string][]*entry),
	}
	for _, e := range files {
		x.add(e)
	}
	return x, errors.Join(x.wrong...)
}

func (x *index) add(e *entry) {
	p := e.outline
	x.take(x.names, e, p.ID, "id")
	for i, alias := range p.Aliases {
		x.take(x.names, e, alias, "aliases", i)
	}
	for i, domain := range p.Domains {
		x.take(x.domains, e, domain, "domains", i)
	}
	if name := fold(p.Name); x.names[name] != e && x.domains[name] != e {
		x.take(x.names, e, name, "name")
	}
	for i, domain := range p.NotDomains {
		if x.domains[domain] == e {
			x.take(x.foreign, e, domain, "not_domains", i)
		}
		x.foreign[domain] = e
	}
	for _, text := range p.Greetings {
		x.marks = append(x.marks, mark{strings.ToLower(text), e})
	}
	for i, suffix := range p.MX {
		x.take(x.mx, e, suffix, "mx", i)
	}
	for _, s := range p.Settings() {
		if s.Host == loopback {
			continue // whose program listens there is not known
		}
		if at := x.hosts[s.Host]; !slices.Contains(at, e) {
			x.hosts[s.Host] = append(at, e)
		}
	}
}

// take claims a word for a provider. Names, domains and suffixes share one
// space of words, so that what a user types means one provider.
func (x *index) take(words map[string]*entry, e *entry, word string, path ...any) {
	for _, taken := range []map[string]*entry{x.names, x.domains, x.mx} {
		if owner := taken[word]; owner != nil {
			x.wrong = append(x.wrong, e.wrong(fmt.Sprintf("%q is already taken by %s", word, owner.name), path...))
			return
		}
	}
	words[word] = e
}

// fold brings a name that a user types to the form of ids and aliases: lower
// case, words joined by hyphens.
func fold(text string) string {
	return strings.Join(strings.Fields(strings.ToLower(text)), "-")
}
