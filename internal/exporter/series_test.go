package exporter

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/document"
)

// foreign is a text as a server may say it.
const foreign = "foreign \"text\"}\n\\ of a server"

// fill puts foreign into every text behind v, and makes every list long.
func fill(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(foreign)
	case reflect.Pointer:
		if depth < 6 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), depth+1)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Now().Add(24 * time.Hour)))
			return
		}
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i), depth+1)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range 3 {
			fill(v.Index(i), depth+1)
		}
	}
}

// hostile is a document in which everything that a server may have said is
// foreign, of so many endpoints with so many findings.
func hostile(endpoints, findings int) *document.Document {
	d := &document.Document{}
	fill(reflect.ValueOf(d).Elem(), 0)
	one := d.Endpoints[0]
	fills := func(n int) (list []document.Finding) {
		for i := range n {
			f := d.Findings[0]
			f.Code, f.Severity, f.Blame = document.Text(fmt.Sprintf("cert.number_%d", i)), []document.Text{"error", "warning", "info"}[i%3], "provider"
			list = append(list, f)
		}
		return list
	}
	d.Verdict, d.Findings, d.Case = document.Fails, fills(findings), &document.Case{Case: foreign, Outcome: document.Unexpected, Counts: document.Fails}
	d.Unmet = []document.Unmet{{Finding: document.Finding{Code: "suite.slow", Severity: "error", Blame: "tool", Message: foreign}}}
	d.Endpoints = nil
	for i := range endpoints {
		e := one
		tls := *one.TLS
		e.TLS = &tls
		e.Server = document.Server{Protocol: []document.Text{"imap", "pop3", "smtp"}[i%3], Host: document.Text(fmt.Sprintf("host%d.example.com", i)), Port: 993, Security: "tls"}
		e.Verdict, e.Auth.Status, e.TLS.Version = document.Works, document.Accepted, "TLS 1.3"
		e.Findings = fills(findings)
		e.Phases = nil
		for _, m := range measured {
			for _, name := range m.phases {
				e.Phases = append(e.Phases, document.Phase{Name: document.Text(name), Status: document.OK, Took: 300, Note: foreign})
			}
		}
		e.Phases = append(e.Phases, document.Phase{Name: "capabilities", Status: document.OK})
		e.Address = "192.0.2.1:993"
		e.Capabilities = []document.Text{"IMAP4rev1", "X-" + foreign, "IDLE", "SIZE 1000", "idle", foreign}
		e.Mechanisms = []document.Text{"PLAIN", foreign, "X-" + foreign}
		d.Endpoints = append(d.Endpoints, e)
	}
	return d
}

// scraped is the answer to a scrape of a document.
func scraped(t *testing.T, o *Outcome) *httptest.ResponseRecorder {
	t.Helper()
	h := newHarness(t, Config{Targets: []Target{{Key: Key{Target: "a"}, Every: time.Minute, Run: func(context.Context, Leave) (*Outcome, error) { return o, nil }}}})
	w := h.get("/probe?target=a", "")
	if w.Code != 200 {
		t.Fatalf("got  %d %s", w.Code, w.Body)
	}
	return w
}

func seriesIn(text string) (n int) {
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			n++
		}
	}
	return n
}

// TestSeries holds that there are never more than 60 series of a target, that
// what is left out is counted, and that no text of a server is in any of them.
func TestSeries(t *testing.T) {
	for endpoints := range 40 {
		for _, findings := range []int{0, 1, 5, 80} {
			for _, published := range []bool{false, true} {
				o := &Outcome{Document: hostile(endpoints, findings), Published: published, Compared: true, HeldBack: findings > 1}
				w := scraped(t, o)
				text := w.Body.String()
				n, left := seriesIn(text), value(w, "mailprobe_series_left_out")
				if n > MaxSeries || left == "" || (left != "0") != (n > 50 && left != "0") {
					t.Fatalf("%d endpoints, %d findings: got  %d series, %s left out\nwant %d at most", endpoints, findings, n, left, MaxSeries)
				}
				if strings.Contains(strings.ToLower(text), "foreign") || published && strings.Contains(text, "example.com") {
					t.Fatalf("got  a text of a server: %s", text)
				}
				for _, always := range []string{"probe_success", "mailprobe_unknown", "probe_duration_seconds", `mailprobe_finding{blame="tool",code="suite.slow",severity="error"}`} {
					if value(w, always) == "" && (findings < 80 || !strings.HasPrefix(always, "mailprobe_finding")) {
						t.Fatalf("%d endpoints, %d findings: there is no %s: %s", endpoints, findings, always, text)
					}
				}
			}
		}
	}
}

