package replies

import (
	"os"
	"reflect"
	"testing"
)

// source reads the tables as people write them.
func source(t testing.TB) *table {
	t.Helper()
	table, err := loadTable(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// TestCompactIsUpToDate holds the form that is part of the program against the
// YAML.
func TestCompactIsUpToDate(t *testing.T) {
	want, err := Compact(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if compact == want {
		return
	}
	if !*update {
		t.Fatal("tables.tsv is older than tables/*.yaml: go generate ./internal/replies writes it anew")
	}
	if err := os.WriteFile("tables.tsv", []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Fatal("tables.tsv is written anew: run the tests once more, by what it says now")
}

// TestCompactLosesNothing: what is read from the compact form is what the YAML
// says, field by field.
func TestCompactLosesNothing(t *testing.T) {
	want := source(t)
	text, err := want.compact()
	if err != nil {
		t.Fatal(err)
	}
	got, err := readCompact(text)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := got.compact(); err != nil || again != text {
		t.Errorf("written once more it is another text: %v", err)
	}
	for i, r := range want.any.Rows {
		if !reflect.DeepEqual(got.any.Rows[i], r) {
			t.Errorf("got  %+v\nwant %+v", got.any.Rows[i], r)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Error("got  another table\nwant that of the YAML")
	}
}

func TestWhatHasNoCompactForm(t *testing.T) {
	for name, change := range map[string]func(*table){
		"a tab":             func(t *table) { t.any.Rows[0].Cause = "a\tb" },
		"a line end":        func(t *table) { t.any.Rows[0].Remedy = "a\nb" },
		"an empty item":     func(t *table) { t.any.Rows[0].Samples = []string{""} },
		"the sign of lists": func(t *table) { t.any.Rows[0].Also = []string{"a" + betweenItems + "b"} },
		"a tab in words":    func(t *table) { t.notions.Notions = map[string]string{"x": "a\tb"} },
	} {
		table, err := load(small())
		if err != nil {
			t.Fatal(err)
		}
		change(table)
		if _, err := table.compact(); err == nil {
			t.Errorf("%s\ngot  no error\nwant one", name)
		}
	}
}

func TestCompactWithFaults(t *testing.T) {
	for _, text := range []string{"rows\t\tx\n", "row\t\tx\n", "\n", "meaning\t\tnotion\t\tauth.rejected\n"} {
		if _, err := readCompact(text); err == nil {
			t.Errorf("%q\ngot  no error\nwant one", text)
		}
	}
}

// BenchmarkReadTables sets the compact form beside the YAML that it is made of.
func BenchmarkReadTables(b *testing.B) {
	b.Run("compact", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := readCompact(compact); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("yaml", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			source(b)
		}
	})
}
