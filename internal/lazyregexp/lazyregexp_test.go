package lazyregexp

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// TestExpressionsCompile: what the program spells out has no fault, since one
// would show only where it is used.
func TestExpressionsCompile(t *testing.T) {
	found, files := 0, token.NewFileSet()
	check := func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			for _, text := range expressions(n) {
				found++
				if _, err := regexp.Compile(text); err != nil {
					t.Errorf("%s: %v", files.Position(n.Pos()), err)
				}
			}
			return true
		})
		return nil
	}
	for _, folder := range []string{"../../internal", "../../cmd"} {
		if err := filepath.WalkDir(folder, check); err != nil {
			t.Fatal(err)
		}
	}
	if found < 50 {
		t.Errorf("got  %d expressions\nwant the program's", found)
	}
}

// expressions returns the text of a call of New; nil: it is none, or is told
// only where it runs.
func expressions(n ast.Node) []string {
	call, ok := n.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return nil
	}
	called, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || called.Sel.Name != "New" {
		return nil
	}
	if from, ok := called.X.(*ast.Ident); !ok || from.Name != "lazyregexp" {
		return nil
	}
	literal, ok := call.Args[0].(*ast.BasicLit)
	if !ok {
		return nil
	}
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		return nil
	}
	return []string{text}
}

func TestFirstUseAtOnce(t *testing.T) {
	r := New(`^a+$`)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if !r.MatchString("aa") || r.MatchString("b") {
				t.Error("got  another answer\nwant aa, not b")
			}
		})
	}
	all.Wait()
	if r.String() != `^a+$` || r.Get().String() != r.String() {
		t.Error("got  another expression\nwant the one of the first use")
	}
}

func TestFolding(t *testing.T) {
	for text, want := range map[string]bool{"aB": true, "Ab": true, "a": false} {
		if got := Folding("ab").MatchString(text); got != want {
			t.Errorf("%s\ngot  %v\nwant %v", text, got, want)
		}
	}
}

func TestFaultPanicsOnUse(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("got  no panic\nwant one")
		}
	}()
	New(`(`).MatchString("x")
}
