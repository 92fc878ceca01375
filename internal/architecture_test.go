// Package internal_test holds the house to its plan.
package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mailprobe/internal/lab/detector"
)

// A file is one parsed Go file that is no test.
type file struct {
	path string
	*ast.File
}

// A room is one package, by its folder without "internal/".
type room struct {
	files   []file
	imports []string // of ours by their rooms, others by their paths; sorted, each once
}

var inQuotes = regexp.MustCompile("`([^`]+)`")

// TestRooms: the table of rooms in ARCHITECTURE.md names every package, and
// what each imports of ours, neither more nor less. What is imported stands
// further down.
func TestRooms(t *testing.T) {
	plan, built := plannedRooms(t), rooms(t)
	for name, p := range plan {
		for _, below := range p.imports {
			if plan[below].line <= p.line {
				t.Errorf("ARCHITECTURE.md has %s above %s, which imports it", below, name)
			}
		}
	}
	for name, r := range built {
		var ours []string
		for _, path := range r.imports {
			if _, ok := built[path]; ok {
				ours = append(ours, path)
			}
		}
		p, ok := plan[name]
		if !ok {
			t.Errorf("ARCHITECTURE.md has no room %s", name)
		} else if !slices.Equal(ours, p.imports) {
			t.Errorf("%s imports\ngot  %s\nwant %s", name, strings.Join(ours, ", "), strings.Join(p.imports, ", "))
		}
	}
	for name := range plan {
		if _, ok := built[name]; !ok {
			t.Errorf("ARCHITECTURE.md has a room %s that is not built", name)
		}
	}
}

