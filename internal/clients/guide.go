package clients

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"mailprobe/internal/settings"
	"mailprobe/internal/yamlfile"
)

//go:embed guides.yaml
var guides []byte

//go:embed labels.yaml
var labels []byte

// A Guide is how an account is set up by hand in one program.
type Guide struct {
	ID   string // stable, lower case: "outlook"
	Name string // as people know it, in English
	By   Rule   // by what its buttons and fields are known

	also      []string            // what else people call it, lower case
	protocols []settings.Protocol // that receive, the best first
	browser   func(settings.Endpoint) (button string, ok bool)
	buttons   []string // that browser may return
	browserBy Rule
	steps     []step // to type all of it
	signsIn   []step // where the program opens the provider's own page
	security  map[string]string
	ways      map[string]string // nil: it does not ask for one
}

// Guides returns the guides in the order in which they are named to people.
func Guides() []*Guide { return readGuides().guides }

// Called returns the guide with an id, or for a program that people call so;
// nil: there is none.
func Called(name string) *Guide {
	name = strings.ToLower(strings.TrimSpace(name))
	for _, g := range Guides() {
		if g.ID == name || slices.Contains(g.also, name) {
			return g
		}
	}
	return nil
}

// NameIn returns what the program is called in a language.
func (g *Guide) NameIn(lang string) string {
	if name, ok := labelsIn(lang).Names[g.ID]; ok {
		return name
	}
	return g.Name
}

// languages returns the languages in which guides can be given, sorted.
func languages() []string {
	var names []string
	for name := range readGuides().labels {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// A language is what everything is called in it.
type language struct {
	Words    map[string]string            `yaml:"words"`
	Names    map[string]string            `yaml:"names"` // of programs, where they are not as in English
	Programs map[string]map[string]string `yaml:"programs"`
	Known    map[string]Rule              `yaml:"known"` // by what the labels of a program are known, where it is not what the guide itself is known by
}

// A step is one thing that a person does.
type step struct {
	Press  []string `yaml:"press"`
	Tick   string   `yaml:"tick"`
	Type   string   `yaml:"type"`
	Choose string   `yaml:"choose"`
	In     string   `yaml:"in"`
	Say    string   `yaml:"say"`
	Value  string   `yaml:"value"`
	If     string   `yaml:"if"`
}

// A browser is for which servers a program opens the provider's page.
type browser struct {
	By        string              `yaml:"by"`
	Hosts     map[string]string   `yaml:"hosts"` // and all names below them, each with its button; empty: there is none
	Protocols []settings.Protocol `yaml:"protocols"`
}

type guideTable struct {
	Sources map[string]Rule `yaml:"sources"`
	Guides  []struct {
		ID        string              `yaml:"id"`
		Name      string              `yaml:"name"`
		Also      []string            `yaml:"also"`
		By        string              `yaml:"by"`
		Protocols []settings.Protocol `yaml:"protocols"`
		Security  map[string]string   `yaml:"security"`
		Ways      map[string]string   `yaml:"ways"`
		Browser   *browser            `yaml:"browser"`
		BrowserAs string              `yaml:"browser_as"`
		SignsIn   []step              `yaml:"signs_in"`
		Steps     []step              `yaml:"steps"`
	} `yaml:"guides"`
}

type guideBook struct {
	guides []*Guide
	labels map[string]language
}

// readGuides reads the tables when they are first asked for. They are part of
// the program, so that they cannot be read is a fault of the program's.
var readGuides = sync.OnceValue(func() guideBook {
	book, err := parseGuides(guides, labels)
	if err != nil {
		panic("clients: embedded guides: " + err.Error())
	}
	return book
})

func parseGuides(guides, labels []byte) (book guideBook, err error) {
	var t guideTable
	if err := yamlfile.Decode("guides.yaml", guides, &t); err != nil {
		return book, err
	}
	if err := yamlfile.Decode("labels.yaml", labels, &book.labels); err != nil {
		return book, err
	}
	for _, row := range t.Guides {
		g := &Guide{ID: row.ID, Name: row.Name, also: row.Also, By: t.Sources[row.By], protocols: row.Protocols, steps: row.Steps, signsIn: row.SignsIn, security: row.Security, ways: row.Ways}
		if g.By == (Rule{}) {
			return book, fmt.Errorf("%s: there is no source %q", row.ID, row.By)
		}
		switch {
		case row.Browser != nil:
			g.browser, g.browserBy = row.Browser.knows, t.Sources[row.Browser.By]
			for _, button := range row.Browser.Hosts {
				g.buttons = append(g.buttons, button)
			}
		default:
			g.browser, g.browserBy = knowsAs(row.BrowserAs)
		}
		if g.browserBy == (Rule{}) {
			return book, fmt.Errorf("%s: there is no source for where it opens a browser", row.ID)
		}
		if err := g.check(book.labels); err != nil {
			return book, err
		}
		book.guides = append(book.guides, g)
	}
	return book, nil
}

func (b *browser) knows(e settings.Endpoint) (button string, ok bool) {
	for host, button := range b.Hosts {
		if slices.Contains(b.Protocols, e.Protocol) && (strings.EqualFold(host, e.Host) || strings.HasSuffix(strings.ToLower(e.Host), "."+host)) {
			return button, true
		}
	}
	return "", false
}

// knowsAs takes from the rules of a client for which hosts it knows where to
// sign in by OAuth2.
func knowsAs(id string) (func(settings.Endpoint) (string, bool), Rule) {
	for _, c := range All() {
		for _, g := range c.asks {
			if c.ID == id && g.reader != nil && g.reader.Authentication != nil {
				a := g.reader.Authentication
				return func(e settings.Endpoint) (string, bool) { return "", a.knows(e.Host) }, g.reader.rule
			}
		}
	}
	return nil, Rule{}
}

// check holds that every language has a word for all that a guide names.
func (g *Guide) check(all map[string]language) error {
	for name, l := range all {
		own := l.Programs[g.ID]
		for _, button := range g.buttons {
			if _, ok := own[button]; button != "" && !ok {
				return fmt.Errorf("%s: %s has no label %q", name, g.ID, button)
			}
		}
		for _, s := range slices.Concat(g.steps, g.signsIn) {
			keys := slices.Concat(s.Press, []string{s.Tick, s.Type, s.Choose, s.In})
			for _, key := range keys {
				if _, ok := own[key]; key != "" && !ok && key != "in.protocol" && key != "browser" {
					return fmt.Errorf("%s: %s has no label %q", name, g.ID, key)
				}
			}
			if _, ok := l.Words[s.Say]; s.Say != "" && !ok {
				return fmt.Errorf("%s: there is no word %q", name, s.Say)
			}
		}
		for _, keys := range []map[string]string{g.security, g.ways} {
			for _, key := range keys {
				if _, ok := own[key]; !ok {
					return fmt.Errorf("%s: %s has no label %q", name, g.ID, key)
				}
			}
		}
		for _, p := range g.protocols {
			if _, ok := own[string(p)]; !ok {
				return fmt.Errorf("%s: %s has no label %q", name, g.ID, p)
			}
		}
	}
	return nil
}
