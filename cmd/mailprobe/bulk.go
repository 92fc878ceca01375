package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mailprobe/internal/auth"
	"mailprobe/internal/bulk"
	"mailprobe/internal/probe"
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
