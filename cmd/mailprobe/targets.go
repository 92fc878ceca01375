package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
)

// targets reads the arguments and tells how they are understood.
func (a *app) targets(ctx context.Context, r target.Resolver, f *runFlags, args []string) ([]target.Target, error) {
	var protocols []settings.Protocol
	for _, p := range f.only {
		protocols = append(protocols, settings.Protocol(p))
	}
	limited, cancel := f.within(ctx)
	defer cancel()
	var all []target.Target
	for _, text := range args {
		if target.IsPath(text) {
			files, err := a.files(f, text, protocols)
			if err != nil {
				return nil, err
			}
			if files, err = f.changedOf(ctx, a, files); err != nil {
				return nil, err
			}
			all = append(all, r.Held(files)...)
			continue
		}
		t, err := r.Resolve(limited, text)
		if err != nil && f.late(ctx) {
			return nil, &statusError{exitUnknown, fmt.Errorf("the time for the whole run (%s) was over before it was known which servers %s has; "+
				"repeat with a longer --timeout", f.timeout, safe.Display(text))}
		}
		if unknown, ok := errors.AsType[*target.UnknownError](err); ok && unknown.Asked {
			err = &statusError{exitUnknown, err}
		}
		if err != nil {
			return nil, err
		}
		for _, note := range t.Notes {
			fmt.Fprintln(a.stderr, "mailprobe: "+note)
		}
		if t, err = t.Only(protocols...); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// expected returns the provider that a domain should be at; nil: any.
func (f *runFlags) expected(a *app) (*settings.Provider, error) {
	if f.published.expect == "" {
		return nil, nil
	}
	p, ok := a.providers.Lookup(f.published.expect)
	if !ok {
		return nil, fmt.Errorf("--expect: %w", target.Unknown(a.providers, f.published.expect))
	}
	return p, nil
}

// files reads the settings in a file, or in all files of a folder. An account
// belongs to one file: a whole collection is shown no secret.
func (a *app) files(f *runFlags, path string, only []settings.Protocol) ([]target.Target, error) {
	files, err := target.OfPath(path, "")
	if err != nil {
		return nil, err
	}
	if len(files) > 1 && (f.user != "" || f.username != "") {
		return nil, fmt.Errorf("%s holds %d documents, and an account belongs to one of them: name that file, or leave --user out", safe.Display(path), len(files))
	}
	var all []target.Target
	for _, t := range files {
		had := len(t.Settings)
		t.Settings = slices.DeleteFunc(t.Settings, func(s settings.Setting) bool { return len(only) > 0 && !slices.Contains(only, s.Protocol) })
		if had == 0 || len(t.Settings) > 0 {
			all = append(all, t)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s offers no server for %s", safe.Display(path), strings.Join(f.only, ", "))
	}
	return all, nil
}
