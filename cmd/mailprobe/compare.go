package main

import (
	"context"
	"slices"
	"time"

	"mailprobe/internal/compare"
	"mailprobe/internal/discover"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
)

// subject is what is to be compared of a target; nil: nothing is.
func (f *runFlags) subject(t target.Target) *compare.Subject {
	switch {
	case !f.published.compare:
		return nil
	case t.Found != nil:
		return compare.OfDomain(t.Found)
	case t.Document != nil:
		return compare.OfFile(t.Text, t.Example(), t.Source(), t.Document)
	}
	return nil
}

// also are the servers that mail programs would connect to beside the settings
// of a target, of the protocols that are asked for.
func (f *runFlags) also(s *compare.Subject, t target.Target) []settings.Endpoint {
	if s == nil {
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
