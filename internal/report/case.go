package report

import (
	"fmt"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/language"
)

// What the outcomes of a case are called.
var outcomeWords = map[document.Text]language.Template{
	document.AsExpected: "as expected", document.Unexpected: "NOT as expected", document.KnownFailure: "a known failure",
	document.StaleKnownFailure: "as expected, but a known failure is none any more", document.CaseUnknown: "could not be judged",
}

// caseAnswer is what a suite makes of a report, on one line.
func caseAnswer(l *language.Language, c *document.Case) string {
	text := l.Say("Case {case}: {outcome}", "case", c.Case, "outcome", l.Say(outcomeWords[c.Outcome]))
	if c.Attempts > 1 {
		text += ", " + l.Count(c.Attempts, "{n} attempt", "{n} attempts")
	}
	return text + fmt.Sprintf(" (%s:%d).", c.File, c.Line)
}

// unmetLines says what is not as expected, each in one paragraph.
func unmetLines(l *language.Language, c *document.Case) []string {
	var all []string
	for _, u := range c.Unmet {
		all = append(all, unmetWord(l, u)+short(l, u.Finding)+knownReason(l, u))
	}
	return all
}

func unmetWord(l *language.Language, u document.Unmet) string {
	switch {
	case u.Known:
		return l.Say("Known: ")
	case u.Open:
		return l.Say("Not judged: ")
	case finding.Severity(u.Severity) == finding.Warning:
		return l.Say("Warning: ")
	}
	return l.Say("Not as expected: ")
}

func knownReason(l *language.Language, u document.Unmet) string {
	if u.Reason == "" || !u.Known {
		return ""
	}
	return " " + l.Say("Reason: {reason}", "reason", u.Reason)
}

// lookOf is the verdict in whose colour a case is shown: what could not be judged
// and may pass does not look like what works.
func lookOf(c *document.Case) document.Text {
	if c.Outcome == document.CaseUnknown && c.Counts == document.Works {
		return document.Unknown
	}
	return c.Counts
}

// suiteCase adds what a suite makes of a report.
func (p *page) suiteCase(d *document.Document) {
	if d.Case == nil {
		return
	}
	p.paragraph(p.verdict(lookOf(d.Case)), "", "  ", caseAnswer(p.l, d.Case))
	for _, line := range unmetLines(p.l, d.Case) {
		p.paragraph(p.plain, "  - ", "    ", line)
	}
}

// caseAnswers is the answer of a report, with what a suite makes of it first.
func caseAnswers(l *language.Language, d *document.Document) string {
	text := strings.Join(answer(l, d), " ")
	if d.Case == nil {
		return text
	}
	return caseAnswer(l, d.Case) + " " + text
}

// annotate makes annotations of what a suite makes of a report, at the line of
// the case. What could not be judged and may pass is a notice, so that it is
// never green and silent.
func (g *githubWriter) annotate(d *document.Document) {
	c := d.Case
	at := func(rank int, text string) annotation {
		return annotation{rank, c.Case.String(), text, c.File.String(), c.Line}
	}
	faults, warnings := c.Graver()
	for _, u := range faults {
		rank, to := rankFails, &g.errors
		if u.Open {
			rank = rankUnknown
		}
		if finding.Severity(u.Severity) != finding.Error {
			to = &g.notices
		}
		to.add(at(rank, unmetWord(nil, u)+short(nil, u.Finding)))
	}
	for _, u := range warnings {
		g.warnings.add(at(rankFails, unmetWord(nil, u)+short(nil, u.Finding)))
	}
	for _, w := range d.Warnings {
		f := d.Warned(w)
		g.warnings.add(at(rankFails, where(d, w, f)+short(nil, f)))
	}
	if c.Counts != document.Works && len(faults) == 0 {
		g.errors.add(at(rankOf(c.Counts), caseAnswer(nil, c)))
	}
}

// junitCaseOf holds an endpoint, or the target as a whole (nil), against what
// the suite expects of it: what is as expected is green; what is known, and what
// could not be judged and may pass, is skipped with the reason.
func junitCaseOf(c *document.Case, at *int, test junitCase) junitCase {
	test.Failure, test.Error, test.Skipped = nil, nil, nil
	var fails, open, passed, known []document.Unmet
	for _, u := range c.Unmet {
		switch {
		case (u.Endpoint == nil) != (at == nil) || at != nil && *u.Endpoint != *at:
		case u.Known:
			known = append(known, u)
		case u.Open && finding.Severity(u.Severity) != finding.Error:
			passed = append(passed, u)
		case finding.Severity(u.Severity) != finding.Error:
		case u.Open:
			open = append(open, u)
		default:
			fails = append(fails, u)
		}
	}
	switch {
	case len(fails) > 0:
		test.Failure = problem(findingsOf(append(fails, open...)))
	case len(open) > 0:
		test.Error = problem(findingsOf(open))
		test.Error.Type = document.Unknown.String()
	case len(passed) > 0:
		test.Skipped = &junitSkipped{Message: passed[0].Code.String() + ": " + passed[0].Message.String()}
	case len(known) > 0:
		test.Skipped = &junitSkipped{Message: known[0].Code.String() + ": " + known[0].Reason.String()}
	}
	return test
}

func findingsOf(list []document.Unmet) []document.Finding {
	return document.Each(list, func(u document.Unmet) document.Finding { return u.Finding })
}

// junitSuiteCase adds the tests of a case: one for each endpoint, and one for
// the target as a whole.
func (s *junitSuite) junitSuiteCase(d *document.Document) {
	s.Name = d.Case.Case.String()
	for i := range d.Endpoints {
		test := junitCaseOf(d.Case, &i, endpointCase(d, &d.Endpoints[i]))
		test.Class = s.Name
		s.add(test)
	}
	run := junitCaseOf(d.Case, nil, junitCase{Class: s.Name, Name: "the target as a whole", Time: junitTime(0)})
	if d.Counts != document.Works && s.Failures+s.Errors == 0 && run.Failure == nil && run.Error == nil {
		run.Error = &junitProblem{Type: document.Unknown.String(), Message: caseAnswer(nil, d.Case)}
	}
	if run.Error != nil && len(d.Endpoints) == 0 {
		run.Error.Body += explained(only(d.Findings, finding.Warning))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", caseAnswer(nil, d.Case))
	for _, words := range d.Expected {
		fmt.Fprintf(&b, "Expected: %s\n", words)
	}
	for _, line := range unmetLines(nil, d.Case) {
		fmt.Fprintln(&b, line)
	}
	fmt.Fprintf(&b, "Attempts: %d\n", d.Attempts)
	run.Out = &junitText{b.String()}
	s.add(run)
}
