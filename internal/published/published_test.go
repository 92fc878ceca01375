package published

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/published/expected.txt anew")

const folder = "../../testdata/published"

// TestDocuments holds what is read of each document, and what is said of it,
// against a file that people can read.
func TestDocuments(t *testing.T) {
	names, err := filepath.Glob(folder + "/*.*")
	if err != nil || len(names) < 60 {
		t.Fatalf("%d documents, %v", len(names), err)
	}
	var b strings.Builder
	for _, name := range names {
		if strings.HasSuffix(name, ".txt") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "== %s\n%s\n", filepath.Base(name), told(Read(name, source)))
	}
	const file = folder + "/expected.txt"
	want, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	switch got := b.String(); {
	case got == string(want):
	case *update:
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s: got\n%s", file, difference(got, string(want)))
	}
}

// difference returns the first lines that differ.
func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d\n got %s\nwant %s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// told writes a document down.
func told(d Document) string {
	var b strings.Builder
	fmt.Fprintf(&b, "format %q, read: %t, name %q, domains %q\n", d.Format, d.Read, d.Name, d.Domains)
	for _, o := range d.Offers {
		fmt.Fprintf(&b, "%4d  %s as %q by %q\n", o.Line, o.Endpoint(""), o.Username, o.SignIn)
	}
	for _, s := range d.Enable {
		fmt.Fprintf(&b, "%4d  first: %s (%s)\n", s.Line, s.Text, s.URL)
	}
	if d.RedirectAddr != "" || d.RedirectURL != "" || d.ErrorCode != "" || d.ActiveSync {
		fmt.Fprintf(&b, "      to %q %q, error %q, for telephones: %t\n", d.RedirectAddr, d.RedirectURL, d.ErrorCode, d.ActiveSync)
	}
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "%4d  %s %s %s: %s", f.Line, f.Severity, f.Blame, f.Code, f.Says())
		if f.Advises() != "" {
			b.WriteString(" > " + f.Advises())
		}
		b.WriteByte('\n')
	}
	return b.String()
}
