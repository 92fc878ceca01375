package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"mailprobe/internal/clients"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
)

// check finds mistakes before anything is asked, and returns the domains in the
// form in which they are written.
func (f *showFlags) check() (domains []string, err error) {
	if err := f.run.check(); err != nil {
		return nil, err
	}
	if f.program != "" {
		guide := clients.Called(f.program)
		if guide == nil {
			return nil, noGuide(f.program)
		}
		f.program = guide.ID
	}
	for _, text := range f.domains {
		domain, err := settings.Host(text)
		if _, number := netip.ParseAddr(domain); err != nil || number == nil || !strings.Contains(domain, ".") {
			return nil, fmt.Errorf("--domain %s: write the part of the addresses that stands behind the @, such as example.com", safe.Display(text))
		}
		if !slices.Contains(domains, domain) {
			domains = append(domains, domain)
		}
	}
	return domains, nil
}

// noGuide is the error about a program for which there are no instructions.
func noGuide(program string) error {
	return fmt.Errorf("--for %s: there are no instructions for it%s; there are for %s", safe.Display(program), perhaps(program, programs()), strings.Join(programs(), ", "))
}

// shown understands the arguments: one target, or several servers of one.
func (a *app) shown(ctx context.Context, r target.Resolver, f *showFlags, args []string) (target.Target, error) {
	var all []target.Target
	for _, text := range args {
		list, err := understood(ctx, r, f, text)
		if err != nil {
			return target.Target{}, err
		}
		all = append(all, list...)
	}
	if all = target.Join(all); len(all) > 1 {
		return target.Target{}, fmt.Errorf("these are %d targets, and one can be shown: a provider, a domain, a file, or the servers of one account", len(all))
	}
	t := all[0]
	for _, note := range t.Notes {
		fmt.Fprintln(a.stderr, "mailprobe: "+note)
	}
	if len(f.run.only) > 0 {
		return t.Only(protocolsOf(f.run.only)...)
	}
	return t, nil
}

// hint is a domain for which host names with placeholders are meant; empty: the
// user names none.
func (f *showFlags) hint() string {
	if len(f.domains) > 0 {
		return f.domains[0]
	}
	_, domain, _ := target.Cut(f.run.user)
	return domain
}

func protocolsOf(names []string) (list []settings.Protocol) {
	for _, name := range names {
		list = append(list, settings.Protocol(name))
	}
	return list
}

// understood reads one argument.
func understood(ctx context.Context, r target.Resolver, f *showFlags, text string) ([]target.Target, error) {
	if target.IsPath(text) {
		files, err := target.OfPath(text, f.hint())
		if err == nil && len(files) > 1 {
			err = fmt.Errorf("%s holds %d documents; name one of them", safe.Display(text), len(files))
		}
		return files, err
	}
	limited, cancel := f.run.within(ctx)
	defer cancel()
	t, err := r.Resolve(limited, text)
	if err != nil && f.run.late(ctx) {
		return nil, &statusError{exitUnknown, fmt.Errorf("the time for the whole run (%s) was over before it was known which servers %s has; repeat with a longer --timeout", f.run.timeout, safe.Display(text))}
	}
	if unknown, ok := errors.AsType[*target.UnknownError](err); ok && unknown.Asked {
		err = &statusError{exitUnknown, err}
	}
	return []target.Target{t}, err
}

// suits finds what speaks against the outputs before a server is dialled.
func (s subject) suits(outputs []output) error {
	for _, out := range outputs {
		beside := func(o output) bool { return out.name == "pacc" && out.file != "" && o.file == out.file+".txt" }
		switch {
		case s.Guessed && out.name != "text" && !s.verified:
			return fmt.Errorf("%s publishes no settings, and these servers are guessed by their names; add --verified to write those that work", safe.Display(s.Domain))
		case s.program != "" && out.name != "text":
			return fmt.Errorf("--for writes text alone; leave -o %s out", out.name)
		case out.name == "text" && s.program == "" && s.Provider == nil && s.Domain == "" && !target.IsPath(s.Text):
			return fmt.Errorf("%s is a server, not a provider; there is nothing documented to show; -o writes its settings (%s)", s.Text, strings.Join(showFormats()[1:], ", "))
		case slices.ContainsFunc(outputs, beside):
			return fmt.Errorf("pacc writes its record to %s.txt, which another format would be written to", out.file)
		}
	}
	return nil
}
