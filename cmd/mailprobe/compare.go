package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"mailprobe/internal/bounded"
	"mailprobe/internal/compare"
	"mailprobe/internal/discover"
	"mailprobe/internal/patch"
	"mailprobe/internal/published"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
)

// subject is what is to be compared of a target; nil: nothing is.
func (f *runFlags) subject(t target.Target) *compare.Subject {
	switch {
	case !f.published.compare && !f.published.patch:
		return nil
	case t.Found != nil:
		return compare.OfDomain(t.Found)
	case t.Document != nil:
		return compare.OfFile(t.Text, t.Example(), t.Source(), t.Document)
	}
	return nil
}

// patchFormat is the format in which files are said to be changed.
const patchFormat = "patch"

// writes reports whether a job writes a format anywhere.
func (j job) writes(format string) bool {
	return slices.ContainsFunc(j.outputs, func(o output) bool { return o.name == format })
}

func ofFiles(targets []target.Target) bool {
	return len(targets) == 0 || slices.ContainsFunc(targets, func(t target.Target) bool { return t.Document != nil })
}

// patchOf is a patch of a file of settings where another server was seen to work
// in the place of one; empty: there is none. The file is read again: if it is
// another by now, nothing fits.
func patchOf(path string, c *compare.Comparison) []byte {
	var fixes []patch.Fix
	for _, x := range c.Changes {
		if x.Fix != nil && x.Who == compare.File {
			fixes = append(fixes, patch.Fix{Offer: x.Fix.Offer, From: x.Fix.At, To: x.Fix.To})
		}
	}
	if len(fixes) == 0 {
		return nil
	}
	source, err := bounded.File{Name: path, Limit: published.MaxPlist}.Read()
	if err != nil {
		return nil
	}
	diff, _ := patch.Of(fromHere(path), source, fixes)
	return diff
}

// fromHere names a file from this folder, where it is below it.
func fromHere(path string) string {
	here, err := filepath.Abs(".")
	if err != nil || !filepath.IsAbs(path) {
		return path
	}
	if short, err := filepath.Rel(here, path); err == nil && filepath.IsLocal(short) {
		return short
	}
	return path
}

// changedOf leaves the files that are not as in the commit that is named.
func (f *runFlags) changedOf(ctx context.Context, a *app, files []target.Target) ([]target.Target, error) {
	if f.published.since == "" {
		return files, nil
	}
	changed, err := changedSince(ctx, f.published.since)
	if err != nil {
		return nil, err
	}
	files = slices.DeleteFunc(files, func(t target.Target) bool { return !changed[filepath.Clean(fromHere(t.Text))] })
	if len(files) == 0 {
		fmt.Fprintf(a.stderr, "mailprobe: no file of settings changed since %s; nothing was verified\n", safe.Display(f.published.since))
	}
	return files, nil
}

// also are the servers that mail programs would connect to beside the settings
// of a target, of the protocols that are asked for.
func (f *runFlags) also(s *compare.Subject, t target.Target) []settings.Endpoint {
	if s == nil || !f.published.compare {
		return nil
	}
	return slices.DeleteFunc(s.Wanted(t.Settings), func(e settings.Endpoint) bool {
		return len(f.only) > 0 && !slices.Contains(f.only, string(e.Protocol))
	})
}

// pinned asks what DNS says of the certificates of a domain's servers, where the
// card is wanted.
func (f *runFlags) pinned(ctx context.Context, by target.Discoverer, list []settings.Setting) []discover.Pinned {
	o, ok := by.(discover.Options)
	if !f.published.card || !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var servers []settings.Endpoint
	for _, s := range list {
		servers = append(servers, s.Endpoint)
	}
	return o.Pinned(ctx, servers)
}
