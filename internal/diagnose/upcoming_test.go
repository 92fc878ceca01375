package diagnose

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// TestUpcoming: a change is mentioned 90 days before its day, warned of 30 days
// before, and past on the day.
func TestUpcoming(t *testing.T) {
	change := settings.Advice{Codes: []string{"policy.upcoming"}, Protocols: []settings.Protocol{settings.SMTP}, Text: "Passwords end.", HelpURL: "https://example.com/", Until: "2027-01-01"}
	provider := &settings.Provider{ID: "one", Advice: []settings.Advice{
		{Codes: change.Codes, Protocols: change.Protocols, Text: "Later.", Until: "2028-01-01"}, change,
		{Codes: change.Codes, Protocols: change.Protocols, Text: "Without a day."},
		{Codes: change.Codes, Protocols: []settings.Protocol{settings.POP3}, Text: "Old TLS ends.", Until: "2027-01-01", Mild: true},
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
		{"2026-10-02", settings.POP3, ""},
		{"2026-12-31", settings.POP3, finding.Info},
	} {
		now, _ := time.Parse(time.DateOnly, c.day)
		r := &probe.Result{Endpoint: settings.Endpoint{Protocol: c.protocol, Host: "smtp.example.com", Port: 587},
			Steps: []probe.Step{{Phase: probe.Capabilities, Status: probe.OK}}}
		got := upcomingFindings(r, Context{Provider: provider, Now: now})
		switch {
		case len(got) == 0 && c.want == "":
		case len(got) != 1 || got[0].Severity != c.want || !strings.Contains(got[0].Says(), "2027-01-01") || got[0].Blame != finding.Account:
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

// TestShorterLifetimes: whoever renews certificates by hand is told 90 days
// before they are given out for less time, and warned 30 days before.
func TestShorterLifetimes(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		now    string
		issuer string
		days   time.Duration
		trust  tlscheck.Trust
		from   string // empty: nothing is said
		want   finding.Severity
	}{
		{"2026-11-29", "DigiCert Inc", 199, tlscheck.TrustYes, "", ""},
		{"2026-12-14", "DigiCert Inc", 199, tlscheck.TrustYes, "", ""},
		{"2026-12-15", "DigiCert Inc", 199, tlscheck.TrustYes, "2027-03-15", finding.Info},
		{"2027-02-12", "DigiCert Inc", 199, tlscheck.TrustYes, "2027-03-15", finding.Info},
		{"2027-02-13", "DigiCert Inc", 199, tlscheck.TrustYes, "2027-03-15", finding.Warning},
		{"2027-03-15", "DigiCert Inc", 199, tlscheck.TrustYes, "", ""},
		{"2027-03-01", "DigiCert Inc", 100, tlscheck.TrustYes, "", ""},
		{"2027-03-01", "Own", 800, tlscheck.TrustNo, "", ""},
		{"2026-11-29", "Let's Encrypt", 90, tlscheck.TrustYes, "2027-02-10", finding.Info},
		{"2027-02-09", "Let's Encrypt", 90, tlscheck.TrustYes, "2027-02-10", finding.Info},
		{"2027-02-09", "Let's Encrypt", 45, tlscheck.TrustYes, "", ""},
		{"2027-02-09", "ZeroSSL", 90, tlscheck.TrustYes, "", ""},
		{"2028-01-20", "Let's Encrypt", 64, tlscheck.TrustYes, "2028-02-16", finding.Info},
		{"2029-03-01", "DigiCert Inc", 100, tlscheck.TrustYes, "2029-03-15", finding.Warning},
	} {
		now, _ := time.Parse(time.DateOnly, c.now)
		leaf := &x509.Certificate{Issuer: pkix.Name{Organization: []string{c.issuer}}, NotBefore: now, NotAfter: now.Add(c.days * day)}
		r := &probe.Result{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993}, TLS: &tlscheck.State{MozillaTrust: c.trust, Chain: []*x509.Certificate{leaf}}}
		got := lifetimeFindings(r, Context{Now: now})
		switch {
		case len(got) == 0 && c.from == "":
		case len(got) != 1 || got[0].Code != "policy.certificate_lifetime" || got[0].Severity != c.want || got[0].Args["day"] != c.from || !strings.Contains(got[0].Says(), c.from) || got[0].Blame != finding.Provider:
			t.Errorf("%+v\ngot  %+v", c, got)
		}
	}
	if got := lifetimeFindings(&probe.Result{}, Context{}); got != nil {
		t.Errorf("got  %v without TLS\nwant none", got)
	}
}

// Each lifetime is a day, and no longer than the one before of its authority.
func TestLifetimesGrowShorter(t *testing.T) {
	last := map[string]lifetime{}
	for _, l := range lifetimes {
		before, again := last[l.by]
		if _, err := time.Parse(time.DateOnly, l.from); err != nil || again && (l.from <= before.from || l.days >= before.days) {
			t.Errorf("got  %+v behind %+v, %v", l, before, err)
		}
		last[l.by] = l
	}
}
