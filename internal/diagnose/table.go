package diagnose

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"mailprobe/internal/settings"
)

//go:embed replies/*.yaml codes/*.yaml
var embedded embed.FS

// A scope says how much a row wants to know before it may hold.
type scope string

const (
	inProvider scope = "provider" // the provider is known, and the text is a reply; the default of a provider's file
	inReply    scope = "reply"    // the text is a reply; the default of any.yaml
	anywhere   scope = "anywhere" // the words alone are enough
	atStage    scope = "stage"    // only in a Query of the row's own layer
)

// A row maps what a server or a mail program says to what it means.
type row struct {
	Pattern   string              `yaml:"pattern"` // RE2, case-insensitive, against a wording
	Scope     scope               `yaml:"scope"`
	Layer     string              `yaml:"layer"`
	Protocols []settings.Protocol `yaml:"protocols"` // empty: any
	Code      string              `yaml:"code"`
	Also      []string            `yaml:"also"` // codes that the same words may stand for, likeliest first
	Severity  Severity            `yaml:"severity"`
	Blame     Blame               `yaml:"blame"`
	Judged    Judged              `yaml:"judged"` // empty: no
	Cause     string              `yaml:"cause"`  // empty: the code's own
	Remedy    string              `yaml:"remedy"` // empty: the code's own
	HelpURL   string              `yaml:"help_url"`
	Source    string              `yaml:"source"`
	Samples   []string            `yaml:"samples"`
	From      string              `yaml:"from"`  // YYYY-MM-DD: true from this day on
	Until     string              `yaml:"until"` // YYYY-MM-DD: true until the day before

	literals []string // lower case; one of them is in every text that matches; empty: not known
	compiled func() *regexp.Regexp
}

// A replyFile is the rows of one provider.
type replyFile struct {
	Provider string   `yaml:"provider"` // "any" or the name in matches
	Like     string   `yaml:"like"`     // another provider whose rows follow this one's
	Serves   []string `yaml:"serves"`   // settings ids
	Marks    string   `yaml:"marks"`    // RE2, case-insensitive: words by which its replies are known
	Rows     []*row   `yaml:"rows"`

	marks *regexp.Regexp
}

// A table is everything the embedded files hold. It is not changed once read.
type table struct {
	codes     map[string]CodeInfo
	order     []string // codes as their files list them
	providers []*replyFile
	byID      map[string]*replyFile
	any       *replyFile
	standard  *standard
}

// embeddedTable reads the embedded files when they are first asked for. They
// are part of the program, so a fault in them is a defect of the build.
var embeddedTable = sync.OnceValue(func() *table {
	t, err := loadTable(embedded)
	if err != nil {
		panic("diagnose: embedded tables: " + err.Error())
	}
	return t
})

// loadTable reads codes/*.yaml and replies/*.yaml.
func loadTable(files fs.FS) (*table, error) {
	t := &table{codes: map[string]CodeInfo{}, byID: map[string]*replyFile{}}
	if err := t.loadCodes(files); err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "replies/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := t.loadReplies(files, name); err != nil {
			return nil, err
		}
	}
	if t.any == nil || t.standard == nil {
		return nil, errors.New("replies: any.yaml or standard.yaml is missing")
	}
	for _, f := range t.providers {
		if f.Like != "" && t.byID[f.Like] == nil {
			return nil, fmt.Errorf("replies/%s.yaml: like: no provider %q", f.Provider, f.Like)
		}
	}
	return t, nil
}

func (t *table) loadReplies(files fs.FS, name string) error {
	if path.Base(name) == "standard.yaml" {
		s, err := loadStandard(files, name, t.codes)
		t.standard = s
		return err
	}
	f := &replyFile{}
	data, err := readStrict(files, name, f)
	if err != nil {
		return err
	}
	if f.Provider+".yaml" != path.Base(name) {
		return fmt.Errorf("%s: provider is %q", name, f.Provider)
	}
	for i, r := range f.Rows {
		if err := r.prepare(f.Provider, t.codes); err != nil {
			return fmt.Errorf("%s:%d: %w", name, lineOf(data, "rows", i), err)
		}
	}
	if f.marks, err = pattern(f.Marks); err != nil {
		return fmt.Errorf("%s: marks: %w", name, err)
	}
	if f.Provider == "any" {
		t.any = f
		return nil
	}
	t.providers = append(t.providers, f)
	for _, id := range append([]string{f.Provider}, f.Serves...) {
		if other := t.byID[id]; other != nil && other != f {
			return fmt.Errorf("%s: %s also serves %q", name, other.Provider, id)
		}
		t.byID[id] = f
	}
	return nil
}

