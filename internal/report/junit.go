package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/safe"
	"mailprobe/internal/verify"
)

// The elements of a JUnit document, as Jenkins' schema has them.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name      string      `xml:"name,attr"`
		Tests     int         `xml:"tests,attr"`
		Failures  int         `xml:"failures,attr"`
		Errors    int         `xml:"errors,attr"`
		Skipped   int         `xml:"skipped,attr"`
		Time      string      `xml:"time,attr"`
		Timestamp string      `xml:"timestamp,attr"`
		Cases     []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Time    string        `xml:"time,attr"`
		Failure *junitProblem `xml:"failure"`
		Error   *junitProblem `xml:"error"`
		Out     *junitText    `xml:"system-out"`
	}
	junitProblem struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
		Body    string `xml:",cdata"`
	}
	junitText struct {
		Body string `xml:",cdata"`
	}
)

// writeJUnit writes a suite for each report and a case for each endpoint. An
// endpoint that could not be judged is an error: it is never green.
func writeJUnit(w io.Writer, reports []*verify.Report, _ Options) error {
	doc := junitSuites{Name: "mailprobe"}
	var took time.Duration
	for _, r := range reports {
		s := junitOf(r)
		doc.Suites = append(doc.Suites, s)
		doc.Tests += s.Tests
		doc.Failures += s.Failures
		doc.Errors += s.Errors
		took += r.Took
	}
	doc.Time = junitTime(took)
	data, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, data)
	return err
}

func junitOf(r *verify.Report) junitSuite {
	s := junitSuite{
		Name:      targetName(r),
		Time:      junitTime(r.Took),
		Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05"),
	}
	for i := range r.Endpoints {
		s.add(endpointCase(r, &r.Endpoints[i]))
	}
	if grave := only(r.Findings, finding.Error); len(grave) > 0 {
		s.add(junitCase{Class: className(r), Name: "the run as a whole", Time: "0.000", Failure: problem(grave, nil)})
	} else if r.Verdict != verify.Works && s.Failures+s.Errors == 0 {
		s.add(junitCase{Class: className(r), Name: "the run as a whole", Time: "0.000",
			Error: &junitProblem{Type: string(verify.Unknown), Message: strings.Join(answer(r), " ")}})
	}
	return s
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Error != nil {
		s.Errors++
	}
}

func endpointCase(r *verify.Report, e *verify.Endpoint) junitCase {
	c := junitCase{
		Class: className(r),
		Name:  string(e.Protocol) + " " + address(e.Endpoint) + " " + e.Security.Name(),
		Time:  "0.000",
		Out:   &junitText{observed(e, r.SignInAsked)},
	}
	if e.Result != nil {
		c.Time = junitTime(e.Result.Took)
	}
	switch e.Verdict {
	case verify.Works:
	case verify.Fails:
		c.Failure = problem(only(e.Findings, finding.Error), e)
	default:
		c.Error = problem(boxed(e), e)
		c.Error.Type = string(verify.Unknown)
	}
	return c
}

// problem puts findings into one element; the first gives its type and its
// message.
func problem(findings []finding.Finding, e *verify.Endpoint) *junitProblem {
	if len(findings) == 0 {
		return &junitProblem{Type: string(e.Verdict), Message: withoutFinding(e), Body: "What was seen stands in system-out."}
	}
	var b strings.Builder
	for _, f := range findings {
		explain(&b, f)
	}
	if e != nil {
		for _, alt := range e.Instead {
			fmt.Fprintf(&b, "Use instead: %s (%s; mailprobe %s)\n", asTyped(alt.Endpoint), safe.Display(alt.Why), safe.Display(alt.String()))
		}
	}
	return &junitProblem{Type: safe.Display(findings[0].Code), Message: safe.Display(findings[0].Says()), Body: b.String()}
}

func explain(b *strings.Builder, f finding.Finding) {
	rows := []struct{ label, text string }{
		{string(f.Severity), safe.Display(f.Says()) + " [" + safe.Display(f.Code) + "]"},
		{"Who must act", whoActs[f.Blame]},
		{"What to do", safe.Display(f.Advises())},
		{"Help page", safe.Display(f.HelpURL)},
	}
	for _, row := range rows {
		if row.text != "" {
			fmt.Fprintf(b, "%s: %s\n", row.label, row.text)
		}
	}
	for _, line := range peerLines(f.Seen()) {
		fmt.Fprintf(b, "Seen: %s\n", line)
	}
}

// observed lists the phases, the sign-in and the warnings.
func observed(e *verify.Endpoint, signInAsked bool) string {
	var b strings.Builder
	for _, ph := range phases {
		s := stepOf(e.Result, ph.name)
		line := fmt.Sprintf("%-12s %-7s %8.1f ms  %s", ph.name, s.Status, milliseconds(s.Took), safe.Clip(noteOf(s), maxEvidence))
		fmt.Fprintln(&b, strings.TrimRight(line, " "))
	}
	fmt.Fprintln(&b, signInLine(authOf(e), signInAsked))
	for _, f := range only(e.Findings, finding.Warning) {
		fmt.Fprintf(&b, "Warning: %s\n", short("", f))
	}
	return b.String()
}

func signInLine(a probe.Auth, asked bool) string {
	if !asked {
		return "Signing in was not tested."
	}
	line := "Signing in: " + outcome(a)
	if detail := outcomeDetail(a); detail != "" {
		line += ": " + detail
	}
	return line
}

// className is the provider's id or, where there is none, the target.
func className(r *verify.Report) string {
	if r.Provider != nil && r.Provider.ID != "" {
		return safe.Display(r.Provider.ID)
	}
	return safe.Display(r.Target)
}

func junitTime(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
