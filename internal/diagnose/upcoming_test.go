package diagnose

import (
	"strings"
	"testing"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// TestUpcoming: a change is mentioned 90 days before its day, warned of 30 days
// before, and past on the day.
func TestUpcoming(t *testing.T) {
	change := settings.Advice{Codes: []string{"policy.upcoming"}, Protocols: []settings.Protocol{settings.SMTP}, Text: "Passwords end.", HelpURL: "https://example.com/", Until: "2027-01-01"}
	provider := &settings.Provider{ID: "one", Advice: []settings.Advice{
		{Codes: change.Codes, Protocols: change.Protocols, Text: "Later.", Until: "2028-01-01"}, change,
		{Codes: change.Codes, Protocols: change.Protocols, Text: "Without a day."},
	}}
	for _, c := range []struct {
		day      string
		protocol settings.Protocol
		want     finding.Severity // empty: nothing is said
	}{
		{"2026-10-02", settings.SMTP, ""},
		{"2026-10-03", settings.SMTP, finding.Info},
		{"2026-11-29", settings.SMTP, finding.Info},
		{"2026-12-01", settings.SMTP, finding.Info},
		{"2026-12-02", settings.SMTP, finding.Warning},
		{"2026-12-31", settings.SMTP, finding.Warning},
		{"2027-01-01", settings.SMTP, ""},
		{"2026-12-31", settings.IMAP, ""},
	} {
		now, _ := time.Parse(time.DateOnly, c.day)
		r := &probe.Result{Endpoint: settings.Endpoint{Protocol: c.protocol, Host: "smtp.example.com", Port: 587},
			Steps: []probe.Step{{Phase: probe.Capabilities, Status: probe.OK}}}
		got := upcomingFindings(r, Context{Provider: provider, Now: now})
		switch {
		case len(got) == 0 && c.want == "":
		case len(got) != 1 || got[0].Severity != c.want || !strings.Contains(got[0].Says(), "2027-01-01") || (got[0].Blame == "") != (c.want == finding.Info):
			t.Errorf("%s, %s\ngot  %+v\nwant %q", c.day, c.protocol, got, c.want)
		}
	}
	soon := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	for name, r := range map[string]*probe.Result{
		"no server reached": {Endpoint: settings.Endpoint{Protocol: settings.SMTP}},
		"led elsewhere":     {Endpoint: settings.Endpoint{Protocol: settings.SMTP}, Overridden: true, Steps: []probe.Step{{Phase: probe.Capabilities, Status: probe.OK}}},
	} {
		if got := upcomingFindings(r, Context{Provider: provider, Now: soon}); got != nil {
			t.Errorf("%s\ngot  %v\nwant none", name, got)
		}
	}
	if got := upcomingFindings(&probe.Result{}, Context{}); got != nil {
		t.Errorf("got  %v without a provider\nwant none", got)
	}
}