// prepare fills in a row's defaults and checks it.
func (r *row) prepare(provider string, codes map[string]CodeInfo) error {
	tree, err := syntax.Parse("(?i)"+r.Pattern, syntax.Perl)
	if err != nil || r.Pattern == "" {
		return fmt.Errorf("pattern %q: %w", r.Pattern, errors.Join(err, emptyIs(r.Pattern)))
	}
	r.literals = required(tree)
	r.compiled = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("(?i)" + r.Pattern) })
	if err := r.check(codes); err != nil {
		return err
	}
	info := codes[r.Code]
	r.Scope = or(r.Scope, defaultScope(provider))
	r.Severity = or(r.Severity, info.Severity)
	r.Blame = or(r.Blame, info.Blame)
	r.Cause = or(r.Cause, info.Means)
	r.Remedy = or(r.Remedy, info.Fix)
	r.Judged = or(r.Judged, JudgedNo)
	return nil
}

func (r *row) check(codes map[string]CodeInfo) error {
	for _, code := range append([]string{r.Code}, r.Also...) {
		if _, known := codes[code]; !known {
			return fmt.Errorf("unknown code %q", code)
		}
	}
	switch {
	case len(r.Samples) == 0:
		return errors.New("no sample")
	case r.Source == "":
		return errors.New("no source")
	case !slices.Contains(layers(), r.Layer):
		return fmt.Errorf("unknown layer %q", r.Layer)
	case !slices.Contains([]scope{"", inProvider, inReply, anywhere, atStage}, r.Scope):
		return fmt.Errorf("unknown scope %q", r.Scope)
	case !slices.Contains([]Judged{"", JudgedYes, JudgedNo, JudgedMaybe}, r.Judged):
		return fmt.Errorf("judged is %q, not yes, no or maybe", r.Judged)
	}
	for _, p := range r.Protocols {
		if !slices.Contains(settings.Protocols(), p) {
			return fmt.Errorf("unknown protocol %q", p)
		}
	}
	return errors.Join(checkRank(r.Severity, r.Blame), checkDate(r.From), checkDate(r.Until))
}

func layers() []string {
	return []string{LayerDNS, LayerTCP, LayerGreeting, LayerTLS, LayerIssuer, LayerStartTLS,
		LayerCapability, LayerAuth, LayerAccess, LayerPolicy, LayerService}
}

func defaultScope(provider string) scope {
	if provider == "any" {
		return inReply
	}
	return inProvider
}

func checkRank(s Severity, b Blame) error {
	if !slices.Contains([]Severity{"", Error, Warning, Info}, s) {
		return fmt.Errorf("unknown severity %q", s)
	}
	if !slices.Contains([]Blame{"", Provider, Catalogue, Account, LocalNetwork, LocalMachine, Tool}, b) {
		return fmt.Errorf("unknown blame %q", b)
	}
	return nil
}

func checkDate(day string) error {
	if day == "" {
		return nil
	}
	_, err := time.Parse(time.DateOnly, day)
	return err
}

// holds says whether the row is true at a time; the zero time passes.
func (r *row) holds(at time.Time) bool {
	if at.IsZero() {
		return true
	}
	day := at.UTC().Format(time.DateOnly)
	return (r.From == "" || day >= r.From) && (r.Until == "" || day < r.Until)
}

// readStrict decodes one YAML file; a key that into does not have is an error
// that names the line.
func readStrict(files fs.FS, name string, into any) ([]byte, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

// lineOf returns the line of item i of a list at the top of a YAML file, for
// error messages; 0 if it cannot be told.
func lineOf(data []byte, list string, i int) int {
	var doc yaml.Node
	if yaml.Unmarshal(data, &doc) != nil || len(doc.Content) == 0 {
		return 0
	}
	keys := doc.Content[0].Content
	for k := 0; k+1 < len(keys); k += 2 {
		if keys[k].Value == list && i < len(keys[k+1].Content) {
			return keys[k+1].Content[i].Line
		}
	}
	return 0
}

func pattern(expr string) (*regexp.Regexp, error) {
	if expr == "" {
		return nil, nil
	}
	return regexp.Compile("(?i)" + expr)
}

func emptyIs(s string) error {
	if strings.TrimSpace(s) == "" {
		return errors.New("it is empty")
	}
	return nil
}

// or returns a, or b where a is empty.
func or[T ~string](a, b T) T {
	if a == "" {
		return b
	}
	return a
}
