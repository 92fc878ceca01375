package clients

import (
	_ "embed"
	"slices"
	"strings"

	"mailprobe/internal/settings"
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
