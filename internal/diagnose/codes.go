package diagnose

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// A CodeInfo is the page of one finding code.
type CodeInfo struct {
	Code       string   `yaml:"code"`     // "cert.expired"; one that ends in "*" stands for a family: "tls.alert_*"
	Severity   Severity `yaml:"severity"` // where a rule says nothing else
	Blame      Blame    `yaml:"blame"`    // empty: nobody need act
	Title      string   `yaml:"title"`    // in a few words
	Means      string   `yaml:"means"`    // what it is, who notices, why
	Fix        string   `yaml:"fix"`      // who does what; empty: nothing to do
	References []string `yaml:"references"`

	Judged Judged `yaml:"judged"` // of a reply that means this, unless its row says otherwise; empty: maybe
}

// Codes returns the pages of all finding codes, in the order of the tables.
func Codes() []CodeInfo {
	t := embeddedTable()
	out := make([]CodeInfo, 0, len(t.order))
	for _, code := range t.order {
		out = append(out, t.codes[code])
	}
	return out
}

// LookupCode returns the page of a finding code, for a member of a family
// that of the family under the member's name.
func LookupCode(code string) (CodeInfo, bool) { return embeddedTable().lookup(code) }

func (t *table) lookup(code string) (CodeInfo, bool) {
	if info, ok := t.codes[code]; ok {
		return info, true
	}
	for _, name := range t.order {
		stem, family := strings.CutSuffix(name, "*")
		if family && len(code) > len(stem) && strings.HasPrefix(code, stem) && !strings.ContainsAny(code, " \t\n*") {
			info := t.codes[name]
			info.Code = code
			return info, true
		}
	}
	return CodeInfo{}, false
}

func (t *table) loadCodes(files fs.FS) error {
	names, err := fs.Glob(files, "codes/*.yaml")
	if err != nil {
		return err
	}
	for _, name := range names {
		var list struct {
			Codes []CodeInfo `yaml:"codes"`
		}
		data, err := readStrict(files, name, &list)
		if err != nil {
			return err
		}
		for i, info := range list.Codes {
			if err := errors.Join(info.check(), t.isNew(info.Code)); err != nil {
				return fmt.Errorf("%s:%d: %w", name, lineOf(data, "codes", i), err)
			}
			t.codes[info.Code] = info
			t.order = append(t.order, info.Code)
		}
	}
	return nil
}

func (t *table) isNew(code string) error {
	if slices.Contains(t.order, code) {
		return fmt.Errorf("%s is listed twice", code)
	}
	return nil
}

func (c CodeInfo) check() error {
	if !strings.Contains(c.Code, ".") || strings.ToLower(c.Code) != c.Code || strings.ContainsAny(c.Code, " -") {
		return fmt.Errorf("%q is no finding code", c.Code)
	}
	if c.Severity == "" || c.Title == "" || c.Means == "" {
		return fmt.Errorf("%s: severity, title or means is missing", c.Code)
	}
	if c.Severity != Info && (c.Blame == "" || c.Fix == "") {
		return fmt.Errorf("%s: blame or fix is missing", c.Code)
	}
	return checkRank(c.Severity, c.Blame)
}
