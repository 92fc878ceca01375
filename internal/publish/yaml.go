package publish

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"mailprobe/internal/settings"
)

// A providerFile is a provider's file of this program, as far as it says what
// the servers are.
type providerFile struct {
	ID         string                `yaml:"id"`
	Name       string                `yaml:"name"`
	Domains    []string              `yaml:"domains,omitempty"`
	Sources    map[string]fileSource `yaml:"sources,omitempty"`
	Endpoints  []fileEndpoint        `yaml:"endpoints"`
	NotOffered []fileNotOffered      `yaml:"not_offered,omitempty"`
}

type fileSource struct {
	Kind      string `yaml:"kind,omitempty"`
	Title     string `yaml:"title"`
	Publisher string `yaml:"publisher,omitempty"`
	URL       string `yaml:"url,omitempty"`
	Read      string `yaml:"read,omitempty"`
}

type fileEndpoint struct {
	Protocol string       `yaml:"protocol"`
	Host     string       `yaml:"host"`
	Port     uint16       `yaml:"port"`
	Security string       `yaml:"security"`
	Role     string       `yaml:"role"`
	Username string       `yaml:"username"`
	SignIn   []fileSignIn `yaml:"sign_in"`
	When     string       `yaml:"when,omitempty"`
	Source   []string     `yaml:"source,omitempty,flow"`
}

type fileSignIn struct {
	Way    string `yaml:"way"`
	Status string `yaml:"status"`
	Note   string `yaml:"note,omitempty"`
	Source string `yaml:"source,omitempty"`
}

type fileNotOffered struct {
	Protocol string `yaml:"protocol"`
	Note     string `yaml:"note,omitempty"`
	Source   string `yaml:"source,omitempty"`
}

// yaml writes this program's own format: all that is known of the servers, with
// who says it.
func (d *draft) yaml() error {
	if err := d.keep(func(server) string { return "" }); err != nil {
		return err
	}
	f := providerFile{ID: cmp.Or(d.ID, word(d.title())), Name: d.title(), Domains: d.Domains, Sources: map[string]fileSource{}}
	for _, s := range d.servers {
		f.Endpoints = append(f.Endpoints, f.endpoint(s))
	}
	for _, n := range d.NotOffered {
		if !slices.ContainsFunc(d.servers, func(s server) bool { return s.Protocol == n.Protocol }) {
			f.NotOffered = append(f.NotOffered, fileNotOffered{string(n.Protocol), n.Note, f.cite(n.Source)})
		}
	}
	if slices.ContainsFunc(f.Endpoints, func(e fileEndpoint) bool { return len(e.Source) == 0 }) {
		d.note("%s names no source for what was typed: add one before it is taken into a catalogue", d.format)
	}
	e := yaml.NewEncoder(&d.text)
	e.SetIndent(2)
	if err := e.Encode(f); err != nil {
		return err
	}
	return e.Close()
}

func (f *providerFile) endpoint(s server) fileEndpoint {
	e := fileEndpoint{
		Protocol: string(s.Protocol), Host: s.Host, Port: s.Port, Security: string(s.Security), Role: string(settings.Documented),
		Username: s.user().Word(), When: s.When,
	}
	for _, source := range append([]settings.Source{s.Source}, s.Also...) {
		if key := f.cite(source); key != "" && !slices.Contains(e.Source, key) {
			e.Source = append(e.Source, key)
		}
	}
	for _, w := range s.SignIn {
		e.SignIn = append(e.SignIn, fileSignIn{w.Way, w.Status, w.Note, f.cite(w.Source)})
	}
	if len(s.SignIn) == 0 {
		e.SignIn = []fileSignIn{{Way: s.ways[0], Status: settings.UnverifiedWay, Source: f.cite(s.Source)}}
	}
	return e
}

// cite returns the key of a source, which stands once in a file; empty: none is
// named.
func (f *providerFile) cite(s settings.Source) string {
	if s == (settings.Source{}) {
		return ""
	}
	source := fileSource{string(s.Kind), s.Title, s.Publisher, s.URL, s.Read}
	for key, known := range f.Sources {
		if known == source {
			return key
		}
	}
	key := fmt.Sprintf("source_%d", len(f.Sources)+1)
	f.Sources[key] = source
	return key
}

// word makes an id of a name: lower-case letters and digits, parted by hyphens.
func word(name string) string {
	parts := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return cmp.Or(strings.Join(parts, "-"), "unnamed")
}
