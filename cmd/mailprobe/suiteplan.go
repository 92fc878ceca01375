package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/suite"
	"mailprobe/internal/target"
)

// planned returns what would be verified for a case, as far as that is known
// without a network; nothing: a domain would be asked what it publishes. An
// error names file, line and column.
func (a *app) planned(ctx context.Context, s *suite.Suite, c suite.Case) ([]target.Target, error) {
	flags := caseFlags(runFlags{}, c)
	if err := flags.checkUser(); err != nil {
		key := "user"
		if c.User == "" {
			key = "username"
		}
		return nil, inCase(s, c, key, asKeys(err))
	}
	if err := flags.checkMechanism(); err != nil {
		return nil, inCase(s, c, "auth", err)
	}
	var only []settings.Protocol
	for _, p := range c.Only {
		only = append(only, settings.Protocol(p))
	}
	if target.IsPath(c.Target) {
		files, err := a.files(&flags, c.Target, only)
		if err != nil {
			return nil, inCase(s, c, "target", asKeys(err))
		}
		return files, nil
	}
	t, err := a.target(ctx, c.Target)
	if _, unknown := errors.AsType[*target.UnknownError](err); unknown && strings.Contains(c.Target, ".") && !strings.Contains(c.Target, ":") {
		return nil, nil
	}
	if err != nil {
		return nil, inCase(s, c, "target", err)
	}
	if t, err = t.Only(only...); err != nil {
		return nil, inCase(s, c, "only", err)
	}
	return []target.Target{t}, nil
}

// keys are the keys of a suite in the place of the flags that an error names.
var keys = strings.NewReplacer("--username", "username:", "--user", "user:", "--yes", "own_account: true",
	"--password-file", suite.PasswordFile, "--password-command", suite.PasswordCommand, "--token-file", suite.TokenFile, "--token-command", suite.TokenCommand,
	"--netrc-file", suite.NetrcFile, "--keyring", suite.Keyring, "--oauth", suite.Stored)

// asKeys says an error about flags in the words of a suite.
func asKeys(err error) error { return errors.New(keys.Replace(err.Error())) }

// checkSuite says that a suite is right, or what is wrong with its targets.
func (a *app) checkSuite(ctx context.Context, f *suiteFlags, s *suite.Suite) error {
	changed, err := f.changedFiles(ctx)
	if err != nil {
		return err
	}
	var wrong []error
	left := 0
	for _, c := range s.Cases {
		targets, err := a.planned(ctx, s, c)
		wrong = append(wrong, err, absent(s, c, targets))
		left += len(changed.of(c, targets))
		if err == nil && targets == nil {
			a.tellNear(ctx, s, c)
		}
		a.tellOver(s, c)
	}
	if err := errors.Join(wrong...); err != nil {
		return err
	}
	text := fmt.Sprintf("%s: %s, all understood", safe.Display(s.File), cases(len(s.Cases)))
	if changed != nil {
		text += fmt.Sprintf("; files of settings that changed since %s: %d", safe.Display(f.onlyChanged), left)
	}
	_, err = fmt.Fprintln(a.stdout, text)
	return err
}

// absent says which endpoints a case names that its targets do not have, where
// that is known without a network.
func absent(s *suite.Suite, c suite.Case, targets []target.Target) error {
	var all []settings.Endpoint
	for _, t := range targets {
		for _, e := range t.Settings {
			all = append(all, e.Endpoint)
		}
	}
	if len(all) == 0 {
		return nil
	}
	var wrong []error
	look := func(key string, of suite.Selector) {
		if !slices.ContainsFunc(all, of.Names) {
			wrong = append(wrong, inCase(s, c, key, fmt.Errorf("%s has no endpoint %s; it has %s", safe.Display(c.Target), safe.Display(of.Text), endpointWords(all))))
		}
	}
	for i, e := range c.Endpoints {
		look(fmt.Sprintf("endpoints.%d.endpoint", i), e.Selector)
	}
	for i, k := range c.Known {
		look(fmt.Sprintf("known_failures.%d.endpoint", i), k.Selector)
	}
	return errors.Join(wrong...)
}

// maxEndpointWords is how many endpoints are listed where one was not found.
const maxEndpointWords = 8

func endpointWords(all []settings.Endpoint) string {
	var words []string
	for _, e := range all[:min(len(all), maxEndpointWords)] {
		words = append(words, safe.Display(e.String()))
	}
	if more := len(all) - len(words); more > 0 {
		words = append(words, fmt.Sprintf("%d more", more))
	}
	return strings.Join(words, ", ")
}

// tellNear warns of a domain of no known provider whose name is near to one of
// those that are known. It may be right all the same: a run asks it.
func (a *app) tellNear(ctx context.Context, s *suite.Suite, c suite.Case) {
	_, err := a.target(ctx, c.Target)
	if unknown, ok := errors.AsType[*target.UnknownError](err); ok && (len(unknown.Near) > 0 || unknown.Here) {
		fmt.Fprintln(a.stderr, "mailprobe: warning: "+inCase(s, c, "target", err).Error())
	}
}
