package document

import "mailprobe/internal/finding"

// The outcomes of a case of a suite.
const (
	AsExpected        = Text("as_expected")
	Unexpected        = Text("unexpected")
	KnownFailure      = Text("known_failure")
	StaleKnownFailure = Text("stale_known_failure")
	CaseUnknown       = Text("unknown")
)

// A Case is what a suite makes of a target.
type Case struct {
	Case     Text    `json:"case"`
	File     Text    `json:"file"` // of the suite
	Line     int     `json:"line"` // where the case begins in it
	Expected []Text  `json:"expected"`
	Outcome  Text    `json:"outcome"`
	Counts   Text    `json:"counts"` // what the run counts it as: works, fails or unknown
	Attempts int     `json:"attempts"`
	Unmet    []Unmet `json:"unmet"`
}

// An Unmet is one thing that is not as a suite expects it, or is to be said of
// its expectations.
type Unmet struct {
	Finding
	Endpoint *int `json:"endpoint"`   // index; nil: it is about the target as a whole
	Known    bool `json:"known"`      // it is a known failure: it does not count
	Open     bool `json:"not_judged"` // whether it is so could not be judged
	Reason   Text `json:"reason"`     // of a known failure
}

// Counted returns what a document counts as in its run: its verdict, or what
// the suite makes of it.
func (d *Document) Counted() Text {
	if d.Case != nil {
		return d.Case.Counts
	}
	return d.Verdict
}

// Graver returns the unmet expectations that count, and those that count as
// warnings.
func (c *Case) Graver() (faults, warnings []Unmet) {
	for _, u := range c.Unmet {
		switch {
		case u.Known:
		case u.Severity == Text(finding.Warning):
			warnings = append(warnings, u)
		default:
			faults = append(faults, u)
		}
	}
	return faults, warnings
}

// A Suite is what is said of a whole suite.
type Suite struct {
	Name  Text `json:"name"`
	File  Text `json:"file"`
	Cases int  `json:"cases"`

	AsExpected        int `json:"as_expected"`
	Unexpected        int `json:"unexpected"`
	KnownFailure      int `json:"known_failure"`
	StaleKnownFailure int `json:"stale_known_failure"`
	Unknown           int `json:"unknown"`
}

// Count counts a case that was run.
func (s *Suite) Count(c *Case) {
	counters := map[Text]*int{
		AsExpected: &s.AsExpected, Unexpected: &s.Unexpected, KnownFailure: &s.KnownFailure, StaleKnownFailure: &s.StaleKnownFailure,
	}
	if n := counters[c.Outcome]; n != nil {
		*n++
		return
	}
	s.Unknown++
}
