package verify

import (
	"slices"

	"mailprobe/internal/finding"
)

// A Tally sums reports up as they pass. It keeps none of them. The zero Tally
// has seen none; its verdict is Unknown.
type Tally struct {
	reports        int
	fails, unknown bool
	warned         bool
}

// Add counts a report.
func (t *Tally) Add(r *Report) {
	t.reports++
	t.fails = t.fails || r.Verdict == Fails
	t.unknown = t.unknown || r.Verdict != Works && r.Verdict != Fails
	t.warned = t.warned || warns(r.Findings) || slices.ContainsFunc(r.Endpoints, func(e Endpoint) bool { return warns(e.Findings) })
}

func warns(findings []finding.Finding) bool {
	return slices.ContainsFunc(findings, func(f finding.Finding) bool { return f.Severity == finding.Warning })
}

// Verdict returns the verdict over all reports: Fails if one fails, otherwise
// Unknown if one could not be judged or there is none.
func (t *Tally) Verdict() Verdict {
	switch {
	case t.fails:
		return Fails
	case t.unknown || t.reports == 0:
		return Unknown
	}
	return Works
}

// Warned reports whether there is a warning in any report.
func (t *Tally) Warned() bool { return t.warned }

// Overall returns the verdict over several reports.
func Overall(reports []*Report) Verdict {
	var t Tally
	for _, r := range reports {
		t.Add(r)
	}
	return t.Verdict()
}
