package catalog

import (
	"io/fs"
	"testing"

	"mailprobe/internal/settings"
)

// FuzzParse: no text makes parse panic, and what it accepts is a provider
// that can be dialled and cited, and that an index takes.
func FuzzParse(f *testing.F) {
	files, err := fs.Glob(providers, "providers/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := fs.ReadFile(providers, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(small))
	f.Add([]byte("endpoints: [~]\noauth: ~\nsources: {a: ~}\n"))
	f.Add([]byte("a: &a [*a]\n<<: *a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		outline(data) // whatever it is
		p, err := parse("fuzz.yaml", data)
		if err != nil {
			return
		}
		checkValid(t, p)
		// A name twice in one file is found by the index: an error, no panic.
		whole := func() *settings.Provider { return p }
		entries := []*entry{{"fuzz.yaml", func() ([]byte, error) { return data, nil }, outlineOf(p), whole}}
		if _, err := newIndex(entries); err == nil {
			if got, ok := newCatalog(func() []*entry { return entries }).Lookup(p.ID); !ok || got != p {
				t.Errorf("got  %v\nwant the provider by its id %q", got, p.ID)
			}
		}
	})
}

func checkValid(t *testing.T, p *settings.Provider) {
	t.Helper()
	if p.ID == "" || p.Name == "" || len(p.Settings())+len(p.NotOffered) == 0 {
		t.Fatalf("got  %+v\nwant id, name, and endpoints or what is not offered", p)
	}
	for _, e := range p.Settings() {
		host, err := settings.Host(e.Host)
		if err != nil || host != e.Host || e.Port == 0 || e.Source.URL == "" {
			t.Errorf("got  %+v\nwant host, port and source", e)
		}
		if back, err := settings.ParseURL(e.String()); err != nil || back != e.Endpoint {
			t.Errorf("got  %v, %v\nwant %v back from its URL", back, err, e.Endpoint)
		}
	}
}

// FuzzLookup: nothing that a user types makes a search panic, and no search
// invents a provider for a domain that is known to be another's.
func FuzzLookup(f *testing.F) {
	c := Load()
	for _, text := range []string{"gmail", "me@gmail.com", "yahoo.co.jp", "", "@", ".", "*.onmicrosoft.com", "ｇｍａｉｌ.com", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if p, ok := c.Lookup(text); ok != (p != nil) {
			t.Errorf("got  %v, %v\nwant both or neither", p, ok)
		}
		c.ByMX([]string{text})
		c.Recognise(text, text)
		if got := c.Suggest(text); len(got) > suggestions {
			t.Errorf("got  %q\nwant at most %d", got, suggestions)
		}
	})
}
