package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

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
	o                     Options
	total                 junitSuite
	suiteNames, caseNames unique
	took                  document.Millis
	suites                bytes.Buffer
}

func newJUnit(w io.Writer, o Options) Writer {
	return &junitWriter{w: w, o: o, suiteNames: unique{}, caseNames: unique{}}
}

func (j *junitWriter) Begin() error { return nil }

func (j *junitWriter) Report(d *document.Document) error {
	return j.suite(junitOf(d), d.Took)
}

// suite adds a suite, with names that no other has.
func (j *junitWriter) suite(s junitSuite, took document.Millis) error {
	s.Name = j.suiteNames.name(s.Name)
	for i := range s.Cases {
		c := &s.Cases[i]
		c.Name = strings.TrimPrefix(j.caseNames.name(c.Class+"."+c.Name), c.Class+".")
	}
	j.total.Tests += s.Tests
	j.total.Failures += s.Failures
	j.total.Errors += s.Errors
	j.took += took
	text, err := xml.MarshalIndent(s, "  ", "  ")
	j.suites.WriteByte('\n')
	j.suites.Write(text)
	return err
}

func (j *junitWriter) End() error {
	if text := j.o.unreported(j.total.Failures + j.total.Errors); text != "" {
		run := junitCase{Class: "mailprobe", Name: "all that was verified", Time: junitTime(0)}
		if v := j.o.Over.Verdict(); v == document.Fails {
			run.Failure = &junitProblem{Type: v.String(), Message: text}
		} else {
			run.Error = &junitProblem{Type: document.Unknown.String(), Message: text}
		}
		s := junitSuite{Name: "mailprobe", Time: junitTime(0), Timestamp: time.Now().UTC().Format(junitMoment)}
		s.add(run)
		if err := j.suite(s, 0); err != nil {
			return err
		}
	}
	if j.suites.Len() > 0 {
		j.suites.WriteByte('\n')
	}
	_, err := fmt.Fprintf(j.w, "%s<testsuites name=\"mailprobe\" tests=\"%d\" failures=\"%d\" errors=\"%d\" time=\"%s\">%s</testsuites>\n",
		xml.Header, j.total.Tests, j.total.Failures, j.total.Errors, junitTime(j.took), j.suites.Bytes())
	return err
}

// junitMoment is how JUnit writes when something began.
const junitMoment = "2006-01-02T15:04:05"

func junitOf(d *document.Document) junitSuite {
	s := junitSuite{Name: d.Title.String(), Time: junitTime(d.Took), Timestamp: d.Started.UTC().Format(junitMoment)}
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
		run.Error = &junitProblem{Type: document.Unknown.String(), Message: strings.Join(answer(nil, d), " "), Body: explained(only(d.Findings, finding.Warning))}
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
