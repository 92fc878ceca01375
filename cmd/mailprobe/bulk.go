package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/time/rate"

	"mailprobe/internal/auth"
	"mailprobe/internal/bulk"
	"mailprobe/internal/probe"
	"mailprobe/internal/safe"
	"mailprobe/internal/verify"
)

const aboutBulk = `bulk verifies a list of any length, without signing in: no flag and no variable
gives it a secret. A line of FILE, or of the standard input (-), is a target as
mailprobe takes it: a URL, a provider, a domain, the path of a file or folder; or
an object {"target": "...", "resolve": ["HOST:PORT:ADDR"]}. What stands behind #
is a comment. Results come in the order of completion, one line for each endpoint;
a line that cannot be read is a result, too. What is said of all together is the
last line on the standard error.

Servers are treated gently: by default 4 dialogues at once with a host and an
address, 16 with an operator (hosts of one registrable domain); one that has enough
(421, [UNAVAILABLE]) is left alone for a while and asked again. See docs/bulk.md.

Exit status: 0 all works, 1 at least one does not, 2 usage (nothing was dialled),
3 something could not be judged or read, 130 interrupted (143 by SIGTERM). What a
file given to --resume holds counts as well.`

// bulkFlags are those of bulk. None of them is for a secret.
type bulkFlags struct {
	netFlags
	tls     tlsFlags
	publish publishedFlags

	jobs, perHost, perProvider count
	rate                       rateFlag
	shard, resume              string
	each, phase                time.Duration
	ehlo                       string
	output                     []string
	json, quiet                bool
}

func (f *bulkFlags) register(set *pflag.FlagSet) {
	f.each = 90 * time.Second
	set.Var(&f.jobs, "jobs", fmt.Sprintf("how many dialogues at once (default %d)", bulk.UsualJobs))
	set.Var(&f.perHost, "per-host", "how many at once with one host, and at one address (default 4; any number on this computer)")
	set.Var(&f.perProvider, "per-provider", "how many at once with the hosts of one registrable domain (default 16; any number on this computer)")
	set.Var(&f.rate, "rate", "how many connections to begin, such as `50/s` or 600/m (default: any number)")
	set.StringVar(&f.shard, "shard", "", "verify part `I/N` of the list, from 1/N to N/N, all hosts of an operator in one; auto takes it from the variables of a CI system, auto/N from JOB_COMPLETION_INDEX")
	set.StringVar(&f.resume, "resume", "", "leave out what this `FILE` of results holds; with -o ndjson=FILE the rest is written behind it")
	set.StringArrayVarP(&f.output, "output", "o", nil, "`FORMAT[=FILE]` write this format ("+strings.Join(bulkFormats(), ", ")+"; default "+bulkFormats()[0]+")")
	set.BoolVar(&f.json, "json", false, "the same as -o ndjson")
	set.BoolVarP(&f.quiet, "quiet", "q", false, "no progress, also on a terminal")
	f.netFlags.register(set)
	f.registerTimeout(set, 0, "limit for the whole run, such as 10m (default: none); what is not done then is left out")
	set.Var(timeSpan{&f.each}, "target-timeout", "limit for each endpoint, without its wait for a turn")
	set.Var(timeSpan{&f.phase}, "phase-timeout", "limit for each phase (default 45s, 15s to look up and 8s to connect; at most two thirds of what is left of --target-timeout)")
	set.StringVar(&f.ehlo, "ehlo", "", "the `NAME` to give to SMTP servers, such as host.example.com (default: this computer's address in brackets)")
	set.Var(&f.tls.expiry, "expiry-warning", "warn of a certificate that ends within this `TIME`, such as 14d (default: by its lifetime)")
	f.publish.register(set)
	set.SortFlags = false
}

