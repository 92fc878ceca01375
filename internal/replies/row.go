package replies

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"slices"
	"sync"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/lazyregexp"
	"mailprobe/internal/settings"
)

// A scope says how much a row wants to know before it may hold.
type scope string

const (
	inProvider scope = "provider" // the provider is known, and the text is a reply; the default of a provider's file
	inReply    scope = "reply"    // the text is a reply; the default of a file for any provider
	atStage    scope = "stage"    // the text is a reply, and known to be one of the row's own layer
	anywhere   scope = "anywhere" // the words alone are enough; the default of the layer token
)

// A row maps what a server or a mail program says to what it means.
type row struct {
	Pattern   string              `yaml:"pattern"` // RE2, case-insensitive, against a wording
	Scope     scope               `yaml:"scope"`
	Broad     bool                `yaml:"broad"` // its words say little: words that name a cause outweigh it
	Layer     string              `yaml:"layer"`
	Protocols []settings.Protocol `yaml:"protocols"` // empty: any
	Code      string              `yaml:"code"`
	Also      []string            `yaml:"also"`     // codes that the same words may stand for, likeliest first
	Severity  finding.Severity    `yaml:"severity"` // empty: the code's own
	Blame     finding.Blame       `yaml:"blame"`    // empty: the code's own
	Judged    finding.Judged      `yaml:"judged"`   // empty: maybe
	Cause     string              `yaml:"cause"`    // empty: the code's own
	Remedy    string              `yaml:"remedy"`   // empty: the code's own
	HelpURL   string              `yaml:"help_url"` // may hold {name}, as cause and remedy may: what the pattern's group of that name found
	Source    string              `yaml:"source"`
	Samples   []string            `yaml:"samples"`
	From      string              `yaml:"from"`  // YYYY-MM-DD: true from this day on
	Until     string              `yaml:"until"` // YYYY-MM-DD: true until the day before

	literals []string // lower case; one of them is in every text that matches; empty: not known
	compiled *lazyregexp.Regexp

	samplesRead sync.Once
	success     bool // once the samples are read; see ofSuccess

	common bool // of a file for any provider
}

// prepare fills in what a row of a file leaves out, and checks it.
func (r *row) prepare(provider string) error {
	tree, err := syntax.Parse("(?i)"+r.Pattern, syntax.Perl)
	switch {
	case err != nil:
		return fmt.Errorf("pattern %q: %w", r.Pattern, err)
	case r.Pattern == "":
		return errors.New("no pattern")
	}
	r.literals = required(tree)
	r.settle(provider)
	if err := r.check(tree.CapNames()); err != nil {
		return err
	}
	r.Scope = or(r.Scope, r.defaultScope(provider))
	r.Judged = or(r.Judged, finding.JudgedMaybe)
	return nil
}

// settle makes a row that was read one of a provider.
func (r *row) settle(provider string) {
	r.compiled = lazyregexp.Folding(r.Pattern)
	r.common = provider == "any"
}

// page is that of the row's code, with the row's own words where it has some.
func (r *row) page() finding.Page {
	page, _ := finding.PageOf(r.Code)
	page.Severity, page.Blame = or(r.Severity, page.Severity), or(r.Blame, page.Blame)
	page.Means, page.Fix = or(r.Cause, page.Means), or(r.Remedy, page.Fix)
	return page
}

// check takes the names of the pattern's groups beside the row.
func (r *row) check(groups []string) error {
	if err := knownCodes(r.Code, r.Also...); err != nil {
		return err
	}
	switch {
	case len(r.Samples) == 0:
		return errors.New("no sample")
	case r.Source == "":
		return errors.New("no source")
	case !slices.Contains(layers(), r.Layer):
		return fmt.Errorf("unknown layer %q", r.Layer)
	case !slices.Contains([]scope{"", inProvider, inReply, atStage, anywhere}, r.Scope):
		return fmt.Errorf("unknown scope %q", r.Scope)
	}
	for _, p := range r.Protocols {
		if !slices.Contains(settings.Protocols(), p) {
			return fmt.Errorf("unknown protocol %q", p)
		}
	}
	return errors.Join(r.Severity.Check(), r.Blame.Check(), checkJudged(r.Judged), checkDate(r.From), checkDate(r.Until), r.checkBlanks(groups))
}

// The layers of rows beside those at which callers ask.
const (
	layerDNS        = "dns"
	layerTCP        = "tcp"
	layerTLS        = "tls"
	layerStartTLS   = "starttls"
	layerCapability = "capability"
)

func layers() []string {
	return []string{layerDNS, layerTCP, LayerGreeting, layerTLS, layerStartTLS,
		layerCapability, LayerAuth, LayerToken, LayerAccess, LayerPolicy}
}

func (r *row) defaultScope(provider string) scope {
	switch {
	case r.Layer == LayerToken:
		return anywhere
	case provider == "any":
		return inReply
	}
	return inProvider
}

// knownCodes refuses codes that have no page.
func knownCodes(code string, others ...string) error {
	for _, c := range append([]string{code}, others...) {
		if _, known := finding.PageOf(c); !known {
			return fmt.Errorf("unknown code %q", c)
		}
	}
	return nil
}

// blank is a place in a text for what a named group of the pattern found.
var blank = lazyregexp.New(`\{([a-z]+)\}`)

func (r *row) checkBlanks(groups []string) error {
	for _, m := range blank.FindAllStringSubmatch(r.Cause+r.Remedy+r.HelpURL, -1) {
		if !slices.Contains(groups, m[1]) {
			return fmt.Errorf("%s: the pattern has no group of that name", m[0])
		}
	}
	return nil
}

func checkJudged(j finding.Judged) error {
	if !slices.Contains([]finding.Judged{"", finding.JudgedYes, finding.JudgedNo, finding.JudgedMaybe}, j) {
		return fmt.Errorf("judged is %q, not yes, no or maybe", j)
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

// or returns a, or b where a is empty.
func or[T ~string](a, b T) T {
	if a == "" {
		return b
	}
	return a
}
