package diagnose

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// A Case is one endpoint of a run: what was observed, and what was found in it
// alone.
type Case struct {
	Setting   settings.Setting
	Result    *probe.Result
	Findings  []finding.Finding
	Addresses []*probe.Result     // the same dialogue at other addresses of the host; nil: not asked
	Untested  []netip.Addr        // addresses that were to be looked at and were not
	Provider  *settings.Provider  // of the catalogue, whose server it is; nil: not known
	Instead   []settings.Endpoint // what was found to work in its place
}

// A Control is a dialogue that was held for comparison, without a credential
// and no further than the one that it is compared with.
type Control struct {
	Result    *probe.Result
	Elsewhere bool               // at another provider than the run is about
	Provider  *settings.Provider // of the catalogue, whose server it is; nil: not known
}

// A commonCause explains findings of several endpoints at once. It is said of the
// run as a whole, and what it explains becomes one short sentence.
type commonCause struct {
	finding.Finding
	covers func(Case, finding.Finding) bool
	code   string           // of what is covered; empty: it keeps its own
	short  finding.Sentence // empty: what is covered is left out
	moot   string           // the code of findings that are left out with it
	stays  finding.Severity // of what is covered; empty: a warning, since nothing is known of the settings
}

// causes lists what may explain a whole run. Of the first group one at most
// does: where nothing is reached, nothing else can be seen.
func causes(s scene, c Context) []commonCause {
	var all []commonCause
	if !c.Ended {
		for _, find := range []func(scene) *commonCause{deadDNS, blindDNS, offline} {
			if found := find(s); found != nil {
				return []commonCause{*found}
			}
		}
	}
	for _, find := range []func(scene) *commonCause{lyingDNS, portal, misled, interceptor, brokenIPv6, brokenIPv4} {
		if found := find(s); found != nil {
			all = append(all, *found)
		}
	}
	return all
}

// Run judges what only shows over a whole run. It returns the findings about
// the run, and for each case its findings in the light of the others, gravest
// first. What has one cause is said once.
func Run(cases []Case, controls []Control, c Context) (run []finding.Finding, each [][]finding.Finding) {
	s := newScene(cases, controls)
	shared := causes(s, c)
	for _, x := range shared {
		run = append(run, x.Finding)
	}
	accepted := acceptedAt(cases)
	clock := s.clockFault(c)
	if clock != nil {
		run = append(run, clock.Finding)
	}
	for _, k := range cases {
		var findings []finding.Finding
		for _, f := range k.Findings {
			if accepted != nil && f.Code == passwordForm {
				continue // it is right, however it looks
			}
			if accepted != nil && k.isRejection(f) {
				f = c.adviseNew(k.Result, f, acceptedElsewhere(k, f, accepted, c))
			}
			if f.Code == noVerdict && !c.Ended {
				f = c.adviseNew(k.Result, f, s.explainNoVerdict(k, f, accepted))
			}
			if f, stays := s.again(k, f, shared, clock, c); stays && !toldAlready(findings, f) {
				findings = append(findings, clock.blame(f))
			}
		}
		findings = append(findings, c.adviseAll(k.Result, addressFindings(k.Result, k.Addresses))...)
		findings = append(findings, untested(k)...)
		findings = k.reasonFirst(onlyLargeLost(findings))
		finding.Sort(findings)
		each = append(each, findings)
	}
	finding.Sort(run)
	return run, each
}

// reasonFirst puts what says why the dialogue came no further before what only
// accompanies it.
func (k Case) reasonFirst(findings []finding.Finding) []finding.Finding {
	reasons := slices.DeleteFunc(slices.Clone(findings), func(f finding.Finding) bool { return !k.isWhy(f) })
	return append(reasons, slices.DeleteFunc(slices.Clone(findings), k.isWhy)...)
}

// onlyLargeLost leaves out what else is said of a dialogue from which large
// packets were lost: it is the same, seen with less.
func onlyLargeLost(findings []finding.Finding) []finding.Finding {
	i := slices.IndexFunc(findings, func(f finding.Finding) bool { return f.Code == largeLostCode })
	if i < 0 {
		return findings
	}
	phase := findings[i].Phase
	return slices.DeleteFunc(findings, func(f finding.Finding) bool { return f.Phase == phase && f.Code == interferenceCode })
}

// toldAlready reports whether the same is among findings.
func toldAlready(findings []finding.Finding, f finding.Finding) bool {
	return slices.ContainsFunc(findings, func(g finding.Finding) bool { return g.Code == f.Code && g.Message == f.Message && g.Phase == f.Phase })
}

// again judges one finding once more, now that all is known. stays is false
// for one that is said of the run instead.
func (s scene) again(k Case, f finding.Finding, shared []commonCause, clock *clock, c Context) (_ finding.Finding, stays bool) {
	for _, x := range shared {
		if x.covers(k, f) {
			return shortened(f, x), x.short != "" && f.Code != x.moot
		}
	}
	switch {
	case c.Ended:
		return f, true
	case f.Code == captiveCode && s.onlyHere(k):
		return f, false
	case k.isWhy(f):
		return c.adviseNew(k.Result, f, s.inLight(k, f)), true
	case f.Code == ipv6Broken && s.familyWorks(probe.IPv6Only, k.Result.Endpoint.Port) != nil:
		return brokenThere(f, *s.familyWorks(probe.IPv6Only, k.Result.Endpoint.Port)), true
	case clock == nil && (f.Code == certRules[tlscheck.NotYetValid].code || f.Code == certRules[tlscheck.Expired].code && f.Severity == finding.Error):
		return s.datesInOrder(f), true
	case f.Code == certRules[tlscheck.NameMismatch].code && catalogued(k.Provider) && replaceable(k.Result.TLS) && !isTyping(f):
		return f, false // who replaces the certificate replaces its names
	case f.Code == certRules[tlscheck.NameMismatch].code && f.Severity == finding.Error && !isTyping(f):
		return c.adviseNew(k.Result, f, s.strangersName(k, f)), true
	case concernsAuthority(f):
		return c.adviseNew(k.Result, f, s.whoSigns(k, f)), true
	}
	return f, true
}

// shortened takes the blame for the settings out of a finding whose cause the
// run as a whole names: it shows what was tried.
func shortened(f finding.Finding, x commonCause) finding.Finding {
	f.Code = cmp.Or(x.code, f.Code)
	f.Severity, f.Blame, f.Message = cmp.Or(x.stays, finding.Warning), x.Blame, x.short
	f.Remedy, f.Args, f.HelpURL = "", nil, ""
	return f
}

// isWhy reports whether a finding says why the dialogue of a case came no
// further.
func (k Case) isWhy(f finding.Finding) bool {
	step := k.Result.FailedStep()
	return step != nil && f.Phase == step.Phase && f.Code != captiveCode && step.Phase != probe.SignIn && step.Phase != probe.Access
}

// adviseAll adds the provider's advice to findings about r.
func (c Context) adviseAll(r *probe.Result, findings []finding.Finding) []finding.Finding {
	c.Setting = &settings.Setting{Endpoint: r.Endpoint}
	for i := range findings {
		findings[i] = c.advise(findings[i])
	}
	return findings
}

// adviseNew adds the provider's advice to what became of a finding, unless it
// holds that advice already.
func (c Context) adviseNew(r *probe.Result, before, after finding.Finding) finding.Finding {
	if after.Code == before.Code && strings.Contains(string(after.Remedy), string(before.Remedy)) {
		return after
	}
	return c.adviseAll(r, slices.Clone([]finding.Finding{after}))[0]
}