// TestSeriesOfOne holds the values of one setting, word for word.
func TestSeriesOfOne(t *testing.T) {
	d := hostile(2, 1)
	d.Endpoints[1].Protocol, d.Endpoints[1].Verdict, d.Endpoints[1].Auth.Status, d.Endpoints[1].Address = "imap", document.Unknown, document.Withheld, "[2001:db8::1]:993"
	d.Endpoints[1].Capabilities = []document.Text{"IMAP4rev1", "MOVE"}
	d.Findings = append(d.Findings, document.Finding{Code: "drift.key", Severity: "info"}, document.Finding{Code: "drift.no_baseline", Severity: "info"})
	w := scraped(t, &Outcome{Document: d, Compared: true})
	for series, want := range map[string]string{
		"probe_success": "0", "mailprobe_unknown": "0", "mailprobe_drift": "1", "probe_ip_protocol": "", "probe_dns_lookup_time_seconds": "0.3",
		`mailprobe_case_outcome{outcome="unexpected"}`: "1", `mailprobe_sign_in{status="accepted"}`: "1", `mailprobe_sign_in{status="skipped"}`: "1",
		`probe_tls_version_info{version="TLS 1.3"}`:                                                                       "1",
		`mailprobe_success{port="993",protocol="imap",security="tls",server="imaps://host0.example.com:993"}`:             "1",
		`mailprobe_success{port="993",protocol="imap",security="tls",server="imaps://host1.example.com:993"}`:             "",
		`mailprobe_capability_info{capabilities="IMAP4REV1",protocol="imap"}`:                                             "1",
		`mailprobe_mechanism_info{mechanisms="PLAIN",protocol="imap"}`:                                                    "1",
		`mailprobe_phase_seconds_bucket{phase="tls",le="0.1"}`:                                                            "0",
		`mailprobe_phase_seconds_bucket{phase="tls",le="0.5"}`:                                                            "4",
		`mailprobe_phase_seconds_count{phase="resolve"}`:                                                                  "2",
		`mailprobe_finding{blame="provider",code="cert.number_0",severity="error"}`:                                       "1",
		`mailprobe_certificate_not_after_timestamp_seconds{port="993",protocol="imap",security="tls",server="imaps://x"}`: "",
	} {
		if got := value(w, series); got != want {
			t.Errorf("%s: got  %q\nwant %q", series, got, want)
		}
	}
}

// TestEmpty holds that nothing is claimed of which nothing was seen.
func TestEmpty(t *testing.T) {
	w := scraped(t, &Outcome{Document: &document.Document{}})
	if value(w, "probe_success") != "0" || value(w, "mailprobe_unknown") != "1" {
		t.Errorf("got  %s\nwant unknown", w.Body)
	}
	for _, name := range []string{"probe_ssl_earliest_cert_expiry", "mailprobe_certificate_daysleft", "probe_dns_lookup_time_seconds", "probe_ip_protocol", "mailprobe_drift"} {
		if got := value(w, name); got != "" {
			t.Errorf("%s: got  %s\nwant none", name, got)
		}
	}
}

// TestPromtool holds all that is answered against Prometheus' own linter.
func TestPromtool(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil && os.Getenv("MAILPROBE_REQUIRE_SERVERS") == "1" {
		t.Fatal("promtool is not installed, and MAILPROBE_REQUIRE_SERVERS=1")
	} else if err != nil {
		t.Skip("promtool is not installed: nothing was tested")
	}
	h := newHarness(t, Config{})
	for name, text := range map[string]string{
		"probe": scraped(t, &Outcome{Document: hostile(3, 3), Compared: true}).Body.String(), "own": h.get("/metrics", "").Body.String(),
	} {
		c := exec.CommandContext(t.Context(), promtool, "check", "metrics")
		c.Stdin = bytes.NewReader([]byte(text))
		out, err := c.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v: %s\n%s", name, err, out, text)
		}
	}
}
