// Package target turns what a user types into what is to be verified: an
// endpoint URL, a provider's id or alias, a domain, or a mail address.
package target

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"mailprobe/internal/catalog"
	"mailprobe/internal/discover"
	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// A Target is what one text asks to verify.
type Target struct {
	Text     string              // as typed
	User     string              // the mail address, if the text is one; empty: it is none
	Provider *settings.Provider  // nil: the text names a server
	Settings []settings.Setting  // what is to be verified; none: the provider offers nothing to mail programs
	Domain   string              // whose own sources name the settings; empty: nobody's
	Domains  []string            // for whose accounts a document is, by its own words; none: it does not say, or the target is no file
	Doubtful []string            // hosts that nothing shows to be the domain's own choice: guessed, or named by unsigned DNS alone
	Guessed  bool                // nobody publishes the settings: no secret goes there
	Found    *discover.Result    // what the domain publishes; nil: it was not asked
	Document *published.Document // of a file, as it was read; nil: the target is none
	Beside   []finding.Finding   // what is found already, before anything is verified
	Notes    []string            // for people, escaped: how the text was understood, where that does not go without saying
}

// A Resolver finds out what a text means.
type Resolver struct {
	Catalogue *catalog.Catalog
	MX        MXAsker            // nil: DNS is not asked
	Domains   Discoverer         // nil: a domain is not asked what it publishes
	Expect    *settings.Provider // whose settings a domain should publish; nil: anybody's
	Published bool               // a domain is asked what it publishes, also one that the catalogue knows
}

// A Discoverer asks a domain, or an address's, what it publishes.
type Discoverer interface {
	Ask(ctx context.Context, target string) (*discover.Result, error)
}

// An MXAsker asks DNS where a domain receives its mail.
type MXAsker interface {
	// MX returns the hosts of the best preference, and at least one if err is nil.
	MX(ctx context.Context, domain string) ([]string, error)
}

// A reading is one way to understand a text; nil without an error: it is not
// meant in this way.
type reading func(ctx context.Context, text string) (*Target, error)

// Resolve takes the first reading that fits. It dials no mail server; DNS
// and a domain's web servers are asked only for a domain that the catalogue
// does not know. An error is an
// *AddressError, an *UnknownError, or says what is wrong with a URL.
func (r Resolver) Resolve(ctx context.Context, text string) (Target, error) {
	known := []reading{r.known, r.server, r.publishes, r.hosted}
	if r.Published {
		known = []reading{r.publishes}
	}
	for _, read := range append([]reading{r.url, r.address}, known...) {
		if t, err := read(ctx, text); t != nil || err != nil {
			return r.held(t.as(text)), lookedHere(err)
		}
	}
	return Target{}, lookedHere(Unknown(r.Catalogue, text))
}

// lookedHere adds to an *UnknownError whether a file or folder has the name.
func lookedHere(err error) error {
	if unknown, ok := errors.AsType[*UnknownError](err); ok {
		_, none := os.Stat(unknown.Text)
		unknown.Here = none == nil && filepath.IsLocal(unknown.Text)
	}
	return err
}

// as notes what was typed, and who by that is to sign in.
func (t *Target) as(text string) Target {
	if t == nil {
		return Target{}
	}
	t.Text = text
	if _, _, ok := Cut(text); ok && (t.Provider != nil || t.Domain != "") {
		t.User = text
	}
	return *t
}

func (r Resolver) url(_ context.Context, text string) (*Target, error) {
	if !strings.Contains(text, "://") {
		return nil, nil
	}
	e, err := settings.ParseURL(text)
	if err != nil {
		return nil, err
	}
	return &Target{Settings: []settings.Setting{OfURL(e)}}, nil
}

// OfURL returns the setting that an endpoint URL stands for.
func OfURL(e settings.Endpoint) settings.Setting {
	return settings.Setting{Endpoint: e, Origin: settings.FromURL, Role: settings.Documented, Username: settings.FullAddress}
}

// address refuses what is half an address, or more than one; a whole one is
// its domain's.
func (r Resolver) address(_ context.Context, text string) (*Target, error) {
	if bare := Bare(text); bare != text {
		return nil, &AddressError{text}
	}
	if local, domain, ok := Cut(text); ok && (local == "" || domain == "" || strings.Contains(local, "@") && !strings.HasPrefix(local, `"`)) {
		return nil, &AddressError{text}
	}
	return nil, nil
}

// Only returns the target with the settings of some protocols; none means all.
// An error is a *NothingOfferedError or a *NothingLeftError: there is nothing
// to verify.
func (t Target) Only(protocols ...settings.Protocol) (Target, error) {
	if len(t.Settings) == 0 {
		return t, &NothingOfferedError{t.Provider}
	}
	if len(protocols) == 0 {
		return t, nil
	}
	t.Settings = slices.DeleteFunc(slices.Clone(t.Settings), func(s settings.Setting) bool { return !slices.Contains(protocols, s.Protocol) })
	if len(t.Settings) == 0 {
		return t, &NothingLeftError{t, protocols}
	}
	return t, nil
}

// Join makes one target of those that name single servers: together they may be
// the settings of one account. It stands where the first of them stood, and
// names each server once. All others are left as they are.
func Join(targets []Target) []Target {
	var all []Target
	at := -1
	for _, t := range targets {
		switch {
		case t.Provider != nil || t.Domain != "":
			all = append(all, t)
		case at < 0:
			at = len(all)
			t.Settings = slices.Clone(t.Settings)
			all = append(all, t)
		default:
			all[at].join(t)
		}
	}
	return all
}

func (t *Target) join(other Target) {
	for _, s := range other.Settings {
		if slices.ContainsFunc(t.Settings, func(x settings.Setting) bool { return x.Endpoint == s.Endpoint }) {
			continue
		}
		t.Settings = append(t.Settings, s)
		t.Text += " " + other.Text
	}
	t.Notes = append(t.Notes, other.Notes...)
}

// Host returns the host of the first setting; empty: there is none.
func (t Target) Host() string {
	if len(t.Settings) == 0 {
		return ""
	}
	return t.Settings[0].Host
}
