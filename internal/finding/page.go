package finding

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"mailprobe/internal/yamlfile"
)

//go:embed codes/*.yaml
var embedded embed.FS

// A Page is what is known of one finding code, whatever the case.
type Page struct {
	Code       string   `yaml:"code"`     // "cert.expired"; one that ends in "*" stands for a family: "tls.alert_*"
	Severity   Severity `yaml:"severity"` // where a rule says nothing else
	Blame      Blame    `yaml:"blame"`    // empty: nobody need act
	Title      string   `yaml:"title"`    // in a few words
	Means      string   `yaml:"means"`    // what it is, who notices, why
	Fix        string   `yaml:"fix"`      // who does what; empty: nothing to do
	References []string `yaml:"references"`

	Shown Shown `yaml:"shown"` // a reply means this only to what was shown; empty: to anything
}

// Shown is what a sign-in shows.
type Shown string

const (
	Password Shown = "password"
	Token    Shown = "token" // of OAuth2
)

// Judged says whether the server compared the secret with its own.
type Judged string

const (
	JudgedYes   Judged = "yes"   // another try with the same secret counts as a second failure
	JudgedNo    Judged = "no"    // another service may still try
	JudgedMaybe Judged = "maybe" // treat as yes
)

// pages are the pages of all codes. They are not changed once read.
type pages struct {
	list []Page // as their files list them
	at   map[string]int
}

// Pages returns the pages of all finding codes, in the order of the tables.
// They are part of the program, so a fault in them is a defect of the build.
func Pages() []Page {
	p, err := readPages(embedded)
	if err != nil {
		panic("finding: embedded pages: " + err.Error())
	}
	return p.list
}

// readPages reads codes/*.yaml of any file system.
func readPages(files fs.FS) (*pages, error) {
	names, err := fs.Glob(files, "codes/*.yaml")
	if err != nil {
		return nil, err
	}
	p := &pages{at: map[string]int{}}
	for _, name := range names {
		if err := p.read(files, name); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *pages) read(files fs.FS, name string) error {
	var file struct {
		Codes []Page `yaml:"codes"`
	}
	data, err := yamlfile.Read(files, name, &file)
	if err != nil {
		return err
	}
	for i, page := range file.Codes {
		if err := errors.Join(page.check(), p.isNew(page.Code)); err != nil {
			return yamlfile.Locate(name, data, yamlfile.Problem{Path: []any{"codes", i}, Text: err.Error()})
		}
		p.at[page.Code] = len(p.list)
		p.list = append(p.list, page)
	}
	return nil
}

func (p *pages) isNew(code string) error {
	if _, ok := p.at[code]; ok {
		return fmt.Errorf("%s is listed twice", code)
	}
	return nil
}

func (p Page) check() error {
	if !strings.Contains(p.Code, ".") || strings.ToLower(p.Code) != p.Code || strings.ContainsAny(p.Code, " -") {
		return fmt.Errorf("%q is no finding code", p.Code)
	}
	if p.Severity == "" || p.Title == "" || p.Means == "" {
		return fmt.Errorf("%s: severity, title or means is missing", p.Code)
	}
	if p.Severity != Info && (p.Blame == "" || p.Fix == "") {
		return fmt.Errorf("%s: blame or fix is missing", p.Code)
	}
	if !slices.Contains([]Shown{"", Password, Token}, p.Shown) {
		return fmt.Errorf("%s: shown is %q, not password or token", p.Code, p.Shown)
	}
	return errors.Join(p.Severity.Check(), p.Blame.Check())
}
