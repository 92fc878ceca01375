package suite

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
)

var ranOn = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// ran is a document of one IMAP and one SMTP endpoint that work.
func ran() *document.Document {
	d := &document.Document{Verdict: document.Works, Started: ranOn}
	for _, s := range []document.Server{{Protocol: "imap", Host: "imap.example.com", Port: 993, Security: "tls"}, {Protocol: "smtp", Host: "smtp.example.com", Port: 587, Security: "starttls"}} {
		d.Endpoints = append(d.Endpoints, document.Endpoint{
			Server: s, Verdict: document.Works, Took: 400, Capabilities: []document.Text{"IDLE", "AUTH=PLAIN"}, Mechanisms: []document.Text{"PLAIN"},
			Auth:   document.SignIn{Status: document.NotTested},
			Phases: []document.Phase{{Name: "connect", Status: document.OK, Took: 120}, {Name: "capabilities", Status: document.OK, Took: 10}},
			TLS: &document.TLS{Version: "TLS 1.2", Chain: []document.Certificate{{
				ShortCertificate: document.ShortCertificate{NotBefore: ranOn.AddDate(0, -1, 0), NotAfter: ranOn.AddDate(0, 0, 5), DaysLeft: 5},
			}}},
		})
	}
	return d
}

// failing puts a finding of severity error on an endpoint.
func failing(d *document.Document, at int, code string) {
	d.Verdict, d.Endpoints[at].Verdict = document.Fails, document.Fails
	d.Endpoints[at].Findings = append(d.Endpoints[at].Findings, document.Finding{Code: document.Text(code), Severity: document.Text(finding.Error), Message: document.Text(code + " here")})
}

// drifted puts changes since a baseline on a document.
func drifted(d *document.Document) {
	d.Findings = append(d.Findings, document.Finding{Code: "drift.endpoint", Severity: document.Text(finding.Info)})
	d.Endpoints[0].Findings = append(d.Endpoints[0].Findings, document.Finding{Code: "drift.issuer", Severity: document.Text(finding.Info)})
}

func open(d *document.Document, at int) {
	d.Endpoints[at].Verdict = document.Unknown
	if d.Verdict == document.Works {
		d.Verdict = document.Unknown
	}
}

