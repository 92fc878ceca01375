package exporter

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/metrics"
	"mailprobe/internal/probe"
)

// A target adds what is said of an outcome to the series. No label holds a text
// of a server: what there may be in one are words of this program and of its
// configuration.
type target struct {
	*series
	r *result
	o *Outcome
	d *document.Document
}

// verdict says what the target counts as.
func (t target) verdict() {
	counts := verdictOf(t.d)
	t.gauge(metrics.ProbeSuccess, truth(counts == document.Works))
	t.gauge(metrics.Unknown, truth(counts != document.Works && counts != document.Fails))
	if t.d.Case != nil {
		t.gauge(metrics.CaseOutcome, 1, "outcome", string(t.d.Outcome))
	}
	t.gauge(metrics.HeldBack, truth(t.r.heldBack()))
	t.gauge(metrics.Waits, truth(t.r.waits))
	for _, status := range t.distinct(func(e *document.Endpoint) string { return string(e.Auth.Status) }) {
		t.gauge(metrics.SignIn, 1, "status", status)
	}
	if t.o.Compared {
		t.gauge(metrics.Drift, float64(t.changes()))
	}
}

// times says when and how fast it was, and how long it is good for.
func (t target) times(now time.Time) {
	t.gauge(metrics.ProbeDuration, t.d.Took.Seconds())
	t.gauge(metrics.TargetTimestamp, float64(t.d.Started.UnixMilli())/1000)
	if d, ok := longest(t.d, probe.Resolve); ok {
		t.gauge(metrics.ProbeDNS, d.Seconds())
	}
	if version := t.distinct(ipVersion); len(version) == 1 {
		n, _ := strconv.Atoi(version[0])
		t.gauge(metrics.ProbeIP, float64(n))
	}
	for _, version := range t.distinct(tlsVersion) {
		t.gauge(metrics.ProbeTLSVersion, 1, "version", version)
	}
	if first, ok := t.firstExpiry(); ok {
		t.gauge(metrics.ProbeCertExpiry, float64(first.Unix()))
		t.gauge(metrics.DaysLeft, first.Sub(now).Hours()/24)
	}
}

// distinct returns what the endpoints say, each once and in order; nothing is
// left out.
func (t target) distinct(say func(*document.Endpoint) string) []string {
	var all []string
	for i := range t.d.Endpoints {
		all = append(all, say(&t.d.Endpoints[i]))
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(s string) bool { return s == "" })
}

func tlsVersion(e *document.Endpoint) string { return string(e.Used().TLSVersion) }

// ipVersion is that by which an endpoint was reached; empty: it was not.
func ipVersion(e *document.Endpoint) string {
	a, err := netip.ParseAddr(string(e.Used().Address))
	switch {
	case err != nil || e.Phase(probe.Connect).Status != document.OK:
		return ""
	case a.Unmap().Is4():
		return "4"
	}
	return "6"
}

// firstExpiry is when the first certificate of any chain ends.
func (t target) firstExpiry() (first time.Time, ok bool) {
	for i := range t.d.Endpoints {
		tls := t.d.Endpoints[i].TLS
		if tls == nil {
			continue
		}
		for _, c := range tls.Chain {
			if !ok || c.NotAfter.Before(first) {
				first, ok = c.NotAfter, true
			}
		}
	}
	return first, ok
}

// changes counts what changed since the baseline.
func (t target) changes() int {
	n := 0
	for _, f := range t.every() {
		if strings.HasPrefix(string(f.Code), "drift.") && f.Code != "drift.no_baseline" {
			n++
		}
	}
	return n
}

// every returns all findings, and what is not as the suite expects.
func (t target) every() []document.Finding {
	all := slices.Clone(t.d.Findings)
	for i := range t.d.Endpoints {
		all = append(all, t.d.Endpoints[i].Findings...)
	}
	return all
}

func (t target) findings() {
	all := append(t.every(), t.r.held...)
	if t.d.Case != nil {
		for _, u := range t.d.Unmet {
			if strings.HasPrefix(string(u.Code), "suite.") { // the others are among the findings
				all = append(all, u.Finding)
			}
		}
	}
	t.series.findings(all...)
}

// findings adds what was found, the worst first; what differs by its words
// alone is one.
func (s *series) findings(all ...document.Finding) {
	light := func(f document.Finding) int {
		return slices.Index([]document.Text{document.Text(finding.Error), document.Text(finding.Warning), document.Text(finding.Info)}, f.Severity)
	}
	slices.SortStableFunc(all, func(a, b document.Finding) int {
		return cmp.Or(cmp.Compare(light(a), light(b)), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Blame, b.Blame))
	})
	all = slices.CompactFunc(all, func(a, b document.Finding) bool {
		return a.Code == b.Code && a.Severity == b.Severity && a.Blame == b.Blame
	})
	for _, f := range all {
		s.gauge(metrics.Finding, 1, "code", string(f.Code), "severity", string(f.Severity), "blame", string(f.Blame))
	}
}

// settings says of each setting that was judged whether it works.
func (t target) settings() {
	for i, labels := range t.labels() {
		if v := t.d.Endpoints[i].Verdict; v == document.Works || v == document.Fails {
			t.gauge(metrics.Success, truth(v == document.Works), labels...)
		}
	}
}

// certificates says when the certificate of each server ends.
func (t target) certificates() {
	for i, labels := range t.labels() {
		if c := t.d.Endpoints[i].Used().Certificate; c != nil {
			t.gauge(metrics.CertExpiry, float64(c.NotAfter.Unix()), labels...)
		}
	}
}

// labels name each endpoint, no two alike. A host that a domain publishes is
// the word of somebody else, and is not named.
func (t target) labels() [][]string {
	seen := map[string]int{}
	var all [][]string
	for _, e := range t.d.Endpoints {
		name := e.Server.Endpoint().String()
		if t.o.Published {
			name = fmt.Sprintf("%s:%d (%s)", e.Protocol, e.Port, e.Security)
		}
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s #%d", name, seen[name])
		}
		all = append(all, []string{"protocol", string(e.Protocol), "port", strconv.Itoa(int(e.Port)), "security", string(e.Security), "server", name})
	}
	return all
}
