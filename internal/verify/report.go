// Package verify is one whole run: a plan, all endpoints in parallel, one
// sign-in at a time, in a fixed order, findings, a Report. It prints nothing.
package verify

import (
	"net/netip"
	"slices"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/diagnose"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// A Verdict is the answer to "does it work?".
type Verdict string

const (
	Works   Verdict = "works"   // everything that was tested works; what was not tested is said beside it
	Fails   Verdict = "fails"   // there is a finding of severity error
	Unknown Verdict = "unknown" // it could not be judged from here
)

// A Report is all that one run found, and the question asked.
type Report struct {
	Target      string             // as typed
	Provider    *settings.Provider // nil: the target names endpoints itself
	Started     time.Time
	Took        time.Duration
	Verdict     Verdict
	SignInAsked bool   // signing in was to be tested, whether or not there was a credential
	Stopped     string // why the credential must not be shown again, here or in another run; empty: it may be
	Interrupted bool   // the user ended the run early: what is known is in the report
	Endpoints   []Endpoint
	Also        []Endpoint            // what the plan wanted to be looked at as well; what could not be is left out
	NotOffered  []settings.NotOffered // protocols that the provider states it does not offer
	Findings    []finding.Finding     // about the run as a whole: the clock, the network
	Controls    []diagnose.Control    // what else was connected to, to tell whose fault it is
	Scrubber    *auth.Scrubber        // for what cannot be changed here, such as certificates; nil: there was no secret

	beside []finding.Finding // those of the findings that were there before the run
	ended  bool              // the run was over before all was observed
}

// An Endpoint is one verified setting.
type Endpoint struct {
	settings.Setting
	Result      *probe.Result
	Findings    []finding.Finding // gravest first
	Verdict     Verdict
	FailedPhase string            // the phase of the gravest finding of severity error; empty: none
	Scan        *tlscheck.Scanned // what the server accepts by way of TLS; nil: not asked
	Instead     []Instead         // settings that work in its place, tested without a credential
	Addresses   []*probe.Result   // the same dialogue at the host's other addresses, without a sign-in; nil: not asked
	Untested    []netip.Addr      // addresses that were to be looked at and were not; nil: none

	alone []finding.Finding // what was found in it by itself
}

// Instead is a setting that was found to work where the documented one fails.
type Instead struct {
	settings.Endpoint
	Why string // where it comes from: "the catalogue's alternative", "a name in the certificate", "the usual port" ...
}

// Again returns the plan of what could not be judged in a report of p. There is
// none (false) where all was judged, where the user ended the run, and where a
// sign-in was rejected or may have been: it is never repeated.
func (p Plan) Again(r *Report) (Plan, bool) {
	if r.Interrupted || r.Stopped != "" {
		return p, false
	}
	p.Endpoints = slices.Clone(p.Endpoints)
	for i := len(p.Endpoints) - 1; i >= 0; i-- {
		if i >= len(r.Endpoints) || r.Endpoints[i].Verdict != Unknown {
			p.Endpoints = slices.Delete(p.Endpoints, i, i+1)
		}
	}
	return p, len(p.Endpoints) > 0
}

// Renew puts the report of Again in the place of what could not be judged. What
// is said of the run as a whole is what the later attempt found.
func (r *Report) Renew(again *Report) {
	next := 0
	for i := range r.Endpoints {
		if r.Endpoints[i].Verdict == Unknown && next < len(again.Endpoints) {
			r.Endpoints[i] = again.Endpoints[next]
			next++
		}
	}
	r.Findings, r.Stopped, r.Interrupted = again.Findings, again.Stopped, again.Interrupted
	r.Controls = append(r.Controls, again.Controls...)
	r.Took = again.Started.Add(again.Took).Sub(r.Started)
	r.Verdict = overall(r)
}
