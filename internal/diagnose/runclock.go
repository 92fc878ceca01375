package diagnose

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/tlscheck"
)

// A clock is what a run shows of this computer's clock being wrong.
type clock struct {
	finding.Finding
	ahead bool // of the time; otherwise it is behind
}

// clockFault tells that this computer's clock is wrong, for certain or very
// likely, so that no server is blamed for dates that are right. nil: nothing shows it.
func (s scene) clockFault(c Context) *clock {
	if now := c.now(); !c.Built.IsZero() && now.Before(c.Built) {
		return &clock{Finding: weighed(finding.Finding{Code: "env.clock_before_build", Args: finding.Args{"today": day(now), "built": day(c.Built)},
			Message:  "The clock of this computer shows {today}, but this program was built on {built}: the clock is wrong, and no certificate can be judged by it.",
			Remedy:   "Set the date and time of this computer, then try again.",
			Evidence: finding.Saw(now.UTC().Format(time.RFC3339))})}
	}
	for _, kind := range []tlscheck.Kind{tlscheck.NotYetValid, tlscheck.Expired} {
		if f, ok := s.skewed(kind, c.now()); ok {
			return &clock{f, kind == tlscheck.Expired}
		}
	}
	return nil
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// skewed suspects the clock if unrelated hosts show the same fault of time:
// certificates of two issuers or two owners that are not valid yet, or ended
// ones and no other certificate.
func (s scene) skewed(kind tlscheck.Kind, now time.Time) (finding.Finding, bool) {
	hosts, issuers, owners, others := map[string]bool{}, map[string]bool{}, map[string]bool{}, 0
	for _, x := range s.sightings() {
		t := x.result.TLS
		if t == nil || len(t.Chain) == 0 {
			continue
		}
		if leafHas(t, kind) {
			hosts[x.Host], issuers[authority(t.Chain[0])], owners[registered(x.Host)] = true, true, true
			continue
		}
		others++
	}
	if len(hosts) < 2 || len(issuers) < 2 && len(owners) < 2 || kind == tlscheck.Expired && others > 0 {
		return finding.Finding{}, false
	}
	what := finding.Sentence("have all expired")
	if kind == tlscheck.NotYetValid {
		what = "are all not valid yet"
	}
	return weighed(finding.Finding{Code: "env.clock_skew_suspected", Args: finding.Args{"hosts": fmt.Sprint(len(hosts)), "today": day(now)},
		Message:  "The certificates of {hosts} hosts, which are of different issuers or owners, " + what + ". More likely the clock of this computer is wrong: it shows {today}.",
		Remedy:   "Set the date and time of this computer, then try again.",
		Evidence: finding.Saw(now.UTC().Format(time.RFC3339))}), true
}

// authority names who issued a certificate. One authority has many issuing
// certificates, which say nothing new about a clock.
func authority(c *x509.Certificate) string {
	if len(c.Issuer.Organization) > 0 {
		return strings.Join(c.Issuer.Organization, ",")
	}
	return c.Issuer.String()
}

func leafHas(s *tlscheck.State, kind tlscheck.Kind) bool {
	return slices.ContainsFunc(s.Causes, func(c tlscheck.Cause) bool { return c.Kind == kind && (c.Cert == nil || c.Cert == s.Chain[0]) })
}

// blame takes back what was said of a certificate's dates where the clock
// that they were held against is wrong. A clock that is behind excuses what is
// not valid yet, one that is ahead what has ended. The endpoint is not judged.
func (c *clock) blame(f finding.Finding) finding.Finding {
	if c == nil || !c.excuses(f) {
		return f
	}
	if f.Severity == finding.Error {
		f.Severity = finding.Warning
	}
	f.Blame = finding.LocalMachine
	f.Message = f.Message.Then("But the clock of this computer is wrong, or seems to be.")
	f.Remedy = "" // it is said of the run
	return f
}

func (c *clock) excuses(f finding.Finding) bool {
	kinds := []tlscheck.Kind{tlscheck.NotYetValid}
	if c.ahead {
		kinds = []tlscheck.Kind{tlscheck.Expired, tlscheck.ExpiresSoon, tlscheck.ChainCertExpired}
	}
	return slices.ContainsFunc(kinds, func(k tlscheck.Kind) bool { return certRules[k].code == f.Code })
}

// datesInOrder blames the server for a certificate's dates, where other
// certificates show that this computer's clock may well be right.
func (s scene) datesInOrder(f finding.Finding) finding.Finding {
	for _, x := range s.sightings() {
		if t := x.result.TLS; t != nil && t.Trusted() {
			f.Args = with(f.Args, "other", x.Host)
			if f.Code == certRules[tlscheck.Expired].code {
				f.Message = f.Message.Then("By the same clock that of {other} is valid.")
				return f
			}
			f.Blame = finding.Provider
			f.Message = "The certificate of {server} becomes valid only in {days}, on {day}, by the clock of this computer, by which that of {other} is valid."
			f.Remedy = "The provider must install a certificate that is valid already."
			return f
		}
	}
	return f
}
