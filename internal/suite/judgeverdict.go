package suite

import (
	"slices"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
)

// target holds the verdict over all endpoints against the one that is expected.
func (j *judgement) target() {
	e := j.asked.Expect
	switch want := e.verdict(); {
	case want == document.Works:
		j.works()
	case j.d.Verdict == want:
	case j.d.Verdict == document.Unknown:
		j.open(whole, "it could not be judged whether the target %s", want)
	default:
		j.unlike(whole, "suite.verdict", "the target %s; the suite expects that it %s", verdictWords(j.d.Verdict), verdictWords(want))
	}
	if e.Code == "" || j.d.Verdict == document.Unknown {
		return
	}
	all := slices.Clone(j.d.Findings)
	for _, endpoint := range j.d.Endpoints {
		all = append(all, endpoint.Findings...)
	}
	j.code(whole, e.Code, all)
}

func verdictWords(v document.Text) string {
	if v == document.Unknown {
		return "cannot be judged"
	}
	return string(v)
}

// works notes every fault of a target that is to work, each by its own code, so
// that each may be known.
func (j *judgement) works() {
	before := len(j.unmet)
	j.faults(whole, j.d.Verdict, j.d.Findings)
	for i, e := range j.d.Endpoints {
		if !slices.ContainsFunc(j.asked.Endpoints, func(x EndpointExpect) bool {
			return x.matches(e.Server) && (x.Expect.Verdict != "" || x.Expect.Code != "")
		}) {
			j.faults(i, e.Verdict, e.Findings)
		}
	}
	if j.d.Verdict != document.Works && len(j.unmet) == before && len(j.asked.Endpoints) == 0 {
		j.open(whole, "it could not be judged whether the target works")
	}
}

// faults notes why an endpoint, or the run, does not work.
func (j *judgement) faults(at int, verdict document.Text, findings []document.Finding) {
	grave := slices.DeleteFunc(slices.Clone(findings), func(f document.Finding) bool { return f.Severity != document.Text(finding.Error) })
	for _, f := range grave {
		j.add(at, f)
	}
	if at == whole || len(grave) > 0 {
		return
	}
	switch verdict {
	case document.Works:
	case document.Fails:
		j.unlike(at, "suite.verdict", "the setting fails; the suite expects that it works")
	default:
		j.open(at, "it could not be judged whether the setting works")
	}
}

// some holds the endpoints that are named against what is expected of them.
func (j *judgement) some(x EndpointExpect) {
	found := false
	for i, e := range j.d.Endpoints {
		if !x.matches(e.Server) {
			continue
		}
		found = true
		j.endpoint(i, x.Expect)
		j.verdict(i, x.Expect)
	}
	if !found {
		j.unlike(whole, "suite.no_endpoint", "line %d names %s, and the target has no such endpoint", x.Line, x.Text)
	}
}

// verdict holds the verdict of one endpoint against what is expected of it.
func (j *judgement) verdict(at int, x Expect) {
	e := &j.d.Endpoints[at]
	want := x.verdict()
	switch {
	case x.Verdict == "" && x.Code == "":
		return
	case want == document.Works:
		j.faults(at, e.Verdict, e.Findings)
		return
	case e.Verdict == document.Unknown && want != document.Unknown:
		j.open(at, "it could not be judged whether the setting %s", want)
		return
	case e.Verdict != want:
		j.unlike(at, "suite.verdict", "the setting %s; the suite expects that it %s", verdictWords(e.Verdict), verdictWords(want))
	}
	if x.Code != "" {
		j.code(at, x.Code, e.Findings)
	}
}

func (j *judgement) code(at int, want string, findings []document.Finding) {
	if !slices.ContainsFunc(findings, func(f document.Finding) bool { return string(f.Code) == want }) {
		j.unlike(at, "suite.code", "%s was not found; the suite expects it", want)
	}
}

// verdict is the verdict that is expected: that of a code, or that all works.
func (e Expect) verdict() document.Text {
	if e.Verdict != "" {
		return document.Text(e.Verdict)
	}
	if page, _ := finding.PageOf(e.Code); e.Code != "" && page.Severity == finding.Error {
		return document.Fails
	}
	return document.Works
}
