package catalog

import (
	"slices"
	"strings"

	"mailprobe/internal/settings"
)

// Lookup finds a provider by id, alias, name, mail domain or mail address, in
// any case. A domain may be written with a trailing dot or in Unicode. A
// domain is matched as a whole: a name below it, or the same name in another
// country, belongs to the provider only where the provider's data says so.
func (c *Catalog) Lookup(text string) (*settings.Provider, bool) {
	e := c.named(text)
	if e == nil {
		return nil, false
	}
	return e.whole(), true
}

// Knows reports whether Lookup would find a provider, without reading the whole
// of it.
func (c *Catalog) Knows(text string) bool { return c.named(text) != nil }

func (c *Catalog) named(text string) *entry {
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		return c.byDomain(text[at+1:])
	}
	if e, ok := c.words().names[fold(text)]; ok {
		return e
	}
	return c.byDomain(text)
}

func (c *Catalog) byDomain(text string) *entry {
	domain, err := settings.Host(strings.TrimSpace(text))
	if err != nil {
		return nil
	}
	if e, ok := c.words().domains[domain]; ok {
		return e
	}
	if c.words().foreign[domain] != nil {
		return nil
	}
	if e := suffixed(c.words().domains, "*.", domain); e != nil {
		return e
	}
	return c.words().domains[inAnyCountry(domain)]
}

// inAnyCountry returns the pattern of a name that stands directly below a
// country, such as "example.*" for example.fr, example.co.uk and
// example.com.br; empty: it stands elsewhere.
func inAnyCountry(domain string) string {
	label, country, _ := strings.Cut(domain, ".")
	if second, below, ok := strings.Cut(country, "."); ok && (second == "co" || second == "com") {
		country = below
	}
	if len(country) != 2 {
		return ""
	}
	return label + ".*"
}

// ByMX finds the provider that receives a domain's mail at hosts of equal
// preference. All of them must be its own: where one is somebody else's, it is
// not told whose the mailboxes are. In each the longest suffix decides.
func (c *Catalog) ByMX(hosts []string) (*settings.Provider, bool) {
	var all *entry
	for _, text := range hosts {
		e := c.byExchange(text)
		if e == nil || all != nil && e != all {
			return nil, false
		}
		all = e
	}
	if all == nil {
		return nil, false
	}
	return all.whole(), true
}

// byExchange returns the provider of one host that takes mail; nil: not known.
func (c *Catalog) byExchange(text string) *entry {
	host, err := settings.Host(text)
	if err != nil {
		return nil
	}
	if e, ok := c.words().mx["."+host]; ok {
		return e
	}
	return suffixed(c.words().mx, ".", host)
}

// suffixed returns what a map has for the nearest name above a domain, with a
// mark before it; nil: nothing.
func suffixed(words map[string]*entry, mark, domain string) *entry {
	for {
		_, parent, ok := strings.Cut(domain, ".")
		if !ok {
			return nil
		}
		if e, ok := words[mark+parent]; ok {
			return e
		}
		domain = parent
	}
}

// Recognise tells whose server this is, by its host name, else by its
// greeting; nil: not known. Where several providers greet alike, the one with
// the fewest mail domains of its own is meant: a server under another name is
// an organisation's.
func (c *Catalog) Recognise(host, greeting string) *settings.Provider {
	found := c.byHost(host)
	if len(found) == 0 {
		found = c.byGreeting(greeting)
	}
	if len(found) == 0 {
		return nil
	}
	return slices.MinFunc(found, func(x, y *entry) int { return len(x.outline.Domains) - len(y.outline.Domains) }).whole()
}

// byHost returns the providers that name a server host in any role, sorted by
// id.
func (c *Catalog) byHost(text string) []*entry {
	host, err := settings.Host(text)
	if err != nil {
		return nil
	}
	return c.words().hosts[host]
}

// byGreeting returns the providers whose servers greet like this, sorted by
// id. A greeting is a hint, not a proof.
func (c *Catalog) byGreeting(text string) []*entry {
	if text == "" {
		return nil
	}
	text = strings.ToLower(text)
	var found []*entry
	for _, m := range c.words().marks {
		if strings.Contains(text, m.text) && !slices.Contains(found, m.of) {
			found = append(found, m.of)
		}
	}
	return found
}