func (a *app) bulkCommand() *cobra.Command {
	var f bulkFlags
	c := &cobra.Command{
		Use:   "bulk [FILE|-]",
		Short: "Verify a list of any length, without signing in",
		Long:  aboutBulk,
		Example: "  mailprobe bulk servers.txt -o ndjson=results.ndjson\n" +
			"  mailprobe bulk servers.txt --resume results.ndjson -o ndjson=results.ndjson\n" +
			"  mailprobe bulk - --jobs 500 --rate 100/s <servers.txt | jq .verdict\n" +
			"  mailprobe bulk servers.txt --shard auto",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			return a.bulk(c.Context(), &f, args)
		},
	}
	f.register(c.Flags())
	completeValues(c, bulkFormats())
	return c
}

// bulk verifies a list. Nothing is dialled before the command line is
// understood.
func (a *app) bulk(ctx context.Context, f *bulkFlags, args []string) error {
	o, err := f.options(a)
	if err != nil {
		return err
	}
	in, err := a.openList(args)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := a.openResults(f)
	if err != nil {
		return err
	}
	o.Held = out.held
	a.expects(targetsBeside + o.Limits.Jobs/jobsPerTarget)
	a.collects(garbageOfLists)
	f.begin(f.timeout)
	limited, cancel := f.within(ctx)
	defer cancel()
	started := time.Now()
	stop := a.watchBulk(f, o.Count, in)
	err = errors.Join(bulk.Run(limited, o, in, out.write), out.close())
	stop()
	fmt.Fprintln(a.stderr, bulkSummary(o.Count, time.Since(started)))
	return bulkStatus(ctx, limited, o.Count, err)
}

// How much memory a list needs, beside what a run without targets does, counted
// in targets of other runs: as much as some for what waits and is remembered,
// and as one for eight dialogues, of one endpoint each.
const (
	targetsBeside = 30
	jobsPerTarget = 8
)

// garbageOfLists is how much of it may pile up in a list, in percent of what is
// live: that is little beside what a dialogue leaves behind.
const garbageOfLists = 200

// bulkStatus is the exit status over all results, or says what ended the run.
func bulkStatus(ctx, limited context.Context, c *bulk.Count, err error) error {
	switch {
	case err != nil:
		return &statusError{exitUnknown, err}
	case ctx.Err() != nil:
		return &statusError{status: exitInterrupted}
	case limited.Err() != nil:
		return &statusError{exitUnknown, fmt.Errorf("the time for the whole run was over before all was verified; go on with --resume")}
	case c.Fails.Load() > 0:
		return &statusError{status: exitFails}
	case c.Unknown.Load() > 0 || c.Left.Load() > 0:
		return &statusError{status: exitUnknown}
	case c.Targets.Load()+c.Elsewhere.Load() == 0:
		return errors.New("the list names no target")
	}
	return nil
}

// options is how the flags want the list to be verified.
func (f *bulkFlags) options(a *app) (o bulk.Options, err error) {
	if err := f.check(); err != nil {
		return o, err
	}
	if err := checkEHLO(f.ehlo); err != nil {
		return o, err
	}
	o = bulk.Options{Each: f.each, Version: version(), Count: new(bulk.Count)}
	if o.Shard, err = bulk.ParseShard(f.shard, os.Getenv); err != nil {
		return o, err
	}
	wanted := bulk.Limits{Jobs: max(int(f.jobs), 0), PerHost: int(f.perHost), PerProvider: int(f.perProvider), Rate: f.rate.limit}
	if wanted.Jobs == 0 {
		wanted.Jobs = bulk.UsualJobs
	}
	fitting, files := wanted.Fit()
	if files > 0 {
		fmt.Fprintf(a.stderr, "mailprobe: %d dialogues at once, not %d: this process may open %d files; raise the limit with 'ulimit -n' for more\n", fitting.Jobs, wanted.Jobs, files)
	}
	o.Limits = fitting
	if o.Like, err = f.like(); err != nil {
		return o, err
	}
	if o.Resolver, err = f.resolver(a); err != nil {
		return o, err
	}
	asker, err := f.asker(a, f.publish, o.Like.Options.TLS)
	o.Resolver.Domains = asker
	return o, err
}

