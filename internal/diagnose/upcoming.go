package diagnose

import (
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
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
	day, left := c.nextChange(r.Endpoint.Protocol)
	reached := r.Step(probe.Capabilities).Status == probe.OK && !r.Overridden
	if !reached || day == "" || left > mentioned {
		return nil
	}
	f := finding.Finding{Code: upcoming, Severity: finding.Info, Args: finding.Args{"day": day},
		Message: "{server} works as now until {day}; from that day on a change holds that the provider has announced."}
	if left <= warned {
		f.Severity = finding.Warning
	}
	return []finding.Finding{about(r, f)}
}

// nextChange returns the day of the next change and the time until then; an
// empty day: none is announced.
func (c Context) nextChange(about settings.Protocol) (day string, left time.Duration) {
	for _, a := range c.Provider.AdviceFor(upcoming, about, c.now()) {
		if a.Until == "" || day != "" && a.Until >= day {
			continue
		}
		if on, err := time.Parse(time.DateOnly, a.Until); err == nil {
			day, left = a.Until, on.Sub(c.now())
		}
	}
	return day, left
}
