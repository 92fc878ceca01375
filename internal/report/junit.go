package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
)

// The elements of a JUnit document, as Jenkins' schema has them.
type (
	junitSuite struct {
		XMLName   xml.Name    `xml:"testsuite"`
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
		Skipped *junitSkipped `xml:"skipped"`
		Failure *junitProblem `xml:"failure"`
		Error   *junitProblem `xml:"error"`
		Out     *junitText    `xml:"system-out"`
	}
	junitProblem struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
		Body    string `xml:",cdata"`
	}
	junitSkipped struct {
		Message string `xml:"message,attr"`
	}
	junitText struct {
		Body string `xml:",cdata"`
	}
)

// A junitWriter writes a suite for each report and a case for each endpoint.
// An endpoint that could not be judged is an error: it is never green. The
// totals stand before the suites, so the suites are kept, as text.
type junitWriter struct {
	w                     io.Writer
	total                 junitSuite
	suiteNames, caseNames unique
	took                  document.Millis
	suites                bytes.Buffer
}

func newJUnit(w io.Writer, _ Options) Writer {
	return &junitWriter{w: w, suiteNames: unique{}, caseNames: unique{}}
}

func (j *junitWriter) Begin() error { return nil }

func (j *junitWriter) Report(d *document.Document) error {
	s := junitOf(d)
	s.Name = j.suiteNames.name(s.Name)
	for i := range s.Cases {
		c := &s.Cases[i]
		c.Name = strings.TrimPrefix(j.caseNames.name(c.Class+"."+c.Name), c.Class+".")
	}
	j.total.Tests += s.Tests
	j.total.Failures += s.Failures
	j.total.Errors += s.Errors
	j.took += d.Took
	text, err := xml.MarshalIndent(s, "  ", "  ")
	j.suites.WriteByte('\n')
	j.suites.Write(text)
	return err
}

func (j *junitWriter) End() error {
	if j.suites.Len() > 0 {
		j.suites.WriteByte('\n')
	}
	_, err := fmt.Fprintf(j.w, "%s<testsuites name=\"mailprobe\" tests=\"%d\" failures=\"%d\" errors=\"%d\" time=\"%s\">%s</testsuites>\n",
		xml.Header, j.total.Tests, j.total.Failures, j.total.Errors, junitTime(j.took), j.suites.Bytes())
	return err
}

func junitOf(d *document.Document) junitSuite {
	s := junitSuite{Name: d.Title.String(), Time: junitTime(d.Took), Timestamp: d.Started.UTC().Format("2006-01-02T15:04:05")}
	if d.Case != nil {
		s.junitSuiteCase(d)
		return s
	}
	for i := range d.Endpoints {
		s.add(endpointCase(d, &d.Endpoints[i]))
	}
	run := junitCase{Class: className(d), Name: "the run as a whole", Time: junitTime(0)}
	if grave := only(d.Findings, finding.Error); len(grave) > 0 {
		run.Failure = problem(grave)
		s.add(run)
	} else if d.Verdict != document.Works && s.Failures+s.Errors == 0 {
		run.Error = &junitProblem{Type: document.Unknown.String(), Message: strings.Join(answer(d), " ")}
		s.add(run)
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
	if c.Skipped != nil {
		s.Skipped++
	}
}

func endpointCase(d *document.Document, e *document.Endpoint) junitCase {
	c := junitCase{
		Class: className(d),
		Name:  e.Protocol.String() + " " + address(e.Server) + " " + security(e.Server),
		Time:  junitTime(e.Took),
		Out:   &junitText{observed(e, d.SignInAsked)},
	}
	switch e.Verdict {
	case document.Works:
	case document.Fails:
		c.Failure = verdictProblem(e)
	default:
		c.Error = verdictProblem(e)
		c.Error.Type = document.Unknown.String()
	}
	return c
}

// verdictProblem says why an endpoint does not work, and what works instead.
func verdictProblem(e *document.Endpoint) *junitProblem {
	why := e.Decisive()
	if len(why) == 0 {
		return &junitProblem{Type: e.Verdict.String(), Message: withoutFinding(e), Body: "What was seen stands in system-out."}
	}
	p := problem(why)
	for _, alt := range e.Instead {
		p.Body += fmt.Sprintf("Use instead: %s (%s; mailprobe %s)\n", asTyped(alt.Server), alt.Why, asURL(alt.Server))
	}
	return p
}

// problem puts findings into one element; the first gives its type and its
// message.
func problem(findings []document.Finding) *junitProblem {
	var b strings.Builder
	for _, f := range findings {
		explain(&b, f)
	}
	return &junitProblem{Type: findings[0].Code.String(), Message: findings[0].Message.String(), Body: b.String()}
}

func explain(b *strings.Builder, f document.Finding) {
	type row struct{ label, text string }
	rows := []row{
		{f.Severity.String(), f.Message.String() + " [" + f.Code.String() + "]"},
		{"Who must act", whoMustAct(f)},
	}
	for _, step := range stepLines(f.Do()) {
		rows = append(rows, row{"What to do", step})
	}
	rows = append(rows, row{"Help page", f.HelpURL.String()})
	for _, row := range rows {
		if row.text != "" {
			fmt.Fprintf(b, "%s: %s\n", row.label, row.text)
		}
	}
	for _, line := range peerLines(string(f.Evidence)) {
		fmt.Fprintf(b, "Seen: %s\n", line)
	}
}

// observed lists the phases, the sign-in and the warnings.
func observed(e *document.Endpoint, signInAsked bool) string {
	var b strings.Builder
	for _, s := range e.Phases {
		line := fmt.Sprintf("%-12s %-7s %8.1f ms  %s", s.Name, s.Status, s.Took, s.Why().Clip(maxEvidence))
		fmt.Fprintln(&b, strings.TrimRight(line, " "))
	}
	fmt.Fprintln(&b, signInLine(e.Auth, signInAsked))
	for _, f := range only(e.Findings, finding.Warning) {
		fmt.Fprintf(&b, "Warning: %s\n", short(f))
	}
	for _, line := range drifted(e.Findings) {
		fmt.Fprintf(&b, "Changed since the baseline: %s\n", line)
	}
	return b.String()
}

func signInLine(a document.SignIn, asked bool) string {
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
func className(d *document.Document) string {
	if d.Provider != nil && d.Provider.ID != "" {
		return d.Provider.ID.String()
	}
	return d.Target.String()
}

func junitTime(m document.Millis) string { return fmt.Sprintf("%.3f", m.Seconds()) }
