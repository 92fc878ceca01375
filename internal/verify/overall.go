package verify

import (
	"cmp"
	"slices"

	"mailprobe/internal/finding"
)

// And returns the verdict over two: Fails if one fails, Works if both do,
// otherwise Unknown. An empty one is none yet.
func (v Verdict) And(w Verdict) Verdict {
	switch {
	case v == "" || w == "":
		return v + w
	case v == Fails || w == Fails:
		return Fails
	case v == Works && w == Works:
		return Works
	}
	return Unknown
}

// A Tally sums reports up as they pass. It keeps none of them. The zero Tally
// has seen none; its verdict is Unknown.
type Tally struct {
	verdict Verdict // empty: there is none yet
	warned  bool
}

// Add counts a report.
func (t *Tally) Add(r *Report) {
	t.verdict = t.verdict.And(cmp.Or(r.Verdict, Unknown))
	t.warned = t.warned || warns(r.Findings) || slices.ContainsFunc(r.Endpoints, func(e Endpoint) bool { return warns(e.Findings) })
}

func warns(findings []finding.Finding) bool {
	return slices.ContainsFunc(findings, func(f finding.Finding) bool { return f.Severity == finding.Warning })
}

// Verdict returns the verdict over all reports: Fails if one fails, otherwise
// Unknown if one could not be judged or there is none.
func (t *Tally) Verdict() Verdict { return cmp.Or(t.verdict, Unknown) }

// Warned reports whether there is a warning in any report.
func (t *Tally) Warned() bool { return t.warned }
