package clients

import (
	_ "embed"
	"fmt"
	"sync"

	"mailprobe/internal/settings"
	"mailprobe/internal/yamlfile"
)

// embedded reads the table when it is first asked for. It is part of the
// program, so that it cannot be read is a fault of the program's.
var embedded = sync.OnceValue(func() []*Client {
	all, err := parse(rules)
	if err != nil {
		panic("clients: embedded rules: " + err.Error())
	}
	return all
})

// A table is the file of rules.
type table struct {
	Sources map[string]Rule    `yaml:"sources"`
	Readers map[string]*reader `yaml:"readers"`
	Clients []struct {
		ID    string  `yaml:"id"`
		Name  string  `yaml:"name"`
		Short string  `yaml:"short"`
		About string  `yaml:"about"`
		Order string  `yaml:"order"`
		Asks  []group `yaml:"asks"`
		Never []group `yaml:"never"`
	} `yaml:"clients"`
}

// A group is sources that a client asks side by side, the first of them first.
type group struct {
	From   []string `yaml:"from"`
	By     string   `yaml:"by"`
	Until  string   `yaml:"until"`  // what a document does from which nothing can be had: "fetched", it ends the group; "guess", it ends all but guessing
	Reader string   `yaml:"reader"` // how the client reads it
	Own    string   `yaml:"own"`    // what the client takes of its own where the source gives out no document
	XML    []string `yaml:"xml"`    // the types of content that the client takes for XML; a document of another is taken and nothing can be had of it; none: it does not look

	rule   Rule
	reader *reader
}

// A reader is how a client reads one kind of document.
type reader struct {
	Format          string                       `yaml:"format"` // a published.Format, or "offers": as this program reads it
	By              string                       `yaml:"by"`
	Types           map[string]settings.Protocol `yaml:"types"`
	Apart           map[string]string            `yaml:"apart"` // types of servers that the client knows and this program does not, and what people call them
	Fold            bool                         `yaml:"fold"`  // words are the same in any case
	Needs           []need                       `yaml:"needs"`
	WithoutUsername string                       `yaml:"without_username"` // what is sent where none is written; empty: the address
	Address         bool                         `yaml:"address"`          // the address is sent, whatever is written
	Repeated        string                       `yaml:"repeated"`         // "first-known", "last", "all-known": of elements that repeat; empty: there is one
	Security        []securityRow                `yaml:"security"`
	Unknown         string                       `yaml:"unknown"` // "server" or "document": what is dropped where no row holds
	Authentication  *authentication              `yaml:"authentication"`
	Takes           string                       `yaml:"takes"`   // "first", or "each": one after another until one works
	Lenient         bool                         `yaml:"lenient"` // it may read what is not well-formed
	Note            string                       `yaml:"note"`

	rule Rule
}

// A need is what a server or a document must have.
type need struct {
	What string `yaml:"what"`
	Or   string `yaml:"or"` // "server" or "document": what is dropped without
}

// A securityRow says how a client connects where its conditions hold.
type securityRow struct {
	When  map[string]string   `yaml:"when"`  // fields and their words
	Ports []uint16            `yaml:"ports"` // empty: any
	Then  []settings.Security `yaml:"then"`
	By    string              `yaml:"by"`
	Why   string              `yaml:"why"` // in words, where the conditions do not say it

	rule Rule
}

// An authentication is which ways to sign in a client knows.
type authentication struct {
	Ways         map[string]string `yaml:"ways"`
	OutgoingOnly []string          `yaml:"outgoing_only"`
	None         string            `yaml:"none"` // "server" or "document": what is dropped where it knows none
	OAuth        struct {
		By    string   `yaml:"by"`
		Hosts []string `yaml:"hosts"` // for which it knows where to sign in
		Below bool     `yaml:"below"` // also for all names below them
		Or    string   `yaml:"or"`
	} `yaml:"oauth"`
}

func parse(source []byte) ([]*Client, error) {
	var t table
	if err := yamlfile.Decode("rules.yaml", source, &t); err != nil {
		return nil, err
	}
	for name, r := range t.Readers {
		if err := t.bind(name, r); err != nil {
			return nil, err
		}
	}
	var all []*Client
	for _, c := range t.Clients {
		client := &Client{ID: c.ID, Name: c.Name, Short: c.Short, About: c.About, never: map[string]Rule{}}
		var err error
		if client.Order, err = t.rule(c.Order); err != nil {
			return nil, fmt.Errorf("%s: %w", c.ID, err)
		}
		for _, g := range c.Asks {
			if g, err = t.group(g); err != nil {
				return nil, fmt.Errorf("%s: %w", c.ID, err)
			}
			client.asks = append(client.asks, g)
		}
		for _, g := range c.Never {
			rule, err := t.rule(g.By)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.ID, err)
			}
			for _, source := range g.From {
				client.never[source] = rule
			}
		}
		all = append(all, client)
	}
	return all, nil
}

func (t *table) rule(name string) (Rule, error) {
	r, ok := t.Sources[name]
	if !ok {
		return r, fmt.Errorf("there is no source %q", name)
	}
	return r, nil
}

// bind gives a reader and its rows the sources by which they are known.
func (t *table) bind(name string, r *reader) (err error) {
	if r.rule, err = t.rule(r.By); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i := range r.Security {
		row := &r.Security[i]
		if row.rule = r.rule; row.By == "" {
			continue
		}
		if row.rule, err = t.rule(row.By); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (t *table) group(g group) (group, error) {
	var err error
	if g.rule, err = t.rule(g.By); err != nil {
		return g, err
	}
	if g.Reader == "" {
		return g, nil
	}
	if g.reader = t.Readers[g.Reader]; g.reader == nil {
		return g, fmt.Errorf("there is no reader %q", g.Reader)
	}
	return g, nil
}
