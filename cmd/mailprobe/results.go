package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/results"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
	"mailprobe/internal/verify"
)

// resultFlags say what is kept from one run to the next.
type resultFlags struct {
	file    string
	changed bool
	maxAge  days

	book, next *results.Book   // what the file held, and what it will hold; nil: there is none
	over       *document.Tally // what was verified, reported or not; nil: there is no file
}

func (f *resultFlags) register(set *pflag.FlagSet) {
	set.StringVar(&f.file, "results", "", "keep in this `FILE` what became of each server, when, from where and by which version")
	set.BoolVar(&f.changed, "changed", false, "report only what differs from the file of --results")
	set.Var(&f.maxAge, "max-age", "leave out servers that worked within this `TIME` by the file of --results, such as 7d")
}

// open reads the file of earlier results.
func (f *resultFlags) open() (err error) {
	switch {
	case f.file == "" && (f.changed || f.maxAge > 0):
		return errors.New("--changed and --max-age need earlier results; add --results FILE")
	case f.file == "":
		return nil
	}
	f.over = new(document.Tally)
	if f.book, err = results.Read(f.file); err == nil {
		f.next, err = results.Read(f.file)
	}
	return err
}

// leaveOut takes those servers from the targets that worked not long ago, and
// targets of which nothing is left.
func (f *resultFlags) leaveOut(targets []target.Target, stderr io.Writer) []target.Target {
	if f.book == nil || f.maxAge == 0 {
		return targets
	}
	var left []target.Target
	out := map[settings.Endpoint]bool{}
	for _, t := range targets {
		before := len(t.Settings)
		t.Settings = slices.DeleteFunc(slices.Clone(t.Settings), func(s settings.Setting) bool {
			fresh := f.book.Fresh(s.Endpoint, time.Now(), time.Duration(f.maxAge))
			out[s.Endpoint] = out[s.Endpoint] || fresh
			return fresh
		})
		if len(t.Settings) > 0 || before == 0 {
			left = append(left, t)
		}
	}
	skipped := 0
	for _, fresh := range out {
		if fresh {
			skipped++
		}
	}
	if skipped > 0 {
		f.over.AddWorking()
		fmt.Fprintf(stderr, "mailprobe: left out, because they worked within %s: %d of %d servers (%s)\n", f.maxAge.words(), skipped, len(out), f.file)
	}
	return left
}

// see counts a document for what is said of all together.
func (f *resultFlags) see(d *document.Document) {
	if f.over != nil {
		f.over.Add(d)
	}
}

// tell says where nothing was reported, because nothing changed.
func (f *resultFlags) tell(reported int, stderr io.Writer) {
	if f.changed && reported == 0 && f.over.Reports() > 0 {
		fmt.Fprintf(stderr, "mailprobe: nothing differs from the earlier results (%s)\n", f.file)
	}
}

// keep notes what a report shows, and returns what of it is to be reported;
// nil: nothing.
func (f *resultFlags) keep(r *verify.Report) *verify.Report {
	if f.book == nil {
		return r
	}
	changed := map[settings.Endpoint]bool{}
	for _, e := range r.Endpoints {
		now := entryOf(r, e)
		changed[e.Endpoint] = f.book.Differs(now)
		if !r.Interrupted {
			f.next.Note(now)
		}
	}
	if !f.changed {
		return r
	}
	r = r.Only(func(e verify.Endpoint) bool { return changed[e.Endpoint] })
	if len(r.Endpoints) == 0 {
		return nil
	}
	return r
}

func entryOf(r *verify.Report, e verify.Endpoint) results.Entry {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	entry := results.Entry{
		Protocol: e.Protocol, Host: e.Host, Port: e.Port, Security: e.Security, Verdict: string(e.Verdict), Codes: []string{},
		Verified: r.Started.UTC().Truncate(time.Second), From: host, Mailprobe: version(),
	}
	for _, x := range e.Findings {
		if x.Severity != finding.Info && !slices.Contains(entry.Codes, x.Code) {
			entry.Codes = append(entry.Codes, x.Code)
		}
	}
	slices.Sort(entry.Codes)
	return entry
}

// close writes the file.
func (f *resultFlags) close() error {
	if f.book == nil {
		return nil
	}
	if err := f.next.Write(f.file); err != nil {
		return fmt.Errorf("cannot write %s: %w", f.file, err)
	}
	return nil
}
