package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"mailprobe/internal/safe"
	"mailprobe/internal/suite"
	"mailprobe/internal/target"
)

// tellOver warns of what is known as a failure until a day that is over.
func (a *app) tellOver(s *suite.Suite, c suite.Case) {
	for i, k := range c.Known {
		if time.Now().After(k.Until) {
			fmt.Fprintln(a.stderr, "mailprobe: warning: "+inCase(s, c, fmt.Sprintf("known_failures.%d.until", i),
				fmt.Errorf("%s was known until %s, which is over: it counts again", k.Code, k.Until.Format(time.DateOnly))).Error())
		}
	}
}

func cases(n int) string {
	if n == 1 {
		return "1 case"
	}
	return fmt.Sprintf("%d cases", n)
}

// printSuite prints what would be verified.
func (a *app) printSuite(ctx context.Context, f *suiteFlags, s *suite.Suite) error {
	changed, err := f.changedFiles(ctx)
	if err != nil {
		return err
	}
	printed := 0
	for _, c := range s.Cases {
		targets, err := a.planned(ctx, s, c)
		if err != nil {
			return err
		}
		if changed != nil {
			if targets = changed.of(c, targets); len(targets) == 0 {
				continue
			}
		}
		printed++
		fmt.Fprintf(a.stdout, "%s:%d  %s\n", safe.Display(s.File), c.Line, safe.Display(c.Title()))
		for _, line := range planLines(c, targets...) {
			fmt.Fprintln(a.stdout, "    "+line)
		}
		fmt.Fprintln(a.stdout, "    expected: "+safe.Display(strings.Join(c.Words(), "; ")))
	}
	if printed == 0 {
		f.tellNoneChanged(a.stderr)
	}
	return nil
}

// of returns those targets of a case that are files that changed.
func (c changes) of(one suite.Case, targets []target.Target) (left []target.Target) {
	for _, t := range targets {
		if target.IsPath(one.Target) && c[filepath.Clean(t.Text)] {
			left = append(left, t)
		}
	}
	return left
}

// planLines lists the servers of targets, and who signs in there.
func planLines(c suite.Case, targets ...target.Target) []string {
	var lines []string
	if len(targets) == 0 {
		lines = append(lines, "a domain of no known provider: it is asked what it publishes")
	}
	for _, t := range targets {
		for _, e := range t.Settings {
			lines = append(lines, safe.Display(e.Endpoint.String()))
		}
	}
	if who := cmp.Or(c.User, c.Username); who != "" {
		lines = append(lines, "signs in as "+safe.Display(who)+secretWords(c.Secret))
	}
	return lines
}

// secretWords says where a secret comes from.
func secretWords(s suite.Secret) string {
	switch {
	case s.Source == "":
		return ", with what 'mailprobe login' has stored"
	case s.Value == "":
		return " (" + s.Source + ")"
	}
	return " (" + s.Source + " " + safe.Display(s.Value) + ")"
}
