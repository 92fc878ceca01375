package diagnose

import (
	"net/netip"
	"slices"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// A Case is one endpoint of a run: what was observed, and what was found in it
// alone.
type Case struct {
	Setting   settings.Setting
	Result    *probe.Result
	Findings  []finding.Finding
	Addresses []*probe.Result // the same dialogue at other addresses of the host; nil: not asked
	Untested  []netip.Addr    // addresses that were to be looked at and were not
}

// A Control is one connection that was made for comparison, without a word
// said over it.
type Control struct {
	Endpoint  settings.Endpoint
	Elsewhere bool // at another provider than the run is about
	Took      time.Duration
	Limit     time.Duration // that it had; zero: not known
	Err       error         // why there is no connection; nil: it was accepted
}

// Run judges what only shows over a whole run. It returns the findings about
// the run, and for each case its findings in the light of the others, gravest
// first. What has one cause is said once.
func Run(cases []Case, controls []Control, c Context) (run []finding.Finding, each [][]finding.Finding) {
	s := scene{cases, controls}
	away, isOffline := offline(s)
	if isOffline = isOffline && !c.Ended; isOffline {
		run = append(run, away)
	}
	accepted := acceptedAt(cases)
	clock := clockFault(cases, c)
	if clock != nil {
		run = append(run, clock.Finding)
	}
	for _, k := range cases {
		findings := slices.Clone(k.Findings)
		for i, f := range findings {
			switch unconnected := k.isWhy(f); {
			case unconnected && isOffline:
				f = unreached(f, away.Blame)
			case unconnected && k.reach() == silent && !c.Ended:
				f = c.adviseNew(k.Result, f, explainSilence(k.Result, f, s))
			case accepted != nil && k.isRejection(f):
				f = c.adviseNew(k.Result, f, acceptedElsewhere(k, f, accepted, c))
			}
			findings[i] = clock.blame(f)
		}
		findings = append(findings, c.adviseAll(k.Result, addressFindings(k.Result, k.Addresses))...)
		findings = append(findings, untested(k.Result, k.Untested)...)
		finding.Sort(findings)
		each = append(each, findings)
	}
	finding.Sort(run)
	return run, each
}

// isWhy reports whether a finding says why the connection of a case did not
// come about.
func (k Case) isWhy(f finding.Finding) bool {
	step := k.Result.FailedStep()
	return step != nil && f.Phase == step.Phase && (step.Phase == probe.Resolve || step.Phase == probe.Connect)
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
	if after.Code == before.Code {
		return after
	}
	return c.adviseAll(r, []finding.Finding{after})[0]
}
