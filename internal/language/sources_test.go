package language

import (
	"cmp"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The types whose constants are texts for people.
const (
	templateType = "mailprobe/internal/language.Template"
	sentenceType = "mailprobe/internal/finding.Sentence"
)

// module is how the paths of our own packages begin.
var module = strings.TrimSuffix(templateType, "internal/language.Template")

// A source is the program's own code, checked as far as it needs no other
// library: that is enough to know the type of every constant.
type source struct {
	fset     *token.FileSet
	packages map[string]*types.Package
	info     *types.Info
}

func newSource() *source {
	return &source{token.NewFileSet(), map[string]*types.Package{}, &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}}
}

// Import gives types the package of a path; one that is not ours is empty.
func (s *source) Import(name string) (*types.Package, error) {
	if p := s.packages[name]; p != nil {
		return p, nil
	}
	folder, ours := strings.CutPrefix(name, module)
	if !ours {
		p := types.NewPackage(name, path.Base(name))
		p.MarkComplete()
		s.packages[name] = p
		return p, nil
	}
	var files []*ast.File
	names, _ := filepath.Glob(filepath.Join("../..", folder, "*.go"))
	for _, file := range names {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(s.fset, file, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, parsed)
	}
	config := types.Config{Importer: s, Error: func(error) {}, FakeImportC: true}
	p, _ := config.Check(name, s.fset, files, s.info) // what others' libraries would say is missing
	s.packages[name] = p
	return p, nil
}

// A textConstant is one text of the sources and where it stands.
type textConstant struct {
	text, room, file string
	line             int
}

// constants lists the constants of a type in all packages, by file and line.
func (s *source) constants(typeName string) []textConstant {
	var all []textConstant
	for x, tv := range s.info.Types {
		if tv.Value == nil || tv.Value.Kind() != constant.String || tv.Type.String() != typeName || constant.StringVal(tv.Value) == "" {
			continue
		}
		at := s.fset.Position(x.Pos())
		file := strings.TrimPrefix(filepath.ToSlash(at.Filename), "../../")
		all = append(all, textConstant{constant.StringVal(tv.Value), strings.TrimPrefix(path.Dir(file), "internal/"), file, at.Line})
	}
	slices.SortFunc(all, func(a, b textConstant) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.text, b.text))
	})
	return slices.CompactFunc(all, func(a, b textConstant) bool { return a.text == b.text && a.file == b.file })
}

// plurals are the texts for many, by those for one, of all calls of Count and
// of the fields of tables that are given to it.
func (s *source) plurals() map[string]string {
	all := map[string]string{"{n} of {all} settings works from here{rest}.": "{n} of {all} settings work from here{rest}.",
		"{n} of {all} documented settings works from here{rest}.": "{n} of {all} documented settings work from here{rest}."}
	for x := range s.info.Types {
		call, ok := x.(*ast.CallExpr)
		if !ok || len(call.Args) < 3 {
			continue
		}
		one, many := s.info.Types[call.Args[1]], s.info.Types[call.Args[2]]
		if f, ok := call.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Count" && one.Value != nil && many.Value != nil && one.Type.String() == templateType {
			all[constant.StringVal(one.Value)] = constant.StringVal(many.Value)
		}
	}
	return all
}

// checkAll checks every package of the program.
func checkAll(t *testing.T) *source {
	s := newSource()
	for _, top := range []string{"../../internal", "../../cmd"} {
		err := filepath.WalkDir(top, func(name string, d os.DirEntry, err error) error {
			if err != nil || !d.IsDir() || d.Name() == "testdata" {
				return err
			}
			_, err = s.Import(module + strings.TrimPrefix(filepath.ToSlash(name), "../../"))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}