func TestJudge(t *testing.T) {
	const signsIn = "user: me@example.com, secret: {keyring: true}, "
	for _, row := range []struct {
		name   string
		rules  string // of the case
		change func(*document.Document)
		want   string // outcome, what it counts as
		unmet  string // codes of what is not met, with ~ before what is known and ? before what is open
	}{
		{"all works", "", nil, "as_expected works", ""},
		{"one fails", "", func(d *document.Document) { failing(d, 1, "net.refused") }, "unexpected fails", "net.refused"},
		{"one fails in two ways", "", func(d *document.Document) { failing(d, 1, "cert.expired"); failing(d, 1, "cert.name_mismatch") }, "unexpected fails", "cert.expired cert.name_mismatch"},
		{"one fails for no reason that is known", "", func(d *document.Document) { d.Verdict, d.Endpoints[0].Verdict = document.Fails, document.Fails }, "unexpected fails", "suite.verdict"},
		{"something is wrong with the run", "", func(d *document.Document) {
			d.Verdict, d.Findings = document.Unknown, []document.Finding{{Code: "env.offline", Severity: "error"}}
		}, "unexpected fails", "env.offline"},
		{"one could not be judged", "", func(d *document.Document) { open(d, 0) }, "unknown unknown", "?suite.not_judged"},
		{"no sign-in anywhere", "", func(d *document.Document) { d.Verdict = document.Unknown }, "unknown unknown", "?suite.not_judged"},
		{"a warning is enough", "unknown: warn", func(d *document.Document) { open(d, 0) }, "unknown works", "?suite.not_judged"},
		{"it may pass", "unknown: pass", func(d *document.Document) { open(d, 0) }, "unknown works", "?suite.not_judged"},
		{"no sign-in that was asked for may pass", "unknown: pass", func(d *document.Document) { d.Verdict, d.SignInAsked, d.SignInTested = document.Unknown, true, false }, "unknown unknown", "?suite.not_judged"},
		{"a sign-in elsewhere may pass", "unknown: pass", func(d *document.Document) { open(d, 0); d.SignInAsked, d.SignInTested = true, true }, "unknown works", "?suite.not_judged"},
		{"one fails, one could not be judged and may pass", "unknown: pass", func(d *document.Document) { open(d, 0); failing(d, 1, "net.refused") }, "unexpected fails", "?suite.not_judged net.refused"},
		{"interrupted", "", func(d *document.Document) { d.Interrupted = true }, "unknown unknown", ""},

		{"it is to fail and does", "expect: {verdict: fails}", func(d *document.Document) { failing(d, 1, "net.refused") }, "as_expected works", ""},
		{"it is to fail and works", "expect: {verdict: fails}", nil, "unexpected fails", "suite.verdict"},
		{"it is to fail and could not be judged", "expect: {verdict: fails}", func(d *document.Document) { open(d, 0) }, "unknown unknown", "?suite.not_judged"},
		{"it is to fail so", "expect: {code: net.refused}", func(d *document.Document) { failing(d, 1, "net.refused") }, "as_expected works", ""},
		{"it is to fail otherwise", "expect: {code: cert.expired}", func(d *document.Document) { failing(d, 1, "net.refused") }, "unexpected fails", "suite.code"},
		{"it is not to be judged", "expect: {verdict: unknown}", func(d *document.Document) { open(d, 0) }, "as_expected works", ""},
		{"one is to fail, the other works", "endpoints: [{endpoint: smtp, expect: {code: net.refused}}]", func(d *document.Document) { failing(d, 1, "net.refused") }, "as_expected works", ""},
		{"one is to fail, the other fails", "endpoints: [{endpoint: smtp, expect: {code: net.refused}}]", func(d *document.Document) { failing(d, 0, "net.refused") }, "unexpected fails", "net.refused suite.verdict suite.code"},
		{"by its URL", "endpoints: [{endpoint: 'imaps://imap.example.com', expect: {verdict: fails}}]", nil, "unexpected fails", "suite.verdict"},
		{"no such endpoint", "endpoints: [{endpoint: pop3, expect: {min_tls: '1.2'}}]", nil, "unexpected fails", "suite.no_endpoint"},

		{"capabilities", "endpoints: [{endpoint: imap, expect: {capabilities: {must: [idle, MOVE], must_not: [AUTH=PLAIN]}}}]", nil, "unexpected fails", "suite.capability suite.capability"},
		{"mechanisms", "expect: {mechanisms: {must: [PLAIN], must_not: [LOGIN]}}", nil, "as_expected works", ""},
		{"capabilities that were not seen", "expect: {capabilities: {must: [IDLE]}, mechanisms: {must_not: [LOGIN]}}", func(d *document.Document) { d.Endpoints[0].Phases = nil }, "unknown unknown", "?suite.not_judged ?suite.not_judged"},
		{"TLS", "expect: {min_tls: '1.3'}", nil, "unexpected fails", "suite.tls_version suite.tls_version"},
		{"no TLS", "expect: {min_tls: '1.0', min_days_left: 1}", func(d *document.Document) { d.Endpoints[0].TLS = nil }, "unexpected fails", "suite.tls_version suite.days_left"},
		{"no TLS where it fails", signsIn + "expect: {code: net.refused, min_tls: '1.0', min_days_left: 1, capabilities: {must: [IDLE]}, sign_in: accepted}", func(d *document.Document) {
			failing(d, 0, "net.refused")
			failing(d, 1, "net.refused")
			d.Endpoints[0].TLS, d.Endpoints[0].Phases = nil, nil
		}, "as_expected works", ""},
		{"days left", "expect: {min_days_left: 6}", nil, "unexpected fails", "suite.days_left suite.days_left"},
		{"days enough", "expect: {min_days_left: 5}", nil, "as_expected works", ""},
		{"expired today", "expect: {min_days_left: 0}", func(d *document.Document) {
			d.Endpoints[0].TLS.Chain[0].NotAfter, d.Endpoints[0].TLS.Chain[0].DaysLeft = ranOn.Add(-time.Hour), 0
		}, "unexpected fails", "suite.days_left"},
		{"expired and known", "{expect: {min_days_left: 7}, endpoints: [{endpoint: smtp, expect: {min_days_left: 1}}], only: [imap, smtp], known_failures: [{code: cert.expired, until: 2026-12-01, reason: r}]}", func(d *document.Document) {
			d.Endpoints[0].TLS.Chain[0].NotAfter, d.Endpoints[0].TLS.Chain[0].DaysLeft = ranOn.AddDate(0, 0, -3), -3
			d.Endpoints[1].TLS.Chain[0].DaysLeft = 9
			failing(d, 0, "cert.expired")
		}, "known_failure works", "~cert.expired"},
		{"slow", "expect: {max_time: 300ms, max_phases: {connect: 100ms, capabilities: 1s, access: 1ns}}", nil, "unexpected fails", "suite.slow suite.slow suite.slow suite.slow"},
		{"signed in", signsIn + "expect: {sign_in: accepted}", func(d *document.Document) {
			d.Endpoints[0].Auth.Status, d.Endpoints[1].Auth.Status = document.Accepted, document.Rejected
		}, "unexpected fails", "suite.sign_in"},
		{"sign-in not tested", signsIn + "expect: {sign_in: accepted}", nil, "unknown unknown", "?suite.not_judged ?suite.not_judged"},
		{"no sign-in wanted", "expect: {sign_in: not_tested}", func(d *document.Document) { d.Endpoints[0].Auth.Status = document.Withheld }, "as_expected works", ""},

		{"known", "known_failures: [{code: net.refused, until: 2026-11-23, reason: r}]", func(d *document.Document) { failing(d, 1, "net.refused") }, "known_failure works", "~net.refused"},
		{"known elsewhere", "known_failures: [{code: net.refused, endpoint: imap, until: 2026-11-23, reason: r}]", func(d *document.Document) { failing(d, 1, "net.refused") }, "unexpected fails", "net.refused suite.stale_known_failure"},
		{"known until yesterday", "known_failures: [{code: net.refused, until: 2026-11-22, reason: r}]", func(d *document.Document) { failing(d, 1, "net.refused") }, "unexpected fails", "net.refused"},
		{"one of two is known", "known_failures: [{code: cert.expired, until: 2026-12-01, reason: r}]", func(d *document.Document) { failing(d, 1, "cert.expired"); failing(d, 1, "net.refused") }, "unexpected fails", "~cert.expired net.refused"},
		{"an expectation is known not to be met", "{expect: {min_tls: '1.3'}, known_failures: [{code: suite.tls_version, until: 2026-12-01, reason: r}]}", nil, "known_failure works", "~suite.tls_version ~suite.tls_version"},
		{"a change", "", func(d *document.Document) { drifted(d) }, "as_expected works", ""},
		{"a change that is warned of", "drift: warn", func(d *document.Document) { drifted(d) }, "as_expected works", "drift.endpoint drift.issuer"},
		{"a change that counts", "drift: fail", func(d *document.Document) { drifted(d) }, "unexpected fails", "drift.endpoint drift.issuer"},
		{"a change that is known", "drift: fail, known_failures: [{code: drift.issuer, until: 2026-12-01, reason: r}, {code: drift.endpoint, until: 2026-12-01, reason: r}]", func(d *document.Document) { drifted(d) }, "known_failure works", "~drift.endpoint ~drift.issuer"},
		{"what is known is gone", "known_failures: [{code: net.refused, until: 2026-12-01, reason: r}]", nil, "stale_known_failure works", "suite.stale_known_failure"},
		{"what is known could not be judged", "known_failures: [{code: net.refused, until: 2026-12-01, reason: r}]", func(d *document.Document) { open(d, 0) }, "unknown unknown", "?suite.not_judged"},
	} {
		t.Run(row.name, func(t *testing.T) {
			inside := strings.Trim(row.rules, "{}")
			if !strings.HasPrefix(row.rules, "{") {
				inside = row.rules
			}
			text := "cases: [{target: example"
			if inside != "" {
				text += ", " + inside
			}
			s, err := Parse("a.yaml", []byte(text+"}]"), env)
			if err != nil {
				t.Fatal(err)
			}
			d := ran()
			if row.change != nil {
				row.change(d)
			}
			c := Judge(s, s.Cases[0], d, 1)
			var unmet []string
			for _, u := range c.Unmet {
				mark := map[bool]string{true: "~"}[u.Known] + map[bool]string{true: "?"}[u.Open]
				unmet = append(unmet, mark+string(u.Code))
			}
			if got := fmt.Sprint(c.Outcome, " ", c.Counts); got != row.want || strings.Join(unmet, " ") != row.unmet {
				t.Errorf("got  %s: %s\nwant %s: %s", got, strings.Join(unmet, " "), row.want, row.unmet)
			}
		})
	}
}

// TestNextRun holds that a certificate that ends before the next run is warned
// of, however the expectations are.
func TestNextRun(t *testing.T) {
	for interval, want := range map[string]int{"4d": 0, "6d": 2} {
		s, err := Parse("a.yaml", []byte("interval: "+interval+"\ncases: [{target: example}]"), env)
		if err != nil {
			t.Fatal(err)
		}
		c := Judge(s, s.Cases[0], ran(), 1)
		if len(c.Unmet) != want || c.Outcome != document.AsExpected || slices.ContainsFunc(c.Unmet, func(u document.Unmet) bool {
			return u.Code != "suite.ends_before_next_run" || u.Severity != "warning" || !strings.Contains(string(u.Message), "2026-11-28")
		}) {
			t.Errorf("%s\ngot  %+v\nwant %d warnings", interval, c, want)
		}
	}
}
