package bulk

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/safe"
	"mailprobe/internal/target"
	"mailprobe/internal/verify"
)

// A wanted is one target of a line.
type wanted struct {
	line     line
	index    int
	target   target.Target
	asked    bool      // it is known only once its domain was asked
	err      error     // why there is nothing to verify; nil: there is something
	standing *standing // while it is under way
}

// meant returns what a line asks to verify, without asking anybody: one target,
// or each document of a folder.
func (r *run) meant(ctx context.Context, l line) []wanted {
	if l.err != nil {
		return []wanted{{line: l, err: l.err}}
	}
	if target.IsPath(l.text) {
		return documents(l)
	}
	t, err := r.offline.Resolve(ctx, l.text)
	if unknown, ok := errors.AsType[*target.UnknownError](err); ok && r.asks() && strings.Contains(unknown.Text, ".") {
		return []wanted{{line: l, target: target.Target{Text: l.text}, asked: true}}
	}
	if err == nil {
		t, err = t.Only()
	}
	return []wanted{one(l, t, err)}
}

func (r *run) asks() bool { return r.Resolver.Domains != nil || r.Resolver.MX != nil }

func one(l line, t target.Target, err error) wanted {
	if err != nil {
		l.text = shown(l.text)
	}
	return wanted{line: l, target: t, err: err}
}

// documents are the targets of a file or a folder.
func documents(l line) []wanted {
	files, err := target.OfPath(l.text, "")
	if err != nil {
		return []wanted{one(l, target.Target{}, err)}
	}
	var all []wanted
	for _, t := range files {
		of := l
		of.text = t.Text
		all = append(all, wanted{line: of, target: t})
	}
	return all
}

// name is by what the results of a target are found again.
func (w wanted) name() name { return nameOf(w.line.text, w.line.resolve) }

// operator is by whom the target is served, as far as that is known without
// asking anybody.
func (w wanted) operator() string {
	if host := w.target.Host(); host != "" {
		return operator(host)
	}
	text := w.line.text
	if _, domain, ok := target.Cut(text); ok {
		text = domain
	}
	return operator(text)
}

// verify returns the report of a target; nil: the run ended before.
func (r *run) verify(ctx context.Context, w wanted) *verify.Report {
	like := r.Like
	if len(w.line.rules) > 0 {
		like.Options.Overrides.Resolve = append(append([]probe.ResolveRule(nil), w.line.rules...), like.Options.Overrides.Resolve...)
	}
	if w.asked {
		w.target, w.err = r.ask(ctx, w)
		if ctx.Err() != nil {
			return nil
		}
	}
	if w.err != nil {
		return nothing(w)
	}
	w.target.Text = w.line.text
	plan := r.Resolver.Plan(w.target, like)
	reports := make([]*verify.Report, len(plan.Endpoints))
	var wait sync.WaitGroup
	for i, s := range plan.Endpoints[:max(0, len(reports)-1)] {
		wait.Add(1)
		r.crew.begin(func() {
			defer wait.Done()
			reports[i] = r.endpoint(ctx, plan, s, w)
		})
	}
	if last := len(reports) - 1; last >= 0 { // mostly the only one: it needs no goroutine
		reports[last] = r.endpoint(ctx, plan, plan.Endpoints[last], w)
	}
	wait.Wait()
	for _, report := range reports {
		if report == nil {
			return nil
		}
	}
	return verify.Together(plan, reports)
}

// ask finds out what a domain publishes, within the limits for its operator.
func (r *run) ask(ctx context.Context, w wanted) (t target.Target, err error) {
	text := w.line.text
	domain := text
	if _, after, ok := target.Cut(text); ok {
		domain = after
	}
	key := "operator " + operator(domain)
	most := r.Limits.PerProvider
	if most == 0 {
		most = usualPerProvider
	}
	if err := r.gate.lanes.enter(ctx, key, most, w.standing.aside); err != nil {
		return t, err
	}
	defer r.gate.lanes.leave(key, 0)
	if err := r.gate.begin(ctx); err != nil {
		return t, err
	}
	defer func() { <-r.gate.slots }()
	limited, cancel := r.within(ctx)
	defer cancel()
	if t, err = r.Resolver.Resolve(limited, text); err == nil {
		t, err = t.Only()
	}
	return t, err
}

// within bounds what is done for one endpoint. It ends with the run, and does
// not hurry because the run's time is nearly over: what was waited for too
// briefly would be a result.
func (r *run) within(ctx context.Context) (context.Context, context.CancelFunc) {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, cancel)
	if r.Each > 0 {
		own, cancel = context.WithTimeout(own, r.Each)
	}
	return own, func() { stop(); cancel() }
}

// badTarget is the code of what is said of a line that names nothing.
const badTarget = "tool.bad_target"

// nothing is the report of a line that names nothing that can be verified.
func nothing(w wanted) *verify.Report {
	return &verify.Report{
		Target: w.line.text, Started: time.Now(), Verdict: verify.Unknown,
		Findings: []finding.Finding{{
			Code: badTarget, Severity: finding.Warning, Blame: finding.Tool, Args: finding.Args{"reason": safe.Clip(w.err.Error(), maxShown)},
			Message: "This line of the list names nothing that can be verified: {reason}.",
			Remedy:  "Write a server such as imaps://imap.example.com, a provider, a domain, or the path of a file of settings.",
		}},
	}
}
