package language

import (
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestPlaceholders: a text in another language has the same placeholders as the
// English, and none stand so that nobody could tell where one ends.
func TestPlaceholders(t *testing.T) {
	for _, name := range poFiles(t) {
		entries, err := readPO(os.DirFS("."), name)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, e := range entries {
			if strings.Contains(name, "/sentences/") && adjoining(e.id) {
				t.Errorf("%s:%d: two placeholders adjoin in %q", name, e.line, e.id)
			}
			for _, said := range e.said {
				if e.id != "" && said != "" && !slices.Equal(namesIn(said), namesIn(e.id)) {
					t.Errorf("%s:%d\ngot  the placeholders %v\nwant %v", name, e.line, namesIn(said), namesIn(e.id))
				}
			}
		}
	}
}

// adjoining reports whether a placeholder follows another without a text between
// them.
func adjoining(template string) bool {
	all := parts(template)
	for i := 1; i < len(all); i++ {
		if all[i-1].name != "" && all[i].name != "" {
			return true
		}
	}
	return false
}

// namesIn lists the placeholders of a template, each once, sorted.
func namesIn(template string) []string {
	names := []string{}
	for _, p := range parts(template) {
		if p.name != "" {
			names = append(names, p.name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func poFiles(t *testing.T) []string {
	var all []string
	err := fs.WalkDir(os.DirFS("."), "texts", func(name string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".po") {
			all = append(all, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestFound: a sentence is found again in what is made of it, and not another
// in its place.
func TestFound(t *testing.T) {
	for _, tag := range Tags()[1:] {
		l, err := Named(tag)
		if err != nil {
			t.Fatal(err)
		}
		for id, said := range l.read().sentences {
			values := map[string]string{}
			for i, name := range namesIn(id) {
				values[name] = "x" + strconv.Itoa(i) + ".example.com:993"
			}
			if got, want := l.Told(fill(id, values)), fill(said, values); got != want {
				t.Errorf("%s %q\ngot  %q\nwant %q", tag, id, got, want)
			}
		}
	}
}
