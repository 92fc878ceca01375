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
