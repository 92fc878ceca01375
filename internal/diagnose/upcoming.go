package diagnose

import (
	"slices"
	"strconv"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// upcoming is the code of a change that a provider has announced. Advice with
// it holds until the day of the change.
const upcoming = "policy.upcoming"

// How long before the day a change is mentioned, and warned of.
const (
	mentioned = 90 * 24 * time.Hour
	warned    = 30 * 24 * time.Hour
)

// upcomingFindings tells of the next change that the provider has announced for
// this protocol, where its own server was reached. What is to be done about it
// is the provider's advice.
func upcomingFindings(r *probe.Result, c Context) []finding.Finding {
	change, left := c.nextChange(r.Endpoint.Protocol)
	day := change.Until
	reached := r.Step(probe.Capabilities).Status == probe.OK && !r.Overridden
	if !reached || day == "" || left > mentioned {
		return nil
	}
	f := finding.Finding{Code: upcoming, Args: finding.Args{"day": day},
		Message: "{server} works as now until {day}; from that day on a change holds that the provider has announced."}
	if left <= warned && !change.Mild {
		f.Severity = finding.Warning
	}
	return []finding.Finding{about(r, f)}
}

// nextChange returns the next change and the time until its day; without a day:
// none is announced.
func (c Context) nextChange(about settings.Protocol) (next settings.Advice, left time.Duration) {
	for _, a := range c.Provider.AdviceFor(upcoming, about, c.now()) {
		if a.Until == "" || next.Until != "" && a.Until >= next.Until {
			continue
		}
		if on, err := time.Parse(time.DateOnly, a.Until); err == nil {
			next, left = a, on.Sub(c.now())
		}
	}
	return next, left
}

// A lifetime is how long the certificates of an authority are valid at most
// from a day on.
type lifetime struct {
	from string // YYYY-MM-DD
	by   string // the authority's organisation; empty: all that browsers trust
	days int
	must bool // the authority gives out no others; false: it renews them by programs anyway, which need no warning
}

// lifetimes are those that have been announced, each before the next of the
// same authority: CA/Browser Forum ballot SC-081v3, and Let's Encrypt's profile
// "classic".
var lifetimes = []lifetime{
	{"2027-02-10", "Let's Encrypt", 64, false},
	{"2027-03-15", "", 100, true},
	{"2028-02-16", "Let's Encrypt", 45, false},
	{"2029-03-15", "", 47, true},
}

// lifetimeFindings tells of the next day from which on the server's authority
// gives out certificates for less time than this one has. Who renews them by
// hand must know it before.
func lifetimeFindings(r *probe.Result, c Context) []finding.Finding {
	if r.TLS == nil || r.TLS.MozillaTrust != tlscheck.TrustYes || len(r.TLS.Chain) == 0 {
		return nil
	}
	leaf := r.TLS.Chain[0]
	valid := int(leaf.NotAfter.Sub(leaf.NotBefore).Hours()) / 24
	for _, l := range lifetimes {
		from, err := time.Parse(time.DateOnly, l.from)
		left := from.Sub(c.now())
		if err != nil || left <= 0 || left > mentioned || valid <= l.days || l.by != "" && !slices.Contains(leaf.Issuer.Organization, l.by) {
			continue
		}
		f := finding.Finding{Code: "policy.certificate_lifetime",
			Args:    finding.Args{"day": l.from, "days": strconv.Itoa(l.days), "valid": strconv.Itoa(valid)},
			Message: "From {day} on the authority of {server}'s certificate gives out certificates for {days} days at most; this one was given out for {valid}."}
		if l.must && left <= warned {
			f.Severity = finding.Warning
		}
		return []finding.Finding{about(r, f)}
	}
	return nil
}