// like is how each target is run.
func (f *bulkFlags) like() (verify.Plan, error) {
	o := probe.Options{Mechanism: "none", EHLO: f.ehlo, Scrubber: auth.NewScrubber()} // there is no secret: one serves all
	o.Timeouts.Phase, o.Timeouts.SignIn = f.phase, f.phase
	way, err := f.way()
	if err != nil {
		return verify.Plan{}, err
	}
	o.Family, o.Overrides = way.Family, way.Overrides
	dns, err := f.dns()
	if err != nil {
		return verify.Plan{}, err
	}
	if dns != nil {
		o.DNS = dns
	}
	f.tls.noAIA = true // thousands would ask the same authority
	f.tls.apply(&o.TLS)
	o.TLS.System, err = f.roots()
	return verify.Plan{Options: o, Built: built()}, err
}

// openList opens the list that the arguments name.
func (a *app) openList(args []string) (io.ReadCloser, error) {
	switch {
	case len(args) > 1:
		return nil, errors.New("write it like this: mailprobe bulk FILE, with one file, or - for the standard input")
	case len(args) == 0 || args[0] == "-":
		if _, terminal := terminalWidth(a.stdin); terminal && len(args) == 0 {
			return nil, errors.New("name the list: mailprobe bulk FILE, or - for the standard input")
		}
		return io.NopCloser(a.stdin), nil
	}
	file, err := os.Open(args[0])
	if err != nil {
		return nil, fmt.Errorf("cannot read the list %s: %w", safe.Display(args[0]), errors.Unwrap(err))
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		file.Close()
		return nil, fmt.Errorf("%s is a folder; a list is a file, and a line of it may name the folder", safe.Display(args[0]))
	} else if err == nil {
		return &listFile{File: file, size: info.Size()}, nil
	}
	return file, nil
}

// bulkSummary says what became of a list.
func bulkSummary(c *bulk.Count, took time.Duration) string {
	var more []string
	for _, part := range []struct {
		n    int64
		text string
	}{
		{c.Unread.Load(), "name nothing that can be verified"},
		{c.Held.Load(), "verified before"},
		{c.Elsewhere.Load(), "in other shards"},
		{c.Left.Load(), "begun and not finished"},
	} {
		if part.n > 0 {
			more = append(more, fmt.Sprintf("%d %s", part.n, part.text))
		}
	}
	text := fmt.Sprintf("mailprobe: %d targets: %d work, %d fail, %d unknown", c.Targets.Load(), c.Works.Load(), c.Fails.Load(), c.Unknown.Load())
	if len(more) > 0 {
		text += "; " + strings.Join(more, ", ")
	}
	per := float64(c.Dialled.Load()) / max(took.Seconds(), 0.001)
	return text + fmt.Sprintf("; %d endpoints dialled, %d of them for several targets, in %s (%.0f/s)", c.Dialled.Load(), c.Shared.Load(), took.Round(time.Second/10), per)
}

// A count is a flag that takes a number from 1 on; 0: not given.
type count int

func (c *count) Type() string { return "N" }

func (c *count) String() string {
	if *c == 0 {
		return ""
	}
	return strconv.Itoa(int(*c))
}

func (c *count) Set(text string) error {
	n, err := strconv.ParseUint(text, 10, 20)
	if err != nil || n == 0 {
		return errors.New("write a number from 1 to 1048575")
	}
	*c = count(n)
	return nil
}

// A rateFlag is how many in a second, written as 50/s, 600/m or 50.
type rateFlag struct {
	text  string
	limit rate.Limit
}

func (r *rateFlag) Type() string   { return "N/s" }
func (r *rateFlag) String() string { return r.text }

func (r *rateFlag) Set(text string) error {
	number, unit, _ := strings.Cut(text, "/")
	per := map[string]float64{"": 1, "s": 1, "m": 60, "h": 3600}[unit]
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || per == 0 || !(n > 0 && n <= 1e6) {
		return errors.New("write it like 50/s, or 600/m")
	}
	r.text, r.limit = text, rate.Limit(n/per)
	return nil
}