// TestLibrariesStayInTheirRooms: the types of a library stop at the door of
// the one room that needs it.
func TestLibrariesStayInTheirRooms(t *testing.T) {
	built := rooms(t)
	for library, want := range map[string][]string{
		"github.com/emersion/go-imap": {"lab", "probe/imap"},
		"github.com/emersion/go-smtp": {"lab", "lab/realserver", "probe/smtp"},
		"github.com/knadh/go-pop3":    {"probe/pop3"},
		"github.com/miekg/dns":        {"dnsclient", "lab/publish", "lab/world", "published"},
		"github.com/smallstep/pkcs7":  {"published"},
		"github.com/xdg-go/scram":     {"auth"},
		"golang.org/x/oauth2":         {"oauth"},
		"github.com/spf13/cobra":      {"cmd/mailprobe"},
		"github.com/fatih/color":      {"report"},
	} {
		var got []string
		for name, r := range built {
			if slices.ContainsFunc(r.imports, func(path string) bool { return path == library || strings.HasPrefix(path, library+"/") }) {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %s\nwant %s", library, strings.Join(got, ", "), strings.Join(want, ", "))
		}
	}
}

// TestWhoOpensSecrets: each place where a secret becomes text, and what for.
func TestWhoOpensSecrets(t *testing.T) {
	want := map[string]int{
		"auth.Check":          2, // what no protocol can carry
		"auth.Fingerprint":    2, // to be told from another, under a key that is kept nowhere
		"auth.Login":          1, // against a permit
		"auth.Look":           1, // what makes a password look wrong, in fixed words
		"auth.Next":           3, // LOGIN, CRAM-MD5 and a late initial response, of a client made against a permit
		"auth.Learn":          1, // it is looked for in what servers say
		"auth.Same":           2,
		"auth.Start":          2, // PLAIN, OAUTHBEARER and XOAUTH2, as above
		"auth.Reading":        1, // what a token shows of itself
		"auth.newOAuthBearer": 1,
		"auth.newXOAuth2":     1,
		"auth.scramTalk":      2,
		"oauth.SignInRefresh": 2, // to the token endpoint, and whether it gave a new one
		"oauth.bear":          1, // to GitHub's identity service
		"oauth.config":        1, // to the token endpoint
		"oauth.encode":        2, // to the store
		"oauth.grantApp":      1, // to the token endpoint
		"oauth.renew":         1, // to the token endpoint
		"oauth.shown":         1, // the workload's assertion, to the token endpoint
	}
	got := make(map[string]int)
	for name, r := range rooms(t) {
		for _, f := range r.files {
			for _, d := range f.Decls {
				ast.Inspect(d, func(n ast.Node) bool {
					if used, _ := selected(n); used == "secret.Reveal" {
						got[name+"."+named(d)]++
					}
					return true
				})
			}
			for _, i := range f.Imports {
				if i.Path.Value == `"mailprobe/internal/secret"` && i.Name != nil {
					t.Errorf("%s imports secret by another name", f.path)
				}
			}
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("\ngot  %v\nwant %v", got, want)
	}
}

// named returns the name of a function; empty: d is none.
func named(d ast.Decl) string {
	if f, ok := d.(*ast.FuncDecl); ok {
		return f.Name.Name
	}
	return ""
}

// TestWhoNeverDials: judgement, words and what is documented are made of
// values alone. They know the network and the system by their errors.
func TestWhoNeverDials(t *testing.T) {
	harmless := []string{
		"net.DNSError", "net.ErrClosed", "net.Error", "net.IP", "net.JoinHostPort", "net.OpError", "net.ParseIP",
		"os.ErrDeadlineExceeded", "syscall.EACCES", "syscall.EADDRNOTAVAIL", "syscall.EAFNOSUPPORT", "syscall.ECONNREFUSED", "syscall.ECONNRESET",
		"syscall.EHOSTUNREACH", "syscall.ENETUNREACH", "syscall.EPERM", "syscall.ETIMEDOUT",
	}
	built := rooms(t)
	for _, name := range []string{"catalog", "diagnose", "document", "report", "safe", "settings"} {
		for _, f := range built[name].files {
			ast.Inspect(f.File, func(n ast.Node) bool {
				if used, from := selected(n); slices.Contains([]string{"net", "http", "os", "exec", "syscall"}, from) && !slices.Contains(harmless, used) {
					t.Errorf("%s uses %s", f.path, used)
				}
				return true
			})
		}
	}
}

// keptOpen are names, and rooms with all of theirs, that are exported although
// no other room uses them.
var keptOpen = map[string]string{
	"catalog.Check": "tests of other rooms hold their catalogues against it",
	"catalog.Read":  "tests of other rooms bring a catalogue of their own",
	"verify.Run":    "Each is many of it; tests of other rooms want one",

	"tlscheck.Families": "docs/verifiers.md is made from it, and so from the next four",
	"tlscheck.Offers":   "", "tlscheck.Practices": "", "tlscheck.Sources": "", "tlscheck.Unread": "",

	"discover":               "for the command that asks a domain",
	"published":              "for the command that holds published settings to their rules, as the next two",
	"document.OfferOf":       "",
	"document.LintFindingOf": "",
}

// TestExportsAreUsed: a function or a table that has a name for others is used
// by another room. Errors belong to what a function promises; rooms for tests,
// and those that nobody imports yet, are left out.
func TestExportsAreUsed(t *testing.T) {
	built, used := rooms(t), make(map[string]bool)
	for name, r := range built {
		for _, f := range r.files {
			f.uses(name, used)
		}
	}
	for name, r := range built {
		if _, kept := keptOpen[name]; kept || !used[name] || strings.HasPrefix(name, "lab") || strings.HasSuffix(name, "test") {
			continue
		}
		for _, exported := range exportsOf(r) {
			full := name + "." + exported
			if _, kept := keptOpen[full]; !kept && !used[full] {
				t.Errorf("%s is exported, and no other room uses it", full)
			}
		}
	}
}

// uses notes which rooms and which of their names a file of a room uses.
func (f file) uses(name string, used map[string]bool) {
	from := make(map[string]string) // the room behind each name of a package
	for _, i := range f.Imports {
		room := strings.TrimPrefix(strings.Trim(i.Path.Value, `"`), "mailprobe/internal/")
		called := room[strings.LastIndex(room, "/")+1:]
		if i.Name != nil {
			called = i.Name.Name
		}
		from[called], used[room] = room, true
	}
	ast.Inspect(f.File, func(n ast.Node) bool {
		if word, behind := selected(n); from[behind] != "" && from[behind] != name {
			used[from[behind]+strings.TrimPrefix(word, behind)] = true
		}
		return true
	})
}

// exportsOf lists the exported functions and variables of a room but for errors.
func exportsOf(r room) []string {
	var names []string
	add := func(id *ast.Ident) {
		if id.IsExported() && !strings.HasPrefix(id.Name, "Err") {
			names = append(names, id.Name)
		}
	}
	for _, f := range r.files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					add(d.Name)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if v, ok := s.(*ast.ValueSpec); ok && d.Tok == token.VAR {
						for _, id := range v.Names {
							add(id)
						}
					}
				}
			}
		}
	}
	return names
}

