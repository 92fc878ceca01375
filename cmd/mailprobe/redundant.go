package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"mailprobe/internal/compare"
	"mailprobe/internal/discover"
	"mailprobe/internal/document"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
	"mailprobe/internal/target"
)

// redundant says of files of settings whether their domains publish the same
// themselves. It dials no mail server.
func (a *app) redundant(ctx context.Context, f *runFlags, args []string) error {
	outputs, err := outputsOf(f.output, f.json, discoverFormat)
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	if f.user != "" || f.username != "" {
		return errors.New("--redundant signs in nowhere; leave the user out")
	}
	like, err := f.plan()
	if err != nil {
		return err
	}
	o, err := f.asker(a, f.published, like.Options.TLS)
	if err != nil {
		return err
	}
	var files []target.Target
	for _, path := range args {
		if !target.IsPath(path) {
			return fmt.Errorf("--redundant is for files of settings, and %s is none; name a file or a folder, such as ispdb/", safe.Display(path))
		}
		list, err := a.files(f, path, nil)
		if err == nil {
			list, err = f.changedOf(ctx, a, list)
		}
		if err != nil {
			return err
		}
		files = append(files, list...)
	}
	f.start()
	limited, cancel := f.within(ctx)
	defer cancel()
	return a.tellRedundant(ctx, f, outputs, repeats(limited, o, files))
}

// repeats asks the domains of files side by side.
func repeats(ctx context.Context, o discover.Options, files []target.Target) document.Redundancy {
	all := document.Redundancy{Schema: document.Schema, Mailprobe: document.Text(version()), Files: make([]document.RedundantFile, len(files))}
	var wait sync.WaitGroup
	turn := make(chan struct{}, sideBySide)
	for i, t := range files {
		wait.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			all.Files[i] = repeat(ctx, o, t)
		})
	}
	wait.Wait()
	return all
}

// repeat asks the domains of a file, no further than the first that does not
// publish the same.
func repeat(ctx context.Context, o discover.Options, t target.Target) document.RedundantFile {
	domains := slices.DeleteFunc(slices.Clone(t.Domains), func(d string) bool { return d == "" || strings.Contains(d, "%") })
	var list []compare.Repeat
	if len(t.Document.Offers) == 0 {
		return document.RedundantOf(t.Text, len(domains), nil) // nobody repeats nothing
	}
	for _, domain := range domains {
		given, err := o.Own(ctx, domain)
		if err != nil {
			continue // no domain publishes anything under such a name
		}
		r := compare.Repeats(t.Document, domain, given)
		if list = append(list, r); r.State != compare.Same {
			break
		}
	}
	return document.RedundantOf(t.Text, len(domains), list)
}

func (a *app) tellRedundant(ctx context.Context, f *runFlags, outputs []output, r document.Redundancy) error {
	width, terminal := terminalWidth(a.stdout)
	for _, out := range outputs {
		o := report.Options{Width: width, Verbose: f.verbose, Color: out.file == "" && terminal && !f.noColor && os.Getenv("NO_COLOR") == ""}
		err := out.write(a.stdout, func(w io.Writer) error {
			if out.name == "json" {
				return report.RedundancyJSON(w, r)
			}
			return report.RedundancyText(w, r, o)
		})
		if err != nil {
			return err
		}
	}
	switch {
	case ctx.Err() != nil:
		return &statusError{status: exitInterrupted}
	case slices.ContainsFunc(r.Files, func(f document.RedundantFile) bool { return f.Redundant == "" }):
		return &statusError{status: exitUnknown}
	}
	return nil
}
