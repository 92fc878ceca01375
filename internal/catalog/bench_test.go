package catalog

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// hundred is a catalogue of a hundred files: those that are built in and speak
// to servers in the network, under other names.
func hundred() fstest.MapFS {
	built := slices.DeleteFunc(Load().all(), func(e *entry) bool { return e.whole().Bridge != nil })
	files := fstest.MapFS{}
	for i := range 100 {
		from := built[i%len(built)]
		id := fmt.Sprintf("p%02d", i)
		files["providers/"+id+".yaml"] = &fstest.MapFile{Data: []byte(renamed(from, id))}
	}
	return files
}

// renamed is a provider's file under another id, with names of its own.
func renamed(e *entry, id string) string {
	o := e.outline
	head := fmt.Sprintf("id: %s\nname: %s\n", id, id)
	for _, list := range []struct {
		key, with string
		words     []string
	}{
		{"aliases", id + "-", o.Aliases}, {"domains", id + "-", o.Domains}, {"not_domains", id + "-", o.NotDomains}, {"mx", "." + id, o.MX}, {"greetings", id + " ", o.Greetings},
	} {
		head += list.key + ":\n"
		for _, word := range list.words {
			head += fmt.Sprintf("  - %q\n", list.with+strings.Replace(word, "*.", "any-", 1))
		}
	}
	data, err := e.data()
	if err != nil {
		panic(err)
	}
	return head + string(data[bytes.Index(data, []byte("\nsources:"))+1:])
}

func TestHundred(t *testing.T) {
	files := hundred()
	if err := Check(files); err != nil {
		t.Fatal(err)
	}
	if got := len(Read(files).Outlines()); got != 100 {
		t.Errorf("got  %d providers\nwant 100", got)
	}
}

func BenchmarkHundred(b *testing.B) {
	files := hundred()
	for _, row := range []struct {
		name string
		use  func(*Catalog)
	}{
		{"outlines", func(c *Catalog) { c.Outlines() }},
		{"one", func(c *Catalog) { c.Lookup("p50") }},
		{"all", func(c *Catalog) { c.All() }},
	} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				row.use(Read(files))
			}
		})
	}
}
