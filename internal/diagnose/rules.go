// Package diagnose judges: from what a probe observed to what it means, who
// is to act, and what to do. It is pure: it dials nothing and prints nothing.
package diagnose

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// A Context is what is known beside the observation itself.
type Context struct {
	Provider *settings.Provider                                 // nil: the target names endpoints itself
	Setting  *settings.Setting                                  // the documented setting that was probed; nil: none
	Near     func(host string, port uint16) []settings.Endpoint // servers of the catalogue that a mistyped name may have meant; nil: not known
	Kind     auth.Kind                                          // of the credential that was given; empty: none
	Odd      []auth.Oddity                                      // what makes the password look wrong that was given for the server
	Now      time.Time                                          // the zero time: the real clock
	Built    time.Time                                          // when this program was built; the zero time: not known
	Ended    bool                                               // the run ended before all was observed: silence proves nothing
}

func (c Context) now() time.Time {
	if c.Now.IsZero() {
		return time.Now()
	}
	return c.Now
}

// A rule judges one subject.
type rule func(*probe.Result, Context) []finding.Finding

// rules lists every rule; each finds at most what its own subject gives.
var rules = []rule{
	dnsFindings,
	netFindings,
	slowFindings,
	modeFindings,
	startTLSFindings,
	protoFindings,
	tlsFindings,
	certFindings,
	offerFindings,
	mechanismFindings,
	tokenFindings,
	signInFindings,
	passwordFindings,
	userFormFindings,
	messageFindings,
	accessFindings,
	policyFindings,
	upcomingFindings,
	lifetimeFindings,
}

// about completes a finding about r's endpoint.
func about(r *probe.Result, f finding.Finding) finding.Finding {
	f.Subject = finding.About(r.Endpoint)
	return weighed(f)
}

// weighed gives a finding the severity and the blame of its code's page. What
// a rule says of these itself is a deviation; one that makes a mere fact of a
// finding blames nobody.
func weighed(f finding.Finding) finding.Finding {
	page, ok := finding.PageOf(f.Code)
	if !ok { // what is not understood is no success
		page = finding.Page{Severity: finding.Error, Blame: finding.Provider}
	}
	if f.Severity != finding.Info {
		f.Blame = cmp.Or(f.Blame, page.Blame)
	}
	f.Severity = cmp.Or(f.Severity, page.Severity)
	return f
}

// Result judges what one probe observed. The findings stand gravest first. A
// phase that was cut short by the end of the run says nothing of the server.
func Result(r *probe.Result, c Context) []finding.Finding {
	var all []finding.Finding
	for _, judge := range rules {
		all = append(all, judge(r, c)...)
	}
	if f := r.FailedStep(); f != nil {
		all = withFailure(all, r, f)
	}
	for i := range all {
		all[i] = c.advise(c.mistyped(r, all[i]))
	}
	finding.Sort(all)
	return all
}

// withFailure makes sure that a failed phase is explained. What the rules say
// of a phase that was cut short is about the run, not about the server, unless
// it is about a message that was left somewhere.
func withFailure(all []finding.Finding, r *probe.Result, s *probe.Step) []finding.Finding {
	if probe.CutShort(s.Err) {
		all = slices.DeleteFunc(all, func(x finding.Finding) bool {
			return x.Phase == s.Phase && x.Severity != finding.Info && x.Code != messageLeft && x.Code != messageNotSeen
		})
		return append(all, cutOffRun(r, s))
	}
	if !slices.ContainsFunc(all, func(x finding.Finding) bool { return x.Phase == s.Phase }) {
		all = append(all, unexplained(r, s))
	}
	return all
}

// cutOffRun says that the run was over, by its limit or by the user, before a
// server was done.
func cutOffRun(r *probe.Result, s *probe.Step) finding.Finding {
	f := finding.Finding{Code: "tool.out_of_time", Phase: s.Phase, Args: finding.Args{"phase": s.Phase}, Remedy: "Repeat with a longer --timeout."}
	over := finding.Sentence("The time for the whole run was over")
	if errors.Is(s.Err, context.Canceled) {
		f.Code, f.Remedy = "tool.interrupted", "Repeat it and let it come to its end."
		over = "The run was interrupted"
	}
	f.Message = over + " before {server} was done (in the phase {phase}). The settings were not judged."
	if probe.NotBegun(s.Err) && s.Phase == probe.Resolve {
		f.Args = nil
		f.Message = over + " before the test of {server} began. The settings were not judged."
	}
	if s.Phase == probe.SignIn && r.SecretSent {
		f.Message, f.Args = f.Message.Then("Whether the {secret} is right is not known.").Then(mayCount(r)), finding.Args{"phase": s.Phase, "secret": secretNoun(r)}
	}
	return about(r, f)
}

// advise adds what the provider tells its users about such a finding. About a
// sign-in it takes the place of what is said to anybody: the two would say
// things twice, or against each other. What was seen here, such as a mechanism
// in doubt, stays.
func (c Context) advise(f finding.Finding) finding.Finding {
	if c.Provider == nil || c.saidOfToken(f) {
		return f
	}
	advice := c.Provider.AdviceFor(f.Code, c.protocol(), c.now())
	if c.Kind == auth.Token {
		advice = slices.DeleteFunc(advice, func(a settings.Advice) bool { return withoutPasswords(finding.Verbatim(a.Text)) == "" })
	}
	if len(advice) > 0 && strings.HasPrefix(f.Code, "auth.") && !f.Remedy.Names("mechanism") && !f.Remedy.Names("scopes") {
		f.Remedy = ""
	}
	for _, a := range advice {
		text := finding.Verbatim(a.Text)
		if c.Kind == auth.Token {
			text = withoutPasswords(text)
		}
		f.Remedy = f.Remedy.Then(text)
		if a.HelpURL != "" {
			f.HelpURL = a.HelpURL
		}
	}
	return f
}

// unexplained says that a phase failed for a reason that no rule knows. It is
// never silent: what no rule explains is no success.
func unexplained(r *probe.Result, s *probe.Step) finding.Finding {
	return about(r, finding.Finding{
		Code: "proto.failed", Phase: s.Phase, Args: finding.Args{"phase": s.Phase},
		Message:  "{server} failed in the phase {phase}.",
		Remedy:   "Repeat with --transcript and show the dialogue to the provider.",
		Evidence: finding.Saw(withoutAddresses(s.Err)),
	})
}

// protocol is that of the setting that was probed; empty: not known.
func (c Context) protocol() settings.Protocol {
	if c.Setting == nil {
		return ""
	}
	return c.Setting.Protocol
}
