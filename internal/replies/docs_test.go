package replies

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write tables.tsv and the coverage in README.md anew")

func writeIfUpdated(t *testing.T, file, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	if !*update {
		t.Errorf("%s is not what the tables say; go test ./internal/replies -update writes it anew", file)
		return
	}
	if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestCoveragePage holds the table of known replies in README.md.
func TestCoveragePage(t *testing.T) {
	const file = "../../README.md"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	first, last := "<!-- coverage: written by the tests -->\n", "<!-- end of coverage -->\n"
	before, rest, began := strings.Cut(string(data), first)
	_, after, ended := strings.Cut(rest, last)
	if !began || !ended {
		t.Fatal("README.md has no part coverage")
	}
	writeIfUpdated(t, file, string(data), before+first+coverage()+last+after)
}

// coverage counts the rows of each provider by what they are about.
func coverage() string {
	var b strings.Builder
	b.WriteString("| provider | signing in | after signing in | sending | other | total |\n| --- | ---: | ---: | ---: | ---: | ---: |\n")
	table, sum := embeddedTable(), [5]int{}
	for _, f := range append(slices.Clone(table.providers), table.any) {
		n := countRows(f)
		for i := range sum {
			sum[i] += n[i]
		}
		name := f.Provider
		if f == table.any {
			name = "any provider"
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d |\n", name, n[0], n[1], n[2], n[3], n[4])
	}
	fmt.Fprintf(&b, "| together | %d | %d | %d | %d | %d |\n", sum[0], sum[1], sum[2], sum[3], sum[4])
	return b.String()
}

// countRows counts rows: signing in, after it, sending, other, all.
func countRows(f *replyFile) [5]int {
	var n [5]int
	columns := map[string]int{LayerAuth: 0, LayerToken: 0, LayerAccess: 1, LayerPolicy: 2}
	for _, r := range f.Rows {
		column, ok := columns[r.Layer]
		if !ok {
			column = 3
		}
		n[column]++
		n[4]++
	}
	return n
}
