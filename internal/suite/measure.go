package suite

import (
	"maps"
	"slices"
	"strings"
	"time"

	"mailprobe/internal/document"
)

// endpoint holds what was seen of an endpoint against what is expected of it.
// What was not seen because it does not work is told by its verdict.
func (j *judgement) endpoint(at int, x Expect) {
	e := &j.d.Endpoints[at]
	j.signIn(at, e, x.SignIn)
	seen := e.Phase("capabilities").Status == document.OK
	j.must(at, seen, "capability", "suite.capability", e.Capabilities, x.Capabilities)
	j.must(at, seen, "mechanism", "suite.mechanism", e.Mechanisms, x.Mechanisms)
	j.session(at, e, x)
	j.times(at, e, x)
}

func (j *judgement) signIn(at int, e *document.Endpoint, want string) {
	got := e.Auth.Status
	if got == document.Withheld {
		got = document.NotTested
	}
	switch {
	case want == "" || string(got) == want:
	case e.Verdict != document.Works && got != document.Accepted && got != document.Rejected:
	case got == document.NotJudged || got == document.NotTested:
		j.open(at, "signing in was not judged; the suite expects that it is %s", want)
	default:
		j.unlike(at, "suite.sign_in", "signing in was %s; the suite expects %s", got, strings.ReplaceAll(want, "_", " "))
	}
}

func (j *judgement) must(at int, seen bool, what, code string, got []document.Text, want Must) {
	if !seen {
		if len(want.Have)+len(want.HaveNot) > 0 && j.d.Endpoints[at].Verdict == document.Works {
			j.open(at, "no %s was seen", what)
		}
		return
	}
	has := func(name string) bool {
		return slices.ContainsFunc(got, func(t document.Text) bool { return strings.EqualFold(string(t), name) })
	}
	for _, name := range want.Have {
		if !has(name) {
			j.unlike(at, code, "the %s %s is missing", what, name)
		}
	}
	for _, name := range want.HaveNot {
		if has(name) {
			j.unlike(at, code, "the %s %s is there and must not be", what, name)
		}
	}
}

// session holds TLS against what is expected.
func (j *judgement) session(at int, e *document.Endpoint, x Expect) {
	used := e.Used()
	switch {
	case x.MinTLS == "", used.TLSVersion == "" && e.Verdict != document.Works:
	case used.TLSVersion == "":
		j.unlike(at, "suite.tls_version", "there was no TLS session; the suite expects TLS %s at least", x.MinTLS)
	case strings.TrimPrefix(string(used.TLSVersion), "TLS ") < x.MinTLS:
		j.unlike(at, "suite.tls_version", "%s was agreed on; the suite expects TLS %s at least", used.TLSVersion, x.MinTLS)
	}
	switch {
	case x.MinDaysLeft == nil, used.Certificate == nil && e.Verdict != document.Works:
	case used.Certificate == nil:
		j.unlike(at, "suite.days_left", "there was no certificate; the suite expects one with %d days left at least", *x.MinDaysLeft)
	case used.Certificate.NotAfter.Before(j.d.Started) && e.Verdict == document.Fails: // the verdict says so
	case used.Certificate.DaysLeft < *x.MinDaysLeft || used.Certificate.NotAfter.Before(j.d.Started):
		j.unlike(at, "suite.days_left", "the certificate has %d days left; the suite expects %d at least", used.Certificate.DaysLeft, *x.MinDaysLeft)
	}
}

// times holds how long it took against what is expected. A phase that did not
// come to its end is told by the verdict.
func (j *judgement) times(at int, e *document.Endpoint, x Expect) {
	took := func(m document.Millis) time.Duration { return time.Duration(float64(m) * float64(time.Millisecond)) }
	if d := took(e.Took); x.MaxTime > 0 && d > x.MaxTime {
		j.unlike(at, "suite.slow", "the test took %s; the suite expects %s at most", d, x.MaxTime)
	}
	for _, name := range slices.Sorted(maps.Keys(x.MaxPhases)) {
		ph, most := e.Phase(name), x.MaxPhases[name]
		if d := took(ph.Took); ph.Status == document.OK && d > most {
			j.unlike(at, "suite.slow", "the phase %s took %s; the suite expects %s at most", name, d, most)
		}
	}
}
