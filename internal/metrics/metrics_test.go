package metrics

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
)

// TestHelp holds that each name has a help, and that none has two.
func TestHelp(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "metrics.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		d, ok := n.(*ast.GenDecl)
		if !ok || d.Tok != token.CONST {
			return true
		}
		for _, s := range d.Specs {
			for _, v := range s.(*ast.ValueSpec).Values {
				name, err := strconv.Unquote(v.(*ast.BasicLit).Value)
				if err != nil || names[name] || Help(name) == "" {
					t.Errorf("%s: it is there twice, or has no help: %v", name, err)
				}
				names[name] = true
			}
		}
		return false
	})
	if len(names) == 0 || len(names) != len(help) {
		t.Errorf("got  %d names and %d helps", len(names), len(help))
	}
}
