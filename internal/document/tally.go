package document

import (
	"cmp"
	"slices"

	"mailprobe/internal/finding"
)

// A Tally sums documents up. The zero value has seen none.
type Tally struct {
	verdict     Text // empty: there is none yet
	reports     int
	warned      bool
	interrupted bool
}

// Add counts a document. One without a verdict could not be judged.
func (t *Tally) Add(d *Document) {
	t.reports++
	t.verdict = Worse(t.verdict, cmp.Or(d.Counted(), Unknown))
	t.warned = t.warned || d.hasWarning()
	t.interrupted = t.interrupted || d.Interrupted
}

// AddWorking counts what was left out because it worked not long ago.
func (t *Tally) AddWorking() { t.verdict = Worse(t.verdict, Works) }

// Verdict returns the verdict over all documents: Fails if one fails, otherwise
// Unknown if one could not be judged or there is none.
func (t *Tally) Verdict() Text { return cmp.Or(t.verdict, Unknown) }

// Warned reports whether there is a warning in any document.
func (t *Tally) Warned() bool { return t.warned }

// Reports returns how many documents were counted.
func (t *Tally) Reports() int { return t.reports }

// Interrupted reports whether any run was stopped before its end.
func (t *Tally) Interrupted() bool { return t.interrupted }

// hasWarning reports whether there is a warning, of the run or of an endpoint.
// Where a suite says what counts, one that says why something could not be
// judged is none.
func (d *Document) hasWarning() bool {
	if d.Case != nil {
		return len(d.Warnings) > 0 || slices.ContainsFunc(d.Unmet, func(u Unmet) bool { return u.warns() })
	}
	return slices.ContainsFunc(d.Findings, Finding.warns) ||
		slices.ContainsFunc(d.Endpoints, func(e Endpoint) bool { return slices.ContainsFunc(e.Findings, Finding.warns) })
}

func (f Finding) warns() bool { return f.Severity == Text(finding.Warning) }

// A State is what a monitoring system makes of a run.
type State string

// The states, as the plugins of Nagios name them.
const (
	StateOK       State = "OK"
	StateWarning  State = "WARNING"
	StateCritical State = "CRITICAL"
	StateUnknown  State = "UNKNOWN"
)

// State returns the state of a run of some targets. What did not come, or was
// stopped, is not known; strict: a warning counts as a fault.
func (t *Tally) State(targets int, strict bool) State {
	switch {
	case t.Verdict() == Fails:
		return StateCritical
	case t.Verdict() == Unknown, t.interrupted, t.reports < targets:
		return StateUnknown
	case t.warned && strict:
		return StateCritical
	case t.warned:
		return StateWarning
	}
	return StateOK
}
