package replies

import (
	"os"
	"reflect"
	"testing"
	"time"

	"mailprobe/internal/lab/detector"
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
	detector.Spare(t)
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
	detector.Spare(t)
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

// BenchmarkReadTables reads the compact form and the YAML that it is made of in
// turns: how many times longer the YAML takes.
func BenchmarkReadTables(b *testing.B) {
	var short, long time.Duration
	for b.Loop() {
		began := time.Now()
		if _, err := readCompact(compact); err != nil {
			b.Fatal(err)
		}
		between := time.Now()
		source(b)
		short, long = short+between.Sub(began), long+time.Since(between)
	}
	b.ReportMetric(float64(short.Microseconds())/float64(b.N), "µs/compact")
	b.ReportMetric(float64(long.Microseconds())/float64(b.N), "µs/yaml")
	b.ReportMetric(float64(long)/float64(short), "times")
}