var splitImports = regexp.MustCompile(`(?m)^\t"mailprobe/internal/[^\n]*\n\n\t"mailprobe/internal/`)

// TestImportsStandTogether: what is imported of ours is one group; gofmt leaves
// a line between them that a merge has left.
func TestImportsStandTogether(t *testing.T) {
	for _, r := range rooms(t) {
		for _, f := range r.files {
			if text, err := os.ReadFile(f.path); err != nil || splitImports.Match(text) {
				t.Errorf("%s: an empty line between imports of ours, or it cannot be read: %v", f.path, err)
			}
		}
	}
}

var codeLiteral = regexp.MustCompile("^\"(?:env|dns|dane|net|mode|starttls|policy|tls|cert|proto|imap|pop3|smtp|auth|access|send|service|perf|tool|settings|autodiscover)\\.[a-z0-9_]+\"$")

// TestCodesAreReadByName: who decides by a finding's code names it by the
// constant by which the code is said, so that one cannot change without the
// other.
func TestCodesAreReadByName(t *testing.T) {
	check := func(where string, values ...ast.Expr) {
		for _, v := range values {
			if lit, ok := v.(*ast.BasicLit); ok && codeLiteral.MatchString(lit.Value) {
				t.Errorf("%s decides by the code %s; give it a name where it is said", where, lit.Value)
			}
		}
	}
	for _, r := range rooms(t) {
		for _, f := range r.files {
			ast.Inspect(f.File, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BinaryExpr:
					if n.Op != token.EQL && n.Op != token.NEQ {
						break
					}
					check(f.path, n.X, n.Y)
				case *ast.CaseClause:
					check(f.path, n.List...)
				}
				return true
			})
		}
	}
}

// selected returns "net.Dial" and "net" for that expression.
func selected(n ast.Node) (used, from string) {
	s, ok := n.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	x, ok := s.X.(*ast.Ident)
	if !ok || x.Obj != nil { // a variable of that name
		return "", ""
	}
	return x.Name + "." + s.Sel.Name, x.Name
}

// TestNothingHappensUncalled: no package does anything by being imported.
func TestNothingHappensUncalled(t *testing.T) {
	for _, r := range rooms(t) {
		for _, f := range r.files {
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					t.Errorf("%s has an init", f.path)
				}
			}
		}
	}
}

// A planned is a room in the table.
type planned struct {
	line    int // of the table; 0: the room is not there
	imports []string
}

// plannedRooms reads the table of rooms: names in the first column, what they
// import in the last.
func plannedRooms(t *testing.T) map[string]planned {
	t.Helper()
	text, err := os.ReadFile("../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "\n## Rooms\n")
	table, _, ended := strings.Cut(table, "\n## ")
	if !found || !ended {
		t.Fatal("ARCHITECTURE.md has no section Rooms")
	}
	plan, number := make(map[string]planned), 0
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		if len(cells) != 3 {
			continue
		}
		number++
		var imports []string
		for _, m := range inQuotes.FindAllStringSubmatch(cells[2], -1) {
			imports = append(imports, m[1])
		}
		slices.Sort(imports)
		for _, m := range inQuotes.FindAllStringSubmatch(cells[0], -1) {
			plan[m[1]] = planned{number, imports}
		}
	}
	return plan
}

// rooms parses every Go file of the tree that is no test.
func rooms(t *testing.T) map[string]room {
	t.Helper()
	detector.Spare(t)
	built := make(map[string]room)
	for _, top := range []string{"../bench", "../cmd", "."} {
		err := filepath.WalkDir(top, func(path string, e fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			tree, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			name := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../")
			r := built[name]
			r.files = append(r.files, file{path, tree})
			for _, i := range tree.Imports {
				target, err := strconv.Unquote(i.Path.Value)
				if err != nil {
					return err
				}
				r.imports = append(r.imports, strings.TrimPrefix(target, "mailprobe/internal/"))
			}
			slices.Sort(r.imports)
			r.imports = slices.Compact(r.imports)
			built[name] = r
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(built) == 0 {
		t.Fatal("got  no package")
	}
	return built
}
