package target

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"mailprobe/internal/discover"
	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/typo"
)

// Where the settings of a file come from.
const (
	fromISPDB settings.Origin = "ispdb-file" // an autoconfig document, as in Thunderbird's database
	fromFile  settings.Origin = "file"       // another document
)

// FromFile reports whether settings come from a file.
func FromFile(o settings.Origin) bool { return o == fromISPDB || o == fromFile }

// IsPath reports whether a text names a file or a folder: it holds a slash, or
// ends as files of settings do. A domain may end in .md as well; that is a
// file only if there is one.
func IsPath(text string) bool {
	if strings.Contains(text, "://") || strings.Contains(text, "@") {
		return false
	}
	switch strings.ToLower(filepath.Ext(text)) {
	case ".xml", ".mobileconfig", ".json", ".yaml", ".yml":
		return true
	case ".md":
		info, err := os.Stat(text)
		return err == nil && info.Mode().IsRegular()
	}
	return strings.ContainsAny(text, `/\`)
}

// OfPath returns a target for each document of a file or a folder. The error
// says what cannot be read. Placeholders in host names are filled in for a
// domain; if that is empty, for one that the document names.
func OfPath(path, domain string) ([]Target, error) {
	files, err := published.Files(filepath.Clean(path))
	if err != nil {
		return nil, WithNeighbour(path, err)
	}
	var all []Target
	for _, f := range files {
		all = append(all, ofFile(f, domain))
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("there is no document of mail settings in %s", safe.Display(path))
	}
	return all, nil
}

// ofFile is what one document offers, each server once, and what is wrong with
// the document.
func ofFile(f published.File, domain string) Target {
	t := Target{Text: f.Path, Domains: f.Domains, Document: &f.Document}
	origin := fromFile
	if f.Format == published.Autoconfig {
		origin = fromISPDB
	}
	for _, o := range f.Offers {
		at := o.Endpoint(cmp.Or(domain, example(f.Domains)))
		if strings.Contains(at.Host, "%") || slices.ContainsFunc(t.Settings, func(s settings.Setting) bool { return s.Endpoint == at }) {
			continue
		}
		s := settings.Setting{Endpoint: at, Origin: origin, Role: settings.Documented, Username: o.Username, Source: settings.Source{Title: f.Path, Publisher: f.Name}}
		if s.Username == "" {
			s.Username = settings.FullAddress
		}
		for _, way := range o.SignIn {
			s.SignIn = append(s.SignIn, settings.SignIn{Way: way, Status: settings.DocumentedWay, Source: s.Source})
		}
		t.Settings = append(t.Settings, s)
	}
	for _, x := range f.Findings {
		if x.Severity == finding.Error {
			t.Beside = append(t.Beside, x.Finding)
		}
	}
	return t
}

// Source is where mail programs would have a file's settings from.
func (t Target) Source() discover.Source {
	switch t.Document.Format {
	case published.Autoconfig:
		return discover.Source(fromISPDB)
	case published.MobileConfig:
		return "mobileconfig"
	}
	return discover.Source(fromFile)
}

// Example is a domain whose accounts a document is for; empty: it names none.
func (t Target) Example() string { return example(t.Domains) }

// example is a domain of a document, by which placeholders in host names are
// filled in; empty: it names none.
func example(domains []string) string {
	for _, d := range domains {
		if d != "" && !strings.Contains(d, "%") {
			return d
		}
	}
	return ""
}

// forAccount says whether a document is for an account: it names its domain,
// or none at all, as a profile does.
func (t Target) forAccount(address, domain string) error {
	if slices.ContainsFunc(t.Domains, func(d string) bool { return strings.EqualFold(d, domain) || strings.Contains(d, "%") }) || len(t.Domains) == 0 {
		return nil
	}
	return &StrangerError{Address: address, Why: fmt.Sprintf("%s is not for accounts of %s", safe.Display(t.Text), safe.Clip(domain, 100))}
}

// likeURL returns the URL of a server that a path was probably to be, such as
// imaps:/host; empty: none.
func likeURL(path string) string {
	scheme, host, _ := strings.Cut(path, "/")
	url := strings.TrimSuffix(scheme, ":") + "://" + strings.TrimLeft(host, "/")
	if _, err := settings.ParseURL(url); err != nil {
		return ""
	}
	return url
}

// maxNeighbours is how many names of a folder are looked at for one that was
// meant.
const maxNeighbours = 10000

// WithNeighbour adds to an error about a path that is not there the one beside
// it that was probably meant. Other errors stay as they are.
func WithNeighbour(path string, err error) error {
	if url := likeURL(path); url != "" {
		return fmt.Errorf("%w (did you mean %s?)", err, safe.Display(url))
	}
	folder, name := filepath.Split(filepath.Clean(path))
	if _, missing := os.Lstat(path); !errors.Is(missing, fs.ErrNotExist) {
		return err
	}
	f, none := os.Open(filepath.Clean(folder))
	if none != nil {
		return err
	}
	defer f.Close()
	names, _ := f.Readdirnames(maxNeighbours)
	slices.Sort(names)
	best, least := "", 3
	for _, n := range names {
		if d := typo.Distance(name, n); d < least && 2*d < len(n) {
			best, least = n, d
		}
	}
	if best == "" {
		return err
	}
	if best = folder + best; !IsPath(best) {
		best = "./" + best
	}
	return fmt.Errorf("%w (did you mean %s?)", err, safe.Display(best))
}
