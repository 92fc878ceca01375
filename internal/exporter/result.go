package exporter

import (
	"cmp"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// An entry is a target and what is kept of it.
type entry struct {
	Target
	flight singleflight.Group // simultaneous scrapes share one run

	mu     sync.Mutex
	last   *result
	phases histograms // of all runs
}

// A result is what is said of a run.
type result struct {
	outcome  *Outcome           // nil: it did not come to a run
	held     []document.Finding // why signing in was held back, beside what the outcome says
	code     string             // why not
	waits    bool               // for the turn of its account, with nothing against signing in
	phases   histograms
	due      time.Time // when it is too old
	answered string    // by what a scrape was answered, for the metrics
}

// What scrapes are answered with.
const (
	answeredRun   = "run"
	answeredCache = "cache"
	answeredLate  = "late" // the time of the scrape was over
	answeredError = "error"
)

// Why it did not come to a run.
const (
	notRun    = "tool.not_run"
	outOfTime = "tool.out_of_time"
)

// soon is when a target that could not be judged is run again at the latest.
const soon = time.Minute

func (r *result) as(answered string) *result {
	other := *r
	other.answered = answered
	return &other
}

// waiting returns r as it is given out while its target waits for its turn.
func (r *result) waiting() *result {
	other := r.as(answeredCache)
	other.waits = true
	return other
}

// heldBack reports whether nobody signed in because a secret was rejected, or
// may have been.
func (r *result) heldBack() bool { return r.outcome != nil && r.outcome.HeldBack && !r.waits }

// renewed returns an entry with what is kept of e.
func (e *entry) renewed(t Target) *entry {
	e.mu.Lock()
	defer e.mu.Unlock()
	return &entry{Target: t, last: e.last, phases: e.phases}
}

// kept returns the last result; nil: there is none.
func (e *entry) kept() *result {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.last
}

// fresh returns the last result if it is young enough.
func (e *entry) fresh() *result {
	if r := e.kept(); r != nil && time.Now().Before(r.due) {
		return r.as(answeredCache)
	}
	return nil
}

// or returns the last result, however old, or else r.
func (e *entry) or(r *result) *result {
	if kept := e.kept(); kept != nil {
		return kept.as(answeredCache)
	}
	return r
}

// keep keeps a result, with how long the phases of all runs took.
func (e *entry) keep(r *result) *result {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r.outcome != nil {
		e.phases = e.phases.with(r.outcome.Document)
	}
	r.phases = e.phases
	e.last = r
	return r
}

// interval is how long an outcome is good for: what could not be judged no
// longer than it must. Not all targets are due at the same moment.
func (e *entry) interval(o *Outcome) time.Duration {
	d := e.Every
	if verdictOf(o.Document) == document.Unknown {
		d = min(d, soon)
	}
	return d + rand.N(d/10+1)
}

// verdictOf is what a document counts as.
func verdictOf(d *document.Document) document.Text { return cmp.Or(d.Counted(), document.Unknown) }

// rejected reports whether a server has refused the secret.
func (o *Outcome) rejected() bool {
	for i := range o.Document.Endpoints {
		if o.Document.Endpoints[i].Auth.Status == document.Rejected {
			return true
		}
	}
	return false
}

// reasons are the findings for which signing in did not work.
func (o *Outcome) reasons() (all []document.Finding) {
	for i := range o.Document.Endpoints {
		for _, f := range o.Document.Endpoints[i].Findings {
			if f.Severity == document.Text(finding.Error) && string(f.Phase) == probe.SignIn {
				all = append(all, document.Finding{Code: f.Code, Severity: f.Severity, Blame: f.Blame})
			}
		}
	}
	return all
}

// findingOf is a finding of which the code alone is known.
func findingOf(code string) document.Finding {
	page, _ := finding.PageOf(code)
	return document.Finding{Code: document.Text(code), Severity: document.Text(page.Severity), Blame: document.Text(page.Blame)}
}
