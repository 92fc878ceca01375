package verify

import (
	"context"
	"slices"

	"mailprobe/internal/auth"
	"mailprobe/internal/diagnose"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// judgeEach judges every endpoint by itself. judgeRun puts the findings in
// order.
func (p Plan) judgeEach(results []*probe.Result, scans []*tlscheck.Scanned) []Endpoint {
	endpoints := make([]Endpoint, len(results))
	for i, setting := range p.Endpoints {
		endpoints[i] = p.judge(setting, results[i])
		endpoints[i].Scan = scans[i]
		endpoints[i].Findings = append(endpoints[i].Findings, diagnose.Scan(setting.Endpoint, scans[i])...)
	}
	return endpoints
}

// judge turns what one probe observed into findings and a verdict.
func (p Plan) judge(setting settings.Setting, result *probe.Result) Endpoint {
	e := Endpoint{Setting: setting, Result: result}
	if a := &result.Auth; a.Status == probe.AuthRejected && diagnose.NotJudged(setting.Endpoint, *a, p.provider(result)) {
		a.Status, a.Reason = probe.AuthUnknown, "the server has refused without judging the credential"
	}
	e.Findings = diagnose.Result(result, p.judgeBy(&setting, p.provider(result)))
	e.Verdict, e.FailedPhase = verdict(result, e.Findings)
	if a := &result.Auth; a.Status == probe.AuthRejected && e.Verdict == Unknown { // by its words it may pass
		a.Status, a.Reason = probe.AuthUnknown, "the server says that it cannot judge it now"
	}
	return e
}

// judgeRun sees each endpoint in the light of all others and of the controls.
func (p Plan) judgeRun(ctx context.Context, r *Report) {
	r.ended = ctx.Err() != nil
	for i := range r.Endpoints {
		r.Endpoints[i].alone = r.Endpoints[i].Findings
	}
	p.judgeAmong(r, nil)
	sayOnce(r)
}

// sayOnce says once what hinders several endpoints of runs that are judged
// together.
func sayOnce(reports ...*Report) {
	runs := make([]*diagnose.Judged, len(reports))
	for i, r := range reports {
		runs[i] = &diagnose.Judged{Run: r.Findings}
		for _, e := range r.Endpoints {
			runs[i].Each = append(runs[i].Each, e.Findings)
		}
	}
	diagnose.Once(runs)
	for i, r := range reports {
		r.Findings = runs[i].Run
	}
}

// judgeAmong judges a run in the light of what others saw as well. It can be
// done again when more is known.
func (p Plan) judgeAmong(r *Report, others []diagnose.Control) {
	known := p.judgeBy(nil, p.Provider)
	known.Ended = r.ended
	cases := p.cases(r.Endpoints)
	for i := range cases {
		cases[i].Findings = r.Endpoints[i].alone
	}
	run, each := diagnose.Run(cases, slices.Concat(r.Controls, others), known)
	r.Findings, r.beside = slices.Concat(p.Beside, run), p.Beside
	for i := range r.Endpoints {
		e := &r.Endpoints[i]
		e.Findings = each[i]
		e.Verdict, e.FailedPhase = verdict(e.Result, e.Findings)
		if e.Verdict == Works && len(e.Untested) > 0 {
			e.Verdict = Unknown
		}
	}
	r.Verdict = overall(r)
}

// provider returns whose server a result is about: the plan's provider, or the
// one by whose host name or greeting the server is recognised. nil: not known.
func (p Plan) provider(r *probe.Result) *settings.Provider {
	if p.Provider != nil || p.Recognise == nil {
		return p.Provider
	}
	return p.Recognise(r.Endpoint.Host, r.Greeting)
}

// judgeBy returns what is known beside the observations.
func (p Plan) judgeBy(setting *settings.Setting, provider *settings.Provider) diagnose.Context {
	c := diagnose.Context{Provider: provider, Setting: setting, Near: p.Near, Kind: p.kind(), Built: p.Built}
	if setting != nil {
		c.Odd = oddities(p.Options.Credential.For(setting.Host), setting)
	}
	if p.Options.Now != nil {
		c.Now = p.Options.Now()
	}
	return c
}

// oddities is what makes a password look wrong for a setting. A form that
// cannot be read tells nothing; the catalogue's own tests read them all.
func oddities(c *auth.Credential, s *settings.Setting) []auth.Oddity {
	pattern := ""
	if form := s.PasswordForm(); form != nil {
		pattern = form.Pattern
	}
	odd, err := c.Look(pattern)
	if err != nil {
		return nil
	}
	return odd
}

// verdict says whether an endpoint works. A finding of severity error means
// that it does not; a phase that failed without one could not be judged, and
// neither could a sign-in that was asked for and did not happen, nor a server
// that a mail program refuses for its certificate.
func verdict(r *probe.Result, findings []finding.Finding) (Verdict, string) {
	for _, f := range findings {
		if f.Severity == finding.Error {
			return Fails, f.Phase
		}
	}
	if r.FailedStep() != nil || notAnswered(r) || r.TLS != nil && !r.TLS.Trusted() {
		return Unknown, ""
	}
	return Works, ""
}

// notAnswered reports whether a question was asked and stays open: whether the
// account can sign in, or whether a test message arrives.
func notAnswered(r *probe.Result) bool {
	a, m := r.Auth, r.Message
	return a.Status == probe.AuthUnknown || a.Status == probe.AuthSkipped && a.Open ||
		m != nil && !m.Sent && !m.Seen
}

// accepts reports whether an endpoint was signed in to.
func accepts(e Endpoint) bool { return e.Result != nil && e.Result.Auth.Status == probe.AuthAccepted }

// overall is the verdict of a whole run: it fails if one endpoint fails, and
// works only if all do, nothing is wrong with the run as a whole, and a sign-in
// that was asked for was made somewhere.
func overall(r *Report) Verdict {
	v := Works
	for _, e := range r.Endpoints {
		switch {
		case e.Verdict == Fails:
			return Fails
		case e.Verdict == Unknown:
			v = Unknown
		}
	}
	if slices.ContainsFunc(r.beside, func(f finding.Finding) bool { return f.Severity == finding.Error }) {
		return Fails // what is published is wrong, wherever it is looked at from
	}
	grave := slices.ContainsFunc(r.Findings, func(f finding.Finding) bool { return f.Severity == finding.Error })
	if len(r.Endpoints) == 0 || grave || r.SignInAsked && !slices.ContainsFunc(r.Endpoints, accepts) {
		return Unknown
	}
	return v
}

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
