package catalog

import (
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestNoNetwork: the catalogue has no way to dial or to read a file of the
// machine, because it imports nothing that could. net/netip and net/url hold
// addresses and links; they open no connection.
func TestNoNetwork(t *testing.T) {
	forbidden := []string{"net", "os", "syscall", "plugin", "unsafe", "golang.org", "github.com", "mailprobe"}
	allowed := []string{"net/netip", "net/url", "mailprobe/internal/settings", "mailprobe/internal/typo", "mailprobe/internal/yamlfile"}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		checked++
		tree, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range tree.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			root, _, _ := strings.Cut(path, "/")
			if slices.Contains(forbidden, root) && !slices.Contains(allowed, path) {
				t.Errorf("%s imports %s", e.Name(), path)
			}
		}
	}
	if checked == 0 {
		t.Error("got  no file\nwant the package's files")
	}
}
