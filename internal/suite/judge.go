package suite

import (
	"fmt"
	"strings"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
)

// Judge says what a suite makes of a document that came of a case, in so many
// attempts.
func Judge(s *Suite, c Case, d *document.Document, attempts int) *document.Case {
	j := judgement{suite: s, asked: c, d: d}
	j.target()
	for i := range d.Endpoints {
		j.endpoint(i, c.Expect)
	}
	for _, e := range c.Endpoints {
		j.some(e)
	}
	j.drift()
	j.nextRun()
	j.known()
	v := &document.Case{
		Case: document.Text(c.Title()), File: document.Text(s.File), Line: c.Line, Attempts: attempts,
		Expected: document.Texts(c.Words()), Unmet: []document.Unmet{},
	}
	v.Unmet = append(v.Unmet, j.unmet...)
	v.Outcome, v.Counts = j.outcome()
	return v
}

// A judgement grows while a document is held against a case.
type judgement struct {
	suite *Suite
	asked Case
	d     *document.Document
	unmet []document.Unmet
	stale bool
}

// whole stands for the target where no one endpoint is meant.
const whole = -1

// add notes what is not as expected at an endpoint.
func (j *judgement) add(at int, f document.Finding) *document.Unmet {
	u := document.Unmet{Finding: f}
	if u.Args == nil {
		u.Args = map[string]document.Text{}
	}
	if at != whole {
		u.Endpoint = &at
	}
	j.unmet = append(j.unmet, u)
	return &j.unmet[len(j.unmet)-1]
}

// unlike notes an expectation that is not met.
func (j *judgement) unlike(at int, code, format string, args ...any) {
	page, _ := finding.PageOf(code)
	j.add(at, document.Finding{
		Code: document.Text(code), Severity: document.Text(finding.Error), Blame: document.Text(page.Blame),
		Message: document.Text(j.about(at) + fmt.Sprintf(format, args...) + "."), Remedy: document.Text(page.Fix), Steps: document.Texts(finding.Steps(page.Fix)),
	})
}

// open notes an expectation that could not be judged.
func (j *judgement) open(at int, format string, args ...any) {
	page, _ := finding.PageOf("suite.not_judged")
	u := j.add(at, document.Finding{
		Code: "suite.not_judged", Severity: document.Text(finding.Error), Blame: document.Text(page.Blame),
		Message: document.Text(j.about(at) + fmt.Sprintf(format, args...) + "."), Remedy: document.Text(page.Fix), Steps: document.Texts(finding.Steps(page.Fix)),
	})
	u.Open = true
	if j.d.SignInAsked && !j.d.SignInTested {
		return // a sign-in that was asked for and not tried is never green, whatever the suite says
	}
	switch j.asked.Unknown {
	case UnknownWarns:
		u.Severity = document.Text(finding.Warning)
	case UnknownPasses:
		u.Severity = document.Text(finding.Info)
	}
}

// about names an endpoint before what is said of it.
func (j *judgement) about(at int) string {
	if at == whole {
		return ""
	}
	return j.d.Endpoints[at].Server.Endpoint().String() + ": "
}

// drift notes what changed since the baseline, where the suite counts that.
func (j *judgement) drift() {
	counts := map[string]finding.Severity{UnknownFails: finding.Error, UnknownWarns: finding.Warning}[j.asked.Drift]
	if counts == "" {
		return
	}
	note := func(at int, findings []document.Finding) {
		for _, f := range findings {
			if strings.HasPrefix(string(f.Code), "drift.") {
				f.Severity = document.Text(counts)
				j.add(at, f)
			}
		}
	}
	note(whole, j.d.Findings)
	for i := range j.d.Endpoints {
		note(i, j.d.Endpoints[i].Findings)
	}
}

// nextRun warns of certificates that end before the suite is run again.
func (j *judgement) nextRun() {
	if j.suite.Interval == 0 {
		return
	}
	next := j.d.Started.Add(j.suite.Interval)
	for i := range j.d.Endpoints {
		c := j.d.Endpoints[i].Used().Certificate
		if c == nil || !c.NotAfter.Before(next) || c.NotAfter.Before(j.d.Started) {
			continue
		}
		j.unlike(i, "suite.ends_before_next_run", "the certificate ends on %s, before the next run of this suite (%s)",
			c.NotAfter.Format(time.DateOnly), next.UTC().Format(time.DateOnly))
		j.unmet[len(j.unmet)-1].Severity = document.Text(finding.Warning)
	}
}

// outcome says what became of a case, and what it counts as.
func (j *judgement) outcome() (outcome, counts document.Text) {
	fails, open, openCounts, known := false, false, false, false
	for _, u := range j.unmet {
		switch {
		case u.Known:
			known = true
		case u.Open:
			open = true
			openCounts = openCounts || u.Severity == document.Text(finding.Error)
		case u.Severity == document.Text(finding.Error):
			fails = true
		}
	}
	switch {
	case fails:
		return document.Unexpected, document.Fails
	case openCounts || j.d.Interrupted:
		return document.CaseUnknown, document.Unknown
	case open:
		return document.CaseUnknown, document.Works
	case j.stale:
		return document.StaleKnownFailure, document.Works
	case known:
		return document.KnownFailure, document.Works
	}
	return document.AsExpected, document.Works
}
